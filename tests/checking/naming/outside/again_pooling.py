"""Wrong answers of lesson pooling, written without the altered oracles at hand."""

SIZE = """
def pool_output_size(size, kernel_size, stride):
    count, start = 0, 0
    while start + kernel_size <= size:
        count += 1
        start += stride
    return count
"""
MAXLOOP = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        k, s = self.kernel_size, self.stride
        OH, OW = 1 + (H - k) // s, 1 + (W - k) // s
        out = np.empty((N, C, OH, OW), dtype=x.dtype)
        for i in range(OH):
            for j in range(OW):
                window = x[:, :, i * s:i * s + k, j * s:j * s + k]
                out[:, :, i, j] = np.max(window, axis=(2, 3))
        return out

    def backward(self, grad_out):
        N, C, H, W = self.x.shape
        k, s = self.kernel_size, self.stride
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for n in range(N):
            for c in range(C):
                for i in range(grad_out.shape[2]):
                    for j in range(grad_out.shape[3]):
                        patch = self.x[n, c, i * s:i * s + k, j * s:j * s + k]
                        a, b = np.unravel_index(np.argmax(patch), patch.shape)
                        dx[n, c, i * s + a, j * s + b] += grad_out[n, c, i, j]
        return dx
"""
MAXSHIFT = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        H, W = x.shape[2:]
        self.oh = (H - self.k) // self.s + 1
        self.ow = (W - self.k) // self.s + 1
        best = np.full((x.shape[0], x.shape[1], self.oh, self.ow), -np.inf, dtype=x.dtype)
        self.who = np.zeros(best.shape, dtype=int)
        for a in range(self.k):
            for b in range(self.k):
                shifted = x[:, :, a:a + self.s * self.oh:self.s, b:b + self.s * self.ow:self.s][:, :, :self.oh, :self.ow]
                better = shifted > best
                best[better] = shifted[better]
                self.who[better] = a * self.k + b
        return best

    def backward(self, grad_out):
        dx = np.zeros(self.shape, dtype=self.dtype)
        for a in range(self.k):
            for b in range(self.k):
                part = np.where(self.who == a * self.k + b, grad_out, 0)
                dx[:, :, a:a + self.s * (self.oh - 1) + 1:self.s, b:b + self.s * (self.ow - 1) + 1:self.s] += part
        return dx
"""
AVGLOOP = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.size = kernel_size
        self.step = stride or kernel_size

    def forward(self, inputs):
        self.inputs = inputs
        n, c, h, w = inputs.shape
        self.rows = list(range(0, h - self.size + 1, self.step))
        self.cols = list(range(0, w - self.size + 1, self.step))
        result = np.zeros((n, c, len(self.rows), len(self.cols)), inputs.dtype)
        for i, top in enumerate(self.rows):
            for j, left in enumerate(self.cols):
                result[:, :, i, j] = inputs[:, :, top:top + self.size, left:left + self.size].mean(axis=(2, 3))
        return result

    def backward(self, grad_out):
        grad = np.zeros_like(self.inputs)
        share = grad_out / self.size ** 2
        for i, top in enumerate(self.rows):
            for j, left in enumerate(self.cols):
                grad[:, :, top:top + self.size, left:left + self.size] += share[:, :, i, j][..., None, None]
        return grad
"""
AVGEINSUM = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride or kernel_size

    def matrix(self, size):
        out = (size - self.k) // self.s + 1
        m = np.zeros((out, size))
        for i in range(out):
            m[i, i * self.s:i * self.s + self.k] = 1 / self.k
        return m

    def forward(self, x):
        self.A, self.B, self.t = self.matrix(x.shape[2]), self.matrix(x.shape[3]), x.dtype
        return np.einsum('ih,nchw,jw->ncij', self.A, x, self.B).astype(self.t)

    def backward(self, grad_out):
        return np.einsum('ih,ncij,jw->nchw', self.A, grad_out, self.B).astype(self.t)
"""

WRONG = (
    (
        "strict comparison in the loop loses the window that ends at the edge",
        "another-formula",
        SIZE,
        "<= size",
        "< size",
    ),
    (
        "counts every start inside the image, unfinished windows too",
        "size-rounded-up",
        SIZE,
        "start + kernel_size <= size",
        "start < size",
    ),
    ("steps by one", "stride-ignored", SIZE, "start += stride", "start += 1"),
    ("steps by the kernel", "size-over-kernel", SIZE, "start += stride", "start += kernel_size"),
    ("counting starts at one", "another-formula", SIZE, "count, start = 0, 0", "count, start = 1, 0"),
    (
        "starts of windows without the stride in rows only",
        "another-formula",
        MAXLOOP,
        "x[:, :, i * s:i * s + k, j * s:j * s + k]",
        "x[:, :, i:i + k, j * s:j * s + k]",
    ),
    (
        "window one too short",
        "another-formula",
        MAXLOOP,
        "i * s:i * s + k, j * s:j * s + k]\n                out",
        "i * s:i * s + k - 1, j * s:j * s + k - 1]\n                out",
    ),
    ("batch is reduced too", "over-batch", MAXLOOP, "axis=(2, 3))", "axis=(0, 2, 3))"),
    (
        "out transposed: j and i exchanged on the left",
        "order-reversed",
        MAXLOOP,
        "out[:, :, i, j] = np.max",
        "out[:, :, OH - 1 - i, OW - 1 - j] = np.max",
    ),
    ("absolute values", "another-formula", MAXLOOP, "np.max(window", "np.max(np.abs(window)"),
    (
        "gradient at the argmax of the absolute value",
        "another-formula",
        MAXLOOP,
        "np.argmax(patch)",
        "np.argmax(np.abs(patch))",
    ),
    (
        "the winner's value times gradient",
        "another-formula",
        MAXLOOP,
        "+= grad_out[n, c, i, j]",
        "+= grad_out[n, c, i, j] * patch[a, b]",
    ),
    (
        "argmax position without the window's start",
        "window-offset-forgotten",
        MAXLOOP,
        "dx[n, c, i * s + a, j * s + b]",
        "dx[n, c, a, b]",
    ),
    (
        "last column of windows missing in backward",
        "another-formula",
        MAXLOOP,
        "for j in range(grad_out.shape[3])",
        "for j in range(grad_out.shape[3] - 1)",
    ),
    ("ones instead of the gradient", "upstream-forgotten", MAXLOOP, "+= grad_out[n, c, i, j]", "+= 1"),
    (
        "starts at zero",
        "starts-at-zero",
        MAXSHIFT,
        "np.full((x.shape[0], x.shape[1], self.oh, self.ow), -np.inf, dtype=x.dtype)",
        "np.zeros((x.shape[0], x.shape[1], self.oh, self.ow), dtype=x.dtype)",
    ),
    (
        "code with the wrong base",
        "position-exchanged",
        MAXSHIFT,
        "self.who[better] = a * self.k + b",
        "self.who[better] = b * self.k + a",
    ),
    ("minus in place of plus in backward", "sign-reversed", MAXSHIFT, "+= part", "-= part"),
    ("assigns shifted parts", "gradient-overwritten", MAXSHIFT, ":self.s] += part", ":self.s] = part"),
    ("size without + 1", "one-too-few", MAXSHIFT, "(H - self.k) // self.s + 1", "(H - self.k) // self.s"),
    (
        "median",
        "another-formula",
        AVGLOOP,
        "].mean(axis=(2, 3))",
        "].max(axis=(2, 3)) / 2 + inputs[:, :, top:top + self.size, left:left + self.size].min(axis=(2, 3)) / 2",
    ),
    ("sum instead of mean", "sum-taken", AVGLOOP, ".mean(axis=(2, 3))", ".sum(axis=(2, 3))"),
    ("divided by k", "divided-by-side", AVGLOOP, "self.size ** 2", "self.size"),
    (
        "divided by number of windows",
        "divided-by-output-size",
        AVGLOOP,
        "grad_out / self.size ** 2",
        "grad_out / (len(self.rows) * len(self.cols))",
    ),
    (
        "only the corner of the window",
        "another-formula",
        AVGLOOP,
        "grad[:, :, top:top + self.size, left:left + self.size] += share[:, :, i, j][..., None, None]",
        "grad[:, :, top, left] += share[:, :, i, j]",
    ),
    ("one factor 1/k missing", "sum-taken", AVGEINSUM, "= 1 / self.k", "= 1"),
    (
        "matrices exchanged in the step",
        "another-formula",
        AVGEINSUM,
        "m[i, i * self.s:i * self.s + self.k] = 1 / self.k",
        "m[i, i * self.k:i * self.k + self.k] = 1 / self.k",
    ),
)
