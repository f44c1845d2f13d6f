"""Wrong answers of lesson pooling by an author who had not seen the checks."""

WRONG = (
    (
        "Rounds up, so an incomplete window at the edge is counted.",
        "size-rounded-up",
        """
def pool_output_size(size, kernel_size, stride):
    return int(np.ceil((size - kernel_size) / stride)) + 1
""",
    ),
    (
        "Forgets the + 1 for the first window.",
        "last-window-missing",
        '''
def pool_output_size(size: int, kernel_size: int, stride: int) -> int:
    """(W - F) / S"""
    out = (size - kernel_size) // stride
    return int(out)
''',
    ),
    (
        "Backward compares the window with its maximum, so tied maxima all get the whole gradient.",
        "gradient-to-all-maxima",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride if stride is not None else kernel_size

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        oh = (H - self.k) // self.s + 1
        ow = (W - self.k) // self.s + 1
        out = np.zeros((N, C, oh, ow), dtype=x.dtype)
        for i in range(oh):
            for j in range(ow):
                window = x[:, :, i*self.s:i*self.s+self.k, j*self.s:j*self.s+self.k]
                out[:, :, i, j] = window.max(axis=(2, 3))
        return out

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        N, C, oh, ow = grad_out.shape
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        h, w = i * self.s, j * self.s
                        window = self.x[n, c, h:h+self.k, w:w+self.k]
                        mask = (window == np.max(window))
                        dx[n, c, h:h+self.k, w:w+self.k] += mask * grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "Backward assigns instead of adding, so overlapping windows overwrite one another's gradient.",
        "gradient-overwritten",
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
        out = np.empty((n, c, oh, ow), dtype=x.dtype)
        self.argmax = np.empty((n, c, oh, ow), dtype=int)
        for i in range(oh):
            for j in range(ow):
                patch = x[:, :, i*s:i*s+k, j*s:j*s+k].reshape(n, c, -1)
                self.argmax[:, :, i, j] = patch.argmax(axis=2)
                out[:, :, i, j] = patch.max(axis=2)
        self.in_shape = x.shape
        self.dtype = x.dtype
        return out

    def backward(self, grad_out):
        k, s = self.kernel_size, self.stride
        dx = np.zeros(self.in_shape, dtype=self.dtype)
        n, c, oh, ow = grad_out.shape
        for b in range(n):
            for ch in range(c):
                for i in range(oh):
                    for j in range(ow):
                        r, q = divmod(self.argmax[b, ch, i, j], k)
                        dx[b, ch, i*s + r, j*s + q] = grad_out[b, ch, i, j]
        return dx
""",
    ),
    (
        "The window starts at i·kernel instead of i·stride, so a stride other than the kernel reads the wrong place.",
        "start-times-kernel",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        if stride is None:
            stride = kernel_size
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        H_out = 1 + (H - self.kernel_size) // self.stride
        W_out = 1 + (W - self.kernel_size) // self.stride
        out = np.zeros((N, C, H_out, W_out), x.dtype)
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        h0 = i * self.kernel_size
                        w0 = j * self.kernel_size
                        window = x[n, c, h0:h0+self.kernel_size, w0:w0+self.kernel_size]
                        if window.size:
                            out[n, c, i, j] = np.max(window)
        return out

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        N, C, H_out, W_out = grad_out.shape
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        h0 = i * self.kernel_size
                        w0 = j * self.kernel_size
                        window = self.x[n, c, h0:h0+self.kernel_size, w0:w0+self.kernel_size]
                        if window.size:
                            a, b = np.unravel_index(np.argmax(window), window.shape)
                            dx[n, c, h0 + a, w0 + b] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "Takes the row from idx % k and the column from idx // k, so the gradient goes to the transposed place of the window.",
        "position-exchanged",
        '''
class MaxPool2d(Layer):
    """Субдискретизация максимумом."""
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.F = kernel_size
        self.S = stride or kernel_size

    def forward(self, x):
        F, S = self.F, self.S
        T, M, H, W = x.shape
        Ho, Wo = (H - F)//S + 1, (W - F)//S + 1
        y = np.zeros((T, M, Ho, Wo), dtype=x.dtype)
        self.idx = np.zeros((T, M, Ho, Wo), dtype=np.int64)
        for i in range(Ho):
            for j in range(Wo):
                okno = x[:, :, S*i:S*i+F, S*j:S*j+F].reshape(T, M, F*F)
                y[:, :, i, j] = okno.max(-1)
                self.idx[:, :, i, j] = okno.argmax(-1)
        self.shape, self.dt = x.shape, x.dtype
        return y

    def backward(self, grad_out):
        F, S = self.F, self.S
        dx = np.zeros(self.shape, dtype=self.dt)
        T, M, Ho, Wo = grad_out.shape
        for t in range(T):
            for m in range(M):
                for i in range(Ho):
                    for j in range(Wo):
                        k = self.idx[t, m, i, j]
                        row = k % F      # строка внутри окна
                        col = k // F     # столбец внутри окна
                        dx[t, m, S*i + row, S*j + col] += grad_out[t, m, i, j]
        return dx
''',
    ),
    (
        "The running maximum starts at 0, so a window of negative numbers gives 0.",
        "starts-at-zero",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride else kernel_size

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        oh = (H - self.kernel_size) // self.stride + 1
        ow = (W - self.kernel_size) // self.stride + 1
        out = np.zeros((N, C, oh, ow), dtype=x.dtype)
        self.rows = np.zeros((N, C, oh, ow), dtype=int)
        self.cols = np.zeros((N, C, oh, ow), dtype=int)
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        best = 0
                        for a in range(self.kernel_size):
                            for b in range(self.kernel_size):
                                v = x[n, c, i*self.stride + a, j*self.stride + b]
                                if v > best:
                                    best = v
                                    self.rows[n, c, i, j] = a
                                    self.cols[n, c, i, j] = b
                        out[n, c, i, j] = best
        return out

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        N, C, oh, ow = grad_out.shape
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        dx[n, c, i*self.stride + self.rows[n, c, i, j],
                           j*self.stride + self.cols[n, c, i, j]] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "The output width is computed from the height, right only for square inputs.",
        "height-for-width",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        k, s = self.k, self.s
        size = (x.shape[2] - k) // s + 1
        self.size = size
        view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::s, ::s]
        out = np.zeros((x.shape[0], x.shape[1], size, size), dtype=x.dtype)
        for i in range(size):
            for j in range(size):
                out[:, :, i, j] = view[:, :, i, j].max(axis=(-2, -1))
        return out

    def backward(self, grad_out):
        k, s = self.k, self.s
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for n in range(self.x.shape[0]):
            for c in range(self.x.shape[1]):
                for i in range(self.size):
                    for j in range(self.size):
                        w = self.x[n, c, i*s:i*s+k, j*s:j*s+k]
                        p = np.argmax(w)
                        dx[n, c, i*s + p // k, j*s + p % k] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "Two mistakes: divides by stride² instead of by the number of elements in the window, and backward assigns instead of adding.",
        "factor-wrong",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        self.shape = x.shape
        self.dtype = x.dtype
        N, C, H, W = x.shape
        oh = (H - k) // s + 1
        ow = (W - k) // s + 1
        out = np.zeros((N, C, oh, ow), dtype=x.dtype)
        for i in range(oh):
            for j in range(ow):
                out[:, :, i, j] = np.sum(x[:, :, i*s:i*s+k, j*s:j*s+k], axis=(2, 3)) / (s * s)
        return out

    def backward(self, grad_out):
        k, s = self.kernel_size, self.stride
        dx = np.zeros(self.shape, dtype=self.dtype)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                dx[:, :, i*s:i*s+k, j*s:j*s+k] = grad_out[:, :, i:i+1, j:j+1] / (s * s)
        return dx
""",
    ),
    (
        "Backward spreads the gradient over the window without dividing by k².",
        "gradient-not-divided",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k = kernel_size
        self.s = stride if stride is not None else kernel_size

    def forward(self, x):
        self.x = x
        w = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return w[:, :, ::self.s, ::self.s].mean(axis=(4, 5))

    def backward(self, grad_out):
        grad_in = np.zeros_like(self.x)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                grad_in[:, :, i*self.s:i*self.s+self.k, j*self.s:j*self.s+self.k] += grad_out[:, :, i, j][:, :, None, None]
        return grad_in
""",
    ),
    (
        "Backward repeats the gradient k times on each axis and crops, which ignores the stride (right only for stride = kernel).",
        "stride-from-kernel",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        self.x_shape = x.shape
        self.x_dtype = x.dtype
        k, s = self.kernel_size, self.stride
        rows = []
        for i in range(0, x.shape[2] - k + 1, s):
            row = []
            for j in range(0, x.shape[3] - k + 1, s):
                row.append(x[:, :, i:i+k, j:j+k].mean(axis=(2, 3)))
            rows.append(np.stack(row, axis=-1))
        return np.stack(rows, axis=-2)

    def backward(self, grad_out):
        k = self.kernel_size
        big = np.repeat(np.repeat(grad_out, k, axis=2), k, axis=3) / k**2
        dx = np.zeros(self.x_shape, dtype=self.x_dtype)
        h = min(big.shape[2], dx.shape[2])
        w = min(big.shape[3], dx.shape[3])
        dx[:, :, :h, :w] = big[:, :, :h, :w]
        return dx
""",
    ),
    (
        "Keeps the incomplete windows at the edge (a ceil mode): range up to H and W.",
        "size-rounded-up",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        if stride is None:
            self.stride = kernel_size
        else:
            self.stride = stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        self.hs = list(range(0, H, self.stride))
        self.ws = list(range(0, W, self.stride))
        out = np.zeros((N, C, len(self.hs), len(self.ws)), dtype=x.dtype)
        for i, h in enumerate(self.hs):
            for j, w in enumerate(self.ws):
                out[:, :, i, j] = x[:, :, h:h+self.kernel_size, w:w+self.kernel_size].mean(axis=(2, 3))
        return out

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        for i, h in enumerate(self.hs):
            for j, w in enumerate(self.ws):
                window = dx[:, :, h:h+self.kernel_size, w:w+self.kernel_size]
                window += grad_out[:, :, i:i+1, j:j+1] / (window.shape[2] * window.shape[3])
        return dx
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
