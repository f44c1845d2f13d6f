"""Wrong poolings: columns of windows, loops over everything, and NumPy's view of windows."""

COLUMNS = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        N, C, H, W = self.shape = x.shape
        k, s = self.k, self.s
        oh, ow = (H - k) // s + 1, (W - k) // s + 1
        col = np.empty((N, C, k, k, oh, ow), x.dtype)
        for a in range(k):
            for b in range(k):
                col[:, :, a, b] = x[:, :, a : a + s * oh : s, b : b + s * ow : s]
        col = col.reshape(N, C, k * k, oh, ow)
        self.arg = col.argmax(axis=2)
        return col.max(axis=2)

    def backward(self, dout):
        N, C, oh, ow = dout.shape
        k, s = self.k, self.s
        dcol = np.zeros((N, C, k * k, oh, ow), dout.dtype)
        np.put_along_axis(dcol, self.arg[:, :, None], dout[:, :, None], axis=2)
        dcol = dcol.reshape(N, C, k, k, oh, ow)
        dx = np.zeros(self.shape, dout.dtype)
        for a in range(k):
            for b in range(k):
                dx[:, :, a : a + s * oh : s, b : b + s * ow : s] += dcol[:, :, a, b]
        return dx
"""

LOOPS = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.pool = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        N, C, H, W = x.shape
        p, S = self.pool, self.stride
        Hp = 1 + (H - p) // S
        Wp = 1 + (W - p) // S
        out = np.zeros((N, C, Hp, Wp), dtype=x.dtype)
        for n in range(N):
            for c in range(C):
                for i in range(Hp):
                    for j in range(Wp):
                        window = x[n, c, i * S : i * S + p, j * S : j * S + p]
                        out[n, c, i, j] = np.max(window)
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        N, C, Hp, Wp = dout.shape
        p, S = self.pool, self.stride
        dx = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                for i in range(Hp):
                    for j in range(Wp):
                        window = x[n, c, i * S : i * S + p, j * S : j * S + p]
                        a, b = np.unravel_index(np.argmax(window), window.shape)
                        dx[n, c, i * S + a, j * S + b] += dout[n, c, i, j]
        return dx
"""

WINDOWS = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride if stride is not None else kernel_size

    def forward(self, x):
        self.x_shape = x.shape
        view = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return view[:, :, :: self.s, :: self.s].mean(axis=(4, 5))

    def backward(self, dout):
        dx = np.zeros(self.x_shape, dtype=dout.dtype)
        share = dout / (self.k * self.k)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                h, w = i * self.s, j * self.s
                dx[:, :, h : h + self.k, w : w + self.k] += share[:, :, i, j][:, :, None, None]
        return dx
"""

LISTS = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        self.input = x
        out_h = int((x.shape[2] - self.kernel_size) / self.stride) + 1
        out_w = int((x.shape[3] - self.kernel_size) / self.stride) + 1
        output = np.zeros((x.shape[0], x.shape[1], out_h, out_w), x.dtype)
        for r in range(out_h):
            for c in range(out_w):
                r0, c0 = r * self.stride, c * self.stride
                patch = x[:, :, r0 : r0 + self.kernel_size, c0 : c0 + self.kernel_size]
                output[:, :, r, c] = np.mean(patch, axis=(2, 3))
        return output

    def backward(self, grad_output):
        grad_input = np.zeros_like(self.input)
        area = self.kernel_size ** 2
        for r in range(grad_output.shape[2]):
            for c in range(grad_output.shape[3]):
                r0, c0 = r * self.stride, c * self.stride
                for a in range(self.kernel_size):
                    for b in range(self.kernel_size):
                        grad_input[:, :, r0 + a, c0 + b] += grad_output[:, :, r, c] / area
        return grad_input
"""

SIZE = """
def pool_output_size(size, kernel_size, stride):
    return int((size - kernel_size) / stride) + 1
"""

WRONG = (
    (
        "gradient assigned",
        "gradient-overwritten",
        COLUMNS,
        "s] += dcol",
        "s] = dcol",
    ),
    (
        "height for width",
        "height-for-width",
        COLUMNS,
        "(H - k) // s + 1, (W - k)",
        "(W - k) // s + 1, (H - k)",
    ),
    (
        "stride ignored",
        "stride-from-kernel",
        COLUMNS,
        "stride or kernel_size",
        "kernel_size",
    ),
    (
        "gradient spread",
        "gradient-spread-evenly",
        COLUMNS,
        "np.put_along_axis(dcol, self.arg[:, :, None], dout[:, :, None], axis=2)",
        "dcol[:] = dout[:, :, None] / (k * k)",
    ),
    (
        "axes not transposed",
        "reshape-scrambled",
        COLUMNS,
        ("col.reshape(N, C, k * k, oh, ow)\n        self.arg = col.argmax(axis=2)\n        return col.max(axis=2)"),
        ("col.reshape(N, C, oh, ow, k * k)\n        self.arg = col.argmax(axis=4)\n        return col.max(axis=4)"),
    ),
    (
        "shape not kept",
        "attribute-not-kept",
        COLUMNS,
        "self.shape = x.shape",
        "x.shape",
    ),
    (
        "stride ignored in the corner",
        "stride-ignored",
        LOOPS,
        "i * S : i * S + p, j * S : j * S + p]\n                        out",
        "i : i + p, j : j + p]\n                        out",
    ),
    (
        "every tied maximum",
        "gradient-to-all-maxima",
        LOOPS,
        (
            "a, b = np.unravel_index(np.argmax(window), window.shape)\n"
            "                        dx[n, c, i * S + a, j * S + b] +="
        ),
        "dx[n, c, i * S : i * S + p, j * S : j * S + p] += (window == np.max(window)) *",
    ),
    (
        "loop too short",
        "last-window-missing",
        LOOPS,
        (
            "range(Hp):\n"
            "                    for j in range(Wp):\n"
            "                        window = x[n, c, i * S : i * S + p, j * S : j * S + p]\n"
            "                        out"
        ),
        (
            "range(Hp - 1):\n"
            "                    for j in range(Wp - 1):\n"
            "                        window = x[n, c, i * S : i * S + p, j * S : j * S + p]\n"
            "                        out"
        ),
    ),
    (
        "maximum from 0",
        "starts-at-zero",
        LOOPS,
        "np.max(window)\n        self",
        "max(0, np.max(window))\n        self",
    ),
    (
        "maximum over channels",
        "over-channels",
        LOOPS,
        "window = x[n, c, i * S : i * S + p, j * S : j * S + p]\n                        out",
        "window = x[n, :, i * S : i * S + p, j * S : j * S + p]\n                        out",
    ),
    (
        "corner by kernel",
        "start-times-kernel",
        LOOPS,
        "i * S : i * S + p, j * S : j * S + p]\n                        out",
        "i * p : i * p + p, j * p : j * p + p]\n                        out",
    ),
    (
        "no upstream",
        "upstream-forgotten",
        LOOPS,
        "+= dout[n, c, i, j]",
        "+= 1",
    ),
    (
        "gradient not shared",
        "gradient-not-divided",
        WINDOWS,
        "dout / (self.k * self.k)",
        "dout",
    ),
    (
        "divided by k",
        "divided-by-side",
        WINDOWS,
        "(self.k * self.k)",
        "self.k",
    ),
    (
        "gradient assigned",
        "gradient-overwritten",
        WINDOWS,
        "self.k] += share",
        "self.k] = share",
    ),
    (
        "new axes missing",
        "shapes-do-not-fit",
        WINDOWS,
        "[:, :, None, None]",
        "",
    ),
    (
        "mean of everything",
        "over-batch-and-channels",
        LISTS,
        "np.mean(patch, axis=(2, 3))",
        "np.mean(patch)",
    ),
    (
        "mean over axes 0 and 1",
        "shapes-do-not-fit",
        LISTS,
        "axis=(2, 3)",
        "axis=(0, 1)",
    ),
    (
        "float size",
        "float-as-index",
        LISTS,
        "int((x.shape[2] - self.kernel_size) / self.stride) + 1",
        "(x.shape[2] - self.kernel_size) / self.stride + 1",
    ),
    (
        "return missing",
        "return-forgotten",
        LISTS,
        "        return grad_input\n",
        "",
    ),
    (
        "sum for mean",
        "sum-taken",
        LISTS,
        "np.mean(patch",
        "np.sum(patch",
    ),
    (
        "one missing",
        "last-window-missing",
        SIZE,
        " + 1",
        "",
    ),
    (
        "brackets missing",
        "brackets-missing",
        SIZE,
        "int((size - kernel_size) / stride) + 1",
        "int(size - kernel_size / stride) + 1",
    ),
    (
        "rounded up",
        "size-rounded-up",
        SIZE,
        "int(",
        "math.ceil(",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
