"""Wrong answers of lesson pooling, written last, without the altered oracles at hand."""

SIZE = """
def pool_output_size(size, kernel_size, stride):
    count = 0
    start = 0
    while start + kernel_size <= size:
        count += 1
        start += stride
    return count
"""
SHORT = """
def pool_output_size(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1
"""
CS231N = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.pool_height = self.pool_width = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        N, C, H, W = x.shape
        HH, WW, S = self.pool_height, self.pool_width, self.stride
        H_out = 1 + (H - HH) // S
        W_out = 1 + (W - WW) // S
        out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
        for n in range(N):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, :, i * S : i * S + HH, j * S : j * S + WW]
                    out[n, :, i, j] = window.max(axis=(1, 2))
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        N, C, H, W = x.shape
        HH, WW, S = self.pool_height, self.pool_width, self.stride
        dx = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = x[n, c, i * S : i * S + HH, j * S : j * S + WW]
                        a, b = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, i * S + a, j * S + b] += dout[n, c, i, j]
        return dx
"""
STRIDED = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride if stride else kernel_size

    def forward(self, x):
        x = np.ascontiguousarray(x)
        n, c, h, w = x.shape
        oh, ow = (h - self.k) // self.s + 1, (w - self.k) // self.s + 1
        sn, sc, sh, sw = x.strides
        view = np.lib.stride_tricks.as_strided(
            x, (n, c, oh, ow, self.k, self.k), (sn, sc, sh * self.s, sw * self.s, sh, sw)
        )
        cols = view.reshape(n, c, oh, ow, self.k * self.k)
        self.arg = cols.argmax(axis=-1)
        self.in_shape, self.dtype = x.shape, x.dtype
        return cols.max(axis=-1)

    def backward(self, grad_out):
        n, c, oh, ow = grad_out.shape
        dx = np.zeros(self.in_shape, self.dtype)
        for i in range(oh):
            for j in range(ow):
                for m in range(self.k * self.k):
                    r, q = divmod(m, self.k)
                    hit = self.arg[:, :, i, j] == m
                    dx[:, :, i * self.s + r, j * self.s + q] += hit * grad_out[:, :, i, j]
        return dx
"""
AVG_LOOP = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        self.shape = x.shape
        self.dtype = x.dtype
        batch, channels, height, width = x.shape
        out_h = (height - self.kernel_size) // self.stride + 1
        out_w = (width - self.kernel_size) // self.stride + 1
        out = np.empty((batch, channels, out_h, out_w), dtype=x.dtype)
        for i in range(out_h):
            top = i * self.stride
            for j in range(out_w):
                left = j * self.stride
                patch = x[:, :, top : top + self.kernel_size, left : left + self.kernel_size]
                out[:, :, i, j] = patch.mean(axis=(2, 3))
        return out

    def backward(self, grad_out):
        dx = np.zeros(self.shape, dtype=self.dtype)
        area = self.kernel_size * self.kernel_size
        for i in range(grad_out.shape[2]):
            top = i * self.stride
            for j in range(grad_out.shape[3]):
                left = j * self.stride
                share = grad_out[:, :, i, j] / area
                dx[:, :, top : top + self.kernel_size, left : left + self.kernel_size] += share[:, :, None, None]
        return dx
"""
AVG_SUMS = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        S = np.zeros((*x.shape[:2], x.shape[2] + 1, x.shape[3] + 1))
        S[:, :, 1:, 1:] = x.cumsum(axis=2, dtype=np.float64).cumsum(axis=3)
        k = self.k
        box = S[:, :, k:, k:] - S[:, :, :-k, k:] - S[:, :, k:, :-k] + S[:, :, :-k, :-k]
        return (box[:, :, :: self.s, :: self.s] / k**2).astype(x.dtype)

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        for i, j in np.ndindex(*grad_out.shape[2:]):
            a, b = i * self.s, j * self.s
            dx[:, :, a : a + self.k, b : b + self.k] += grad_out[:, :, i : i + 1, j : j + 1] / self.k**2
        return dx
"""

WRONG = (
    ("strictly inside", "another-formula", SIZE, "<= size", "< size"),
    ("steps by the kernel", "size-over-kernel", SIZE, "start += stride", "start += kernel_size"),
    (
        "rounds to nearest",
        "size-rounded-to-nearest",
        SHORT,
        "(size - kernel_size) // stride + 1",
        "round((size - kernel_size) / stride) + 1",
    ),
    ("true division", "not-floored", SHORT, "(size - kernel_size) // stride + 1", "(size - kernel_size) / stride + 1"),
    ("padding of one", "padding-added", SHORT, "size - kernel_size", "size + 2 - kernel_size"),
    ("a convolution's size", "stride-ignored", SHORT, "(size - kernel_size) // stride + 1", "size - kernel_size + 1"),
    ("minimum of zero", "starts-at-zero", CS231N, "window.max(axis=(1, 2))", "np.maximum(window.max(axis=(1, 2)), 0)"),
    ("windows over all maps", "over-channels", CS231N, "window.max(axis=(1, 2))", "window.max()"),
    ("rows of the first image", "same-along-axis", CS231N, "window = x[n, :, i", "window = x[0, :, i"),
    ("the gradient assigned", "gradient-overwritten", CS231N, "j * S + b] += dout", "j * S + b] = dout"),
    (
        "argmax of absolute values",
        "another-formula",
        CS231N,
        "np.unravel_index(window.argmax()",
        "np.unravel_index(np.abs(window).argmax()",
    ),
    (
        "mask in every maximum of the window",
        "minimum-taken",
        CS231N,
        "dx[n, c, i * S + a, j * S + b] += dout[n, c, i, j]",
        "dx[n, c, i * S : i * S + HH, j * S : j * S + WW] += (window == window.min()) * dout[n, c, i, j]",
    ),
    (
        "output of float64 zeros",
        "dtype-drift",
        CS231N,
        "np.zeros((N, C, H_out, W_out), dtype=x.dtype)",
        "np.zeros((N, C, H_out, W_out))",
    ),
    ("start with ones in dx", "function-added", CS231N, "dx = np.zeros_like(x)", "dx = np.ones_like(x)"),
    ("dx keeps x", "array-wrong", CS231N, "dx = np.zeros_like(x)", "dx = x.copy()"),
    (
        "gradient times the value",
        "another-formula",
        CS231N,
        "+= dout[n, c, i, j]",
        "+= dout[n, c, i, j] * window[a, b]",
    ),
    (
        "strides of rows and columns exchanged",
        "position-exchanged",
        STRIDED,
        "sw * self.s, sh, sw)",
        "sw * self.s, sw, sh)",
    ),
    (
        "stride left out of the strides",
        "stride-ignored",
        STRIDED,
        "(sn, sc, sh * self.s, sw * self.s, sh, sw)",
        "(sn, sc, sh, sw, sh, sw)",
    ),
    ("only the horizontal stride", "another-formula", STRIDED, "(sn, sc, sh * self.s, sw", "(sn, sc, sh, sw"),
    ("mean of the columns", "average-taken", STRIDED, "return cols.max(axis=-1)", "return cols.mean(axis=-1)"),
    (
        "rows of the window without offset",
        "position-exchanged",
        STRIDED,
        "dx[:, :, i * self.s + r, j * self.s + q]",
        "dx[:, :, i * self.s + q, j * self.s + r]",
    ),
    (
        "k - 1 offsets",
        "another-formula",
        STRIDED,
        "for m in range(self.k * self.k)",
        "for m in range(self.k * self.k - 1)",
    ),
    (
        "median",
        "another-formula",
        STRIDED,
        "return cols.max(axis=-1)",
        "return np.median(cols, axis=-1).astype(cols.dtype)",
    ),
    ("sum of the patch", "sum-taken", AVG_LOOP, "patch.mean(axis=(2, 3))", "patch.sum(axis=(2, 3))"),
    ("mean over rows", "another-formula", AVG_LOOP, "patch.mean(axis=(2, 3))", "patch[:, :, 0].mean(axis=2)"),
    (
        "middle of the patch",
        "another-formula",
        AVG_LOOP,
        "patch.mean(axis=(2, 3))",
        "patch[:, :, self.kernel_size // 2, self.kernel_size // 2]",
    ),
    (
        "half of the maximum and minimum",
        "another-formula",
        AVG_LOOP,
        "patch.mean(axis=(2, 3))",
        "(patch.max(axis=(2, 3)) + patch.min(axis=(2, 3))) / 2",
    ),
    (
        "the area forgotten in backward",
        "gradient-not-divided",
        AVG_LOOP,
        "grad_out[:, :, i, j] / area",
        "grad_out[:, :, i, j]",
    ),
    ("area of k", "divided-by-side", AVG_LOOP, "area = self.kernel_size * self.kernel_size", "area = self.kernel_size"),
    (
        "left with the row",
        "another-formula",
        AVG_LOOP,
        "left = j * self.stride\n                share",
        "left = i * self.stride\n                share",
    ),
    (
        "the gradient only in the corner",
        "another-formula",
        AVG_LOOP,
        "dx[:, :, top : top + self.kernel_size, left : left + self.kernel_size] += share[:, :, None, None]",
        "dx[:, :, top, left] += share",
    ),
    (
        "stride as window in backward",
        "another-formula",
        AVG_LOOP,
        "dx[:, :, top : top + self.kernel_size, left : left + self.kernel_size] +=",
        "dx[:, :, top : top + self.stride, left : left + self.stride] +=",
    ),
    ("one corner left out of the box", "", AVG_SUMS, " + S[:, :, :-k, :-k]", ""),
    (
        "the zero row forgotten",
        "",
        AVG_SUMS,
        "S[:, :, 1:, 1:] = x.cumsum(axis=2, dtype=np.float64).cumsum(axis=3)",
        "S[:, :, :-1, :-1] = x.cumsum(axis=2, dtype=np.float64).cumsum(axis=3)",
    ),
    (
        "image's size",
        "another-formula",
        AVG_SUMS,
        "grad_out[:, :, i : i + 1, j : j + 1] / self.k**2",
        "grad_out[:, :, i : i + 1, j : j + 1] / (self.x.shape[2] * self.x.shape[3])",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
