"""Right answers of lesson pooling in unusual styles."""

RIGHT = (
    (
        "Counts the window starts with len(range(...)).",
        """
def pool_output_size(size, kernel_size, stride):
    return len(range(0, size - kernel_size + 1, stride))
""",
    ),
    (
        "Recursion: one window plus the windows in what remains.",
        """
def pool_output_size(size, kernel_size, stride):
    if size < kernel_size:
        return 0
    count = 0
    rest = size
    while rest >= kernel_size:
        count += 1
        rest -= stride
    return count
""",
    ),
    (
        "sliding_window_view for the maximum and np.add.at for the gradient.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = int(kernel_size)
        self.s = int(kernel_size if stride is None else stride)

    def forward(self, x):
        k, s = self.k, self.s
        v = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::s, ::s]
        v = v.reshape(*v.shape[:4], k * k)
        self.where = v.argmax(axis=-1)
        self.meta = x.shape, x.dtype
        return np.take_along_axis(v, self.where[..., None], axis=-1)[..., 0]

    def backward(self, grad_out):
        shape, dtype = self.meta
        n, c, i, j = np.indices(grad_out.shape)
        a, b = np.divmod(self.where, self.k)
        dx = np.zeros(shape, dtype)
        np.add.at(dx, (n, c, i * self.s + a, j * self.s + b), grad_out)
        return dx
""",
    ),
    (
        "Keeps only x in forward and finds the maxima again in backward, with loops over everything.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def _starts(self, size):
        return range(0, size - self.kernel_size + 1, self.stride)

    def forward(self, x):
        self.x = x
        k = self.kernel_size
        rows, cols = self._starts(x.shape[2]), self._starts(x.shape[3])
        return np.array([[[[x[n, c, h:h+k, w:w+k].max() for w in cols] for h in rows]
                          for c in range(x.shape[1])] for n in range(x.shape[0])], dtype=x.dtype)

    def backward(self, grad_out):
        k = self.kernel_size
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for n in range(self.x.shape[0]):
            for c in range(self.x.shape[1]):
                for i, h in enumerate(self._starts(self.x.shape[2])):
                    for j, w in enumerate(self._starts(self.x.shape[3])):
                        window = self.x[n, c, h:h+k, w:w+k]
                        p = np.argwhere(window == window.max())[-1]
                        dx[n, c, h + p[0], w + p[1]] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "Loops over the k² offsets, not over the windows: a running np.maximum of strided slices.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size

    def _slices(self):
        oh, ow = self.out_hw
        for a in range(self.k):
            for b in range(self.k):
                yield (slice(None), slice(None),
                       slice(a, a + self.s * (oh - 1) + 1, self.s),
                       slice(b, b + self.s * (ow - 1) + 1, self.s))

    def forward(self, x):
        self.out_hw = tuple((d - self.k) // self.s + 1 for d in x.shape[2:])
        self.x = x
        best = None
        for sl in self._slices():
            piece = x[sl]
            best = piece.copy() if best is None else np.maximum(best, piece)
        self.best = best.copy()
        return best

    def backward(self, grad_out):
        dx = np.zeros_like(self.x, order="C", subok=False)
        left = np.ones(grad_out.shape, dtype=bool)
        for sl in self._slices():
            hit = left & (self.x[sl] == self.best)
            dx[sl] += hit * grad_out
            left &= ~hit
        return dx
""",
    ),
    (
        "Flat indices and np.bincount with weights.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        n, c, h, w = x.shape
        k, s = self.kernel_size, self.stride
        oh, ow = (h - k) // s + 1, (w - k) // s + 1
        r = np.arange(oh)[:, None, None, None] * s + np.arange(k)[None, None, :, None]
        q = np.arange(ow)[None, :, None, None] * s + np.arange(k)[None, None, None, :]
        flat = (r * w + q).reshape(oh, ow, k * k)
        planes = x.reshape(n * c, h * w)
        windows = planes[:, flat]
        arg = windows.argmax(axis=-1)
        chosen = flat[np.arange(oh)[:, None], np.arange(ow)[None, :], arg]
        self.index = chosen + (np.arange(n * c) * h * w)[:, None, None]
        self.shape, self.dtype = x.shape, x.dtype
        return windows.max(axis=-1).reshape(n, c, oh, ow)

    def backward(self, grad_out):
        total = np.bincount(self.index.ravel(), weights=grad_out.reshape(-1).astype(np.float64),
                            minlength=int(np.prod(self.shape)))
        return total.reshape(self.shape).astype(self.dtype)
""",
    ),
    (
        "Maximum first along the rows, then along the columns, each with its own argmax (separable pooling).",
        """
def _pool_axis(x, k, s):
    # максимум вдоль последней оси; возвращает значения и номера позиций
    m = (x.shape[-1] - k) // s + 1
    cols = [x[..., j*s:j*s+k] for j in range(m)]
    arg = np.stack([c.argmax(-1) + j*s for j, c in enumerate(cols)], axis=-1)
    val = np.stack([c.max(-1) for c in cols], axis=-1)
    return val, arg

def _unpool_axis(g, arg, size):
    out = np.zeros(g.shape[:-1] + (size,), dtype=g.dtype)
    for j in range(g.shape[-1]):
        old = np.take_along_axis(out, arg[..., j:j+1], axis=-1)
        np.put_along_axis(out, arg[..., j:j+1], old + g[..., j:j+1], axis=-1)
    return out

class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, (kernel_size if stride is None else stride)

    def forward(self, x):
        self.hw = x.shape[2:]
        y, self.arg_w = _pool_axis(x, self.k, self.s)
        z, self.arg_h = _pool_axis(y.swapaxes(2, 3), self.k, self.s)
        return z.swapaxes(2, 3)

    def backward(self, grad_out):
        g = _unpool_axis(grad_out.swapaxes(2, 3), self.arg_h, self.hw[0]).swapaxes(2, 3)
        return _unpool_axis(g, self.arg_w, self.hw[1])
""",
    ),
    (
        "as_strided windows, the result kept in Fortran order, the gradient through ravel and unravel_index.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def forward(self, x):
        x = np.asarray(x)
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        oh, ow = 1 + (H - k) // s, 1 + (W - k) // s
        sn, sc, sh, sw = x.strides
        win = np.lib.stride_tricks.as_strided(
            x, (N, C, oh, ow, k, k), (sn, sc, sh * s, sw * s, sh, sw), writeable=False)
        self.pos = win.reshape(N, C, oh, ow, -1).argmax(-1)
        self.src = (x.shape, x.dtype)
        return np.asfortranarray(win.max(axis=(-2, -1)))

    def backward(self, grad_out):
        shape, dtype = self.src
        dx = np.zeros(shape, dtype=dtype, order="F")
        k, s = self.kernel_size, self.stride
        for (n, c, i, j), p in np.ndenumerate(self.pos):
            a, b = np.unravel_index(p, (k, k))
            dx[n, c, s * i + a, s * j + b] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "The backward pass is a closure made in forward.",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.size = kernel_size
        self.step = kernel_size if stride is None else stride

    def forward(self, x):
        k, s = self.size, self.step
        N, C, H, W = x.shape
        out = np.full((N, C, (H - k) // s + 1, (W - k) // s + 1), -np.inf, dtype=x.dtype)
        tasks = []
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                w = x[:, :, i*s:i*s+k, j*s:j*s+k]
                m = w.max(axis=(2, 3), keepdims=True)
                out[:, :, i, j] = m[:, :, 0, 0]
                ties = (w == m).reshape(N, C, -1)
                first = np.zeros(ties.shape, dtype=np.int8)
                np.put_along_axis(first, ties.argmax(-1)[..., None], 1, axis=-1)
                tasks.append((i, j, first.reshape(w.shape)))

        def back(g):
            dx = np.zeros((N, C, H, W), dtype=x.dtype)
            for i, j, one in tasks:
                dx[:, :, i*s:i*s+k, j*s:j*s+k] += one * g[:, :, i, j][..., None, None]
            return dx

        self._back = back
        return out

    def backward(self, grad_out):
        return self._back(grad_out)
""",
    ),
    (
        "Average pooling as two matrix products with band matrices, P_h x P_wᵀ.",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride if stride is not None else kernel_size

    def _band(self, size, dtype):
        rows = (size - self.k) // self.s + 1
        P = np.zeros((rows, size), dtype=dtype)
        for i in range(rows):
            P[i, i*self.s:i*self.s+self.k] = 1 / self.k
        return P

    def forward(self, x):
        self.ph = self._band(x.shape[2], x.dtype)
        self.pw = self._band(x.shape[3], x.dtype)
        return self.ph @ x @ self.pw.T

    def backward(self, grad_out):
        return self.ph.T @ grad_out @ self.pw
""",
    ),
    (
        "A summed-area table (double cumsum in float64) for forward; backward adds k² strided slices.",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        self.like = np.empty(x.shape, x.dtype)
        t = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(2).cumsum(3)
        box = t[:, :, k:, k:] - t[:, :, :-k, k:] - t[:, :, k:, :-k] + t[:, :, :-k, :-k]
        return (box[:, :, ::s, ::s] / k**2).astype(x.dtype)

    def backward(self, grad_out):
        k, s = self.kernel_size, self.stride
        dx = np.zeros_like(self.like)
        oh, ow = grad_out.shape[2:]
        share = grad_out / (k * k)
        for a in range(k):
            for b in range(k):
                dx[:, :, a:a + (oh - 1)*s + 1:s, b:b + (ow - 1)*s + 1:s] += share
        return dx
""",
    ),
    (
        "einsum with 0/1 tables of which pixel belongs to which window.",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def table(self, size):
        start = np.arange(0, size - self.kernel_size + 1, self.stride)[:, None]
        pixel = np.arange(size)[None, :]
        return ((pixel >= start) & (pixel < start + self.kernel_size)).astype(int)

    def forward(self, x):
        self.th, self.tw = map(self.table, x.shape[2:])
        self.dtype = x.dtype
        y = np.einsum("ih,jw,nchw->ncij", self.th, self.tw, x)
        y = y / self.kernel_size ** 2
        return y.astype(self.dtype)

    def backward(self, grad_out):
        g = np.einsum("ih,jw,ncij->nchw", self.th, self.tw, grad_out, optimize=True)
        return np.divide(g, self.kernel_size ** 2).astype(self.dtype)
""",
    ),
    (
        "np.add.reduceat over pairs of indices along each axis.",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def _sums(self, x, axis):
        n = (x.shape[axis] - self.k) // self.s + 1
        pairs = np.stack([np.arange(n) * self.s, np.arange(n) * self.s + self.k], axis=1).ravel()
        pad = [(0, 0)] * x.ndim
        pad[axis] = (0, 1)
        sums = np.add.reduceat(np.pad(x, pad), pairs, axis=axis)
        keep = [slice(None)] * x.ndim
        keep[axis] = slice(0, None, 2)
        return sums[tuple(keep)]

    def forward(self, x):
        self.in_shape, self.in_dtype = x.shape, x.dtype
        return self._sums(self._sums(x, 2), 3) / x.dtype.type(self.k * self.k)

    def backward(self, grad_out):
        k, s = self.k, self.s
        dx = np.zeros(self.in_shape, self.in_dtype)
        for n, c, i, j in np.ndindex(*grad_out.shape):
            dx[n, c, i*s:i*s+k, j*s:j*s+k] += grad_out[n, c, i, j] / k / k
        return dx
""",
    ),
    (
        "Backward adds into a writable sliding_window_view of dx, sample by sample.",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride if stride else kernel_size

    def forward(self, x):
        self.shape = x.shape
        self.kind = x.dtype
        out = []
        for sample in x:
            maps = []
            for m in sample:
                v = np.lib.stride_tricks.sliding_window_view(m, (self.k, self.k))[::self.s, ::self.s]
                maps.append(np.mean(v, axis=(2, 3)))
            out.append(np.stack(maps))
        return np.stack(out)

    def backward(self, grad_out):
        dx = np.zeros(self.shape, self.kind)
        v = np.lib.stride_tricks.sliding_window_view(dx, (self.k, self.k), axis=(2, 3), writeable=True)[:, :, ::self.s, ::self.s]
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                v[:, :, i, j] += (grad_out[:, :, i, j] / self.k ** 2)[:, :, None, None]
        return dx
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
