"""Wrong answers of lesson pooling, written without the altered oracles at hand, after the relations."""

MAXFLAT = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.ks = kernel_size
        self.st = kernel_size if stride is None else stride

    def _cols(self, x):
        N, C, H, W = x.shape
        oh = (H - self.ks) // self.st + 1
        ow = (W - self.ks) // self.st + 1
        r = (np.arange(oh) * self.st)[:, None] + np.arange(self.ks)
        c = (np.arange(ow) * self.st)[:, None] + np.arange(self.ks)
        idx = r[:, None, :, None] * W + c[None, :, None, :]
        self.idx = idx.reshape(oh, ow, -1)
        return x.reshape(N, C, H * W)[:, :, self.idx]

    def forward(self, x):
        self.shape, self.dt = x.shape, x.dtype
        cols = self._cols(x)
        self.best = cols.argmax(axis=-1)
        return np.take_along_axis(cols, self.best[..., None], -1)[..., 0]

    def backward(self, grad_out):
        N, C, H, W = self.shape
        dx = np.zeros((N, C, H * W), dtype=self.dt)
        oh, ow = self.idx.shape[:2]
        for i in range(oh):
            for j in range(ow):
                where = self.idx[i, j][self.best[:, :, i, j]]
                n, c = np.indices((N, C))
                dx[n, c, where] += grad_out[:, :, i, j]
        return dx.reshape(self.shape)
"""
AVGCUM = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size

    def forward(self, x):
        self.x = x
        H, W = x.shape[2:]
        acc = 0
        oh, ow = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        for a in range(self.k):
            for b in range(self.k):
                acc = acc + x[:, :, a:a + (oh - 1) * self.s + 1:self.s, b:b + (ow - 1) * self.s + 1:self.s]
        return (acc / self.k ** 2).astype(x.dtype)

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        oh, ow = grad_out.shape[2:]
        for a in range(self.k):
            for b in range(self.k):
                dx[:, :, a:a + (oh - 1) * self.s + 1:self.s, b:b + (ow - 1) * self.s + 1:self.s] += grad_out / self.k ** 2
        return dx
"""

WRONG = (
    ("column index with the height", "", MAXFLAT, "* W + c[None", "* H + c[None"),
    (
        "second largest",
        "",
        MAXFLAT,
        "self.best = cols.argmax(axis=-1)",
        "self.best = cols.argsort(axis=-1)[..., -min(2, cols.shape[-1])]",
    ),
    (
        "columns start without stride",
        "another-formula",
        MAXFLAT,
        "c = (np.arange(ow) * self.st)[:, None]",
        "c = np.arange(ow)[:, None]",
    ),
    (
        "window reaches backwards",
        "",
        MAXFLAT,
        "r = (np.arange(oh) * self.st)[:, None] + np.arange(self.ks)",
        "r = np.maximum((np.arange(oh) * self.st)[:, None] - np.arange(self.ks), 0)",
    ),
    (
        "gradient of winners negated for odd columns",
        "",
        MAXFLAT,
        "+= grad_out[:, :, i, j]",
        "+= grad_out[:, :, i, j] * (1 - 2 * (j % 2))",
    ),
    (
        "gradient divided by k*k",
        "another-formula",
        MAXFLAT,
        "+= grad_out[:, :, i, j]",
        "+= grad_out[:, :, i, j] / self.ks ** 2",
    ),
    ("returns after the first row", "another-formula", MAXFLAT, "for i in range(oh):", "for i in range(1):"),
    (
        "diagonal cells only",
        "",
        AVGCUM,
        "            for b in range(self.k):\n                acc",
        "            for b in [a]:\n                acc",
    ),
    ("k + k", "", AVGCUM, "acc / self.k ** 2", "acc / (self.k + self.k)"),
    ("divides by stride squared", "", AVGCUM, "grad_out / self.k ** 2", "grad_out / self.s ** 2"),
    (
        "geometric offset a,a",
        "",
        AVGCUM,
        "dx[:, :, a:a + (oh - 1) * self.s + 1:self.s, b:b",
        "dx[:, :, b:b + (oh - 1) * self.s + 1:self.s, b:b",
    ),
)
