"""Wrong answers of lesson pooling, written before the names of this room were known."""

COUNT = """
def pool_output_size(size, kernel_size, stride):
    return len(range(0, size - kernel_size + 1, stride))
"""
CEIL = """
def pool_output_size(size, kernel_size, stride):
    return int(np.floor((size - kernel_size) / stride)) + 1
"""
SLICES = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.pool = kernel_size
        self.stride = kernel_size if stride is None else stride

    def offsets(self):
        return [(u, v) for u in range(self.pool) for v in range(self.pool)]

    def part(self, x, u, v):
        rows = slice(u, u + self.stride * (self.oh - 1) + 1, self.stride)
        cols = slice(v, v + self.stride * (self.ow - 1) + 1, self.stride)
        return x[:, :, rows, cols]

    def forward(self, x):
        self.x = x
        self.oh = (x.shape[2] - self.pool) // self.stride + 1
        self.ow = (x.shape[3] - self.pool) // self.stride + 1
        stack = np.stack([self.part(x, u, v) for u, v in self.offsets()])
        self.winner = stack.argmax(axis=0)
        return stack.max(axis=0)

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        for index, (u, v) in enumerate(self.offsets()):
            self.part(dx, u, v)[...] += (self.winner == index) * grad_out
        return dx
"""
IM2COL = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.F = kernel_size
        self.S = stride or kernel_size

    def indices(self, H, W):
        H_out = (H - self.F) // self.S + 1
        W_out = (W - self.F) // self.S + 1
        i0 = np.repeat(np.arange(self.F), self.F)
        i1 = self.S * np.repeat(np.arange(H_out), W_out)
        j0 = np.tile(np.arange(self.F), self.F)
        j1 = self.S * np.tile(np.arange(W_out), H_out)
        i = i0.reshape(-1, 1) + i1.reshape(1, -1)
        j = j0.reshape(-1, 1) + j1.reshape(1, -1)
        return i, j, H_out, W_out

    def forward(self, X):
        n, d, h, w = X.shape
        i, j, h_out, w_out = self.indices(h, w)
        X_reshaped = X.reshape(n * d, h, w)
        X_col = X_reshaped[:, i, j]
        self.max_idx = np.argmax(X_col, axis=1)
        self.X_shape, self.X_dtype = X.shape, X.dtype
        out = X_col.max(axis=1)
        return out.reshape(n, d, h_out, w_out)

    def backward(self, dout):
        n, d, h, w = self.X_shape
        i, j, h_out, w_out = self.indices(h, w)
        dout_flat = dout.reshape(n * d, -1)
        dX = np.zeros((n * d, h, w), dtype=self.X_dtype)
        places = np.arange(h_out * w_out)
        rows = i[self.max_idx, places]
        cols = j[self.max_idx, places]
        np.add.at(dX, (np.arange(n * d)[:, None], rows, cols), dout_flat)
        return dX.reshape(self.X_shape)
"""
D2L = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.p_h = self.p_w = kernel_size
        self.stride = stride or kernel_size

    def forward(self, X):
        s = self.stride
        Y = np.zeros((X.shape[0], X.shape[1], (X.shape[2] - self.p_h) // s + 1, (X.shape[3] - self.p_w) // s + 1))
        for i in range(Y.shape[2]):
            for j in range(Y.shape[3]):
                Y[:, :, i, j] = X[:, :, i * s : i * s + self.p_h, j * s : j * s + self.p_w].mean(axis=(2, 3))
        self.X = X
        return Y.astype(X.dtype)

    def backward(self, dY):
        s = self.stride
        dX = np.zeros_like(self.X)
        for n in range(dY.shape[0]):
            for c in range(dY.shape[1]):
                for i in range(dY.shape[2]):
                    for j in range(dY.shape[3]):
                        ones = np.ones((self.p_h, self.p_w)) / (self.p_h * self.p_w)
                        dX[n, c, i * s : i * s + self.p_h, j * s : j * s + self.p_w] += dY[n, c, i, j] * ones
        return dX
"""
BOXES = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size

    def matrix(self, size):
        count = (size - self.k) // self.s + 1
        m = np.zeros((count, size))
        for r in range(count):
            m[r, r * self.s : r * self.s + self.k] = 1 / self.k
        return m

    def forward(self, x):
        self.dtype = x.dtype
        self.rows = self.matrix(x.shape[2])
        self.cols = self.matrix(x.shape[3])
        return (self.rows @ x @ self.cols.T).astype(x.dtype)

    def backward(self, g):
        return (self.rows.T @ g @ self.cols).astype(self.dtype)
"""

WRONG = (
    ("the last window start", "another-formula", COUNT, "size - kernel_size + 1, stride", "size - kernel_size, stride"),
    ("every start inside the image", "size-rounded-up", COUNT, "size - kernel_size + 1, stride", "size, stride"),
    (
        "no windows' width in the stride",
        "kernel-and-stride-swapped",
        COUNT,
        "size - kernel_size + 1, stride",
        "size - stride + 1, kernel_size",
    ),
    ("ceil in place of floor", "size-rounded-up", CEIL, "np.floor", "np.ceil"),
    (
        "floor over the whole",
        "plus-one-inside",
        CEIL,
        "int(np.floor((size - kernel_size) / stride)) + 1",
        "int(np.floor((size - kernel_size + 1) / stride))",
    ),
    (
        "padding half the kernel",
        "padding-added",
        CEIL,
        "size - kernel_size",
        "size + 2 * (kernel_size // 2) - kernel_size",
    ),
    (
        "the last place of the window left out",
        "another-formula",
        SLICES,
        "stack = np.stack([self.part(x, u, v) for u, v in self.offsets()])",
        "stack = np.stack([self.part(x, u, v) for u, v in self.offsets()[:-1]])",
    ),
    (
        "the last winner, too",
        "another-formula",
        SLICES,
        "(self.winner == index) * grad_out",
        "(self.winner >= index) * grad_out",
    ),
    (
        "assigned in the slices",
        "gradient-overwritten",
        SLICES,
        "self.part(dx, u, v)[...] += (self.winner == index) * grad_out",
        "self.part(dx, u, v)[self.winner == index] = grad_out[self.winner == index]",
    ),
    (
        "the largest absolute value",
        "another-formula",
        SLICES,
        "return stack.max(axis=0)",
        "return np.abs(stack).max(axis=0)",
    ),
    (
        "winner only on the diagonal",
        "another-formula",
        SLICES,
        "return [(u, v) for u in range(self.pool) for v in range(self.pool)]",
        "return [(u, u) for u in range(self.pool)]",
    ),
    (
        "offsets columns first in backward",
        "position-exchanged",
        SLICES,
        "in enumerate(self.offsets())",
        "in enumerate([(v, u) for u, v in self.offsets()])",
    ),
    (
        "np.add.at forgotten",
        "gradient-overwritten",
        IM2COL,
        "np.add.at(dX, (np.arange(n * d)[:, None], rows, cols), dout_flat)",
        "dX[np.arange(n * d)[:, None], rows, cols] += dout_flat",
    ),
    (
        "tile and repeat exchanged",
        "axes-exchanged",
        IM2COL,
        "i1 = self.S * np.repeat(np.arange(H_out), W_out)",
        "i1 = self.S * np.tile(np.arange(H_out), W_out)",
        "j1 = self.S * np.tile(np.arange(W_out), H_out)",
        "j1 = self.S * np.repeat(np.arange(W_out), H_out)",
    ),
    ("stride not in the columns", "another-formula", IM2COL, "j1 = self.S * np.tile(", "j1 = np.tile("),
    (
        "output reshaped width first",
        "height-for-width",
        IM2COL,
        "return out.reshape(n, d, h_out, w_out)",
        "return out.reshape(n, d, w_out, h_out)",
    ),
    (
        "reshape to channels first",
        "axes-exchanged",
        IM2COL,
        "return out.reshape(n, d, h_out, w_out)",
        "return out.reshape(d, n, h_out, w_out).transpose(1, 0, 2, 3)",
    ),
    (
        "padded by zeros to a multiple",
        "starts-at-zero",
        IM2COL,
        "X_col = X_reshaped[:, i, j]",
        "X_col = np.maximum(X_reshaped, 0)[:, i, j]",
    ),
    (
        "sum in the window of the gradient",
        "gradient-not-divided",
        D2L,
        "ones = np.ones((self.p_h, self.p_w)) / (self.p_h * self.p_w)",
        "ones = np.ones((self.p_h, self.p_w))",
    ),
    ("mean over the batch, too", "over-batch", D2L, ".mean(axis=(2, 3))", ".mean(axis=(0, 2, 3))"),
    ("divided by the stride squared", "factor-wrong", D2L, "/ (self.p_h * self.p_w)", "/ (s * s)"),
    ("= in the gradient", "gradient-overwritten", D2L, "j * s + self.p_w] += dY", "j * s + self.p_w] = dY"),
    (
        "step by one",
        "stride-ignored",
        D2L,
        "dX[n, c, i * s : i * s + self.p_h, j * s : j * s + self.p_w]",
        "dX[n, c, i : i + self.p_h, j : j + self.p_w]",
    ),
    ("one matrix divided", "divided-by-side", BOXES, "self.k] = 1 / self.k", "self.k] = 1 / np.sqrt(self.k)"),
    (
        "rows for columns",
        "gradient-not-divided",
        BOXES,
        "self.rows.T @ g @ self.cols",
        "np.sign(self.rows.T) @ g @ np.sign(self.cols)",
    ),
)
