"""Wrong pooling layers: loops over the image, strided views, winners as lists, Russian names, formulas by hand."""

SIZE_DIVMOD = """
def pool_output_size(size, kernel_size, stride):
    whole, rest = divmod(size - kernel_size, stride)
    return whole + 1
"""

SIZE_WHILE = """
def pool_output_size(size, kernel_size, stride):
    count = 0
    left = 0
    while left + kernel_size <= size:
        count += 1
        left += stride
    return count
"""

SIZE_RANGE = """
def pool_output_size(size, kernel_size, stride):
    return len(range(0, size - kernel_size + 1, stride))
"""

SIZE_FLOAT = """
def pool_output_size(size, kernel_size, stride):
    n = np.floor((size - kernel_size) / stride + 1)
    return int(n)
"""

SIZE_RECURSIVE = """
def pool_output_size(size, kernel_size, stride):
    if size < kernel_size:
        return 0
    return 1 + pool_output_size(size - stride, kernel_size, stride)
"""

MAX_CACHE = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.pool_param = {"pool_height": kernel_size, "pool_width": kernel_size, "stride": stride or kernel_size}

    def forward(self, x):
        PH, PW, S = (self.pool_param[k] for k in ("pool_height", "pool_width", "stride"))
        N, C, H, W = x.shape
        H_out = 1 + (H - PH) // S
        W_out = 1 + (W - PW) // S
        out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
        for n in range(N):
            for h in range(H_out):
                for w in range(W_out):
                    patch = x[n, :, h * S : h * S + PH, w * S : w * S + PW]
                    out[n, :, h, w] = patch.max(axis=(1, 2))
        self.cache = (x, out)
        return out

    def backward(self, dout):
        x, out = self.cache
        PH, PW, S = (self.pool_param[k] for k in ("pool_height", "pool_width", "stride"))
        N, C, H_out, W_out = dout.shape
        dx = np.zeros(x.shape, dtype=x.dtype)
        for n in range(N):
            for c in range(C):
                for h in range(H_out):
                    for w in range(W_out):
                        patch = x[n, c, h * S : h * S + PH, w * S : w * S + PW]
                        i, j = np.unravel_index(patch.argmax(), patch.shape)
                        dx[n, c, h * S + i, w * S + j] += dout[n, c, h, w]
        return dx
"""

MAX_STRIDED = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def windows(self, x):
        n, c, h, w = x.shape
        oh, ow = (h - self.k) // self.s + 1, (w - self.k) // self.s + 1
        sn, sc, sh, sw = x.strides
        return np.lib.stride_tricks.as_strided(
            x, (n, c, oh, ow, self.k, self.k), (sn, sc, sh * self.s, sw * self.s, sh, sw), writeable=False
        )

    def forward(self, x):
        view = self.windows(x)
        flat = view.reshape(*view.shape[:4], -1)
        self.winner = flat.argmax(axis=-1)
        self.shape, self.dtype = x.shape, x.dtype
        return flat.max(axis=-1)

    def backward(self, grad):
        n, c, oh, ow = np.indices(grad.shape)
        rows = oh * self.s + self.winner // self.k
        cols = ow * self.s + self.winner % self.k
        dx = np.zeros(self.shape, self.dtype)
        np.add.at(dx, (n, c, rows, cols), grad)
        return dx
"""

MAX_RUSSIAN = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.окно = kernel_size
        self.шаг = stride if stride is not None else kernel_size

    def forward(self, x):
        картинок, карт, высота, ширина = x.shape
        строк = (высота - self.окно) // self.шаг + 1
        столбцов = (ширина - self.окно) // self.шаг + 1
        выход = np.empty((картинок, карт, строк, столбцов), x.dtype)
        self.места = []
        for т in range(картинок):
            for м in range(карт):
                for i in range(строк):
                    for j in range(столбцов):
                        верх, лево = i * self.шаг, j * self.шаг
                        кусок = x[т, м, верх : верх + self.окно, лево : лево + self.окно]
                        номер = int(np.argmax(кусок))
                        выход[т, м, i, j] = кусок.flat[номер]
                        строка = верх + номер // self.окно
                        столбец = лево + номер % self.окно
                        self.места.append((т, м, строка, столбец))
        self.форма = x.shape
        self.тип = x.dtype
        return выход

    def backward(self, grad):
        ответ = np.zeros(self.форма, self.тип)
        for место, величина in zip(self.места, grad.ravel()):
            ответ[место] += величина
        return ответ
"""

MAX_SHIFTS = """
class MaxPool2d(Layer):
    # MATLAB-like: loops over the k*k shifts, not over the windows
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.ks, self.st = kernel_size, stride or kernel_size

    def part(self, a, p, q):
        OH = (a.shape[2] - self.ks) // self.st + 1
        OW = (a.shape[3] - self.ks) // self.st + 1
        return a[:, :, p : p + self.st * (OH - 1) + 1 : self.st, q : q + self.st * (OW - 1) + 1 : self.st]

    def forward(self, x):
        best = self.part(x, 0, 0).copy()
        where = np.zeros(best.shape, dtype=int)
        for p in range(self.ks):
            for q in range(self.ks):
                candidate = self.part(x, p, q)
                better = candidate > best
                best[better] = candidate[better]
                where[better] = p * self.ks + q
        self.where, self.x = where, x
        return best

    def backward(self, g):
        dx = np.zeros_like(self.x)
        for p in range(self.ks):
            for q in range(self.ks):
                mine = self.where == p * self.ks + q
                self.part(dx, p, q)[...] += np.where(mine, g, 0).astype(dx.dtype)
        return dx
"""

MAX_COMPREHENSION = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.size = kernel_size
        self.step = stride if stride else kernel_size

    def spots(self, length):
        return [slice(a, a + self.size) for a in range(0, length - self.size + 1, self.step)]

    def forward(self, x):
        self.x = x
        rows = [
            np.stack([x[:, :, r, c].max(axis=(2, 3)) for c in self.spots(x.shape[3])], axis=-1)
            for r in self.spots(x.shape[2])
        ]
        return np.stack(rows, axis=2)

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        for i, r in enumerate(self.spots(self.x.shape[2])):
            for j, c in enumerate(self.spots(self.x.shape[3])):
                window = self.x[:, :, r, c]
                flat = window.reshape(*window.shape[:2], -1)
                hot = np.zeros_like(flat)
                np.put_along_axis(hot, flat.argmax(-1)[..., None], 1, axis=-1)
                dx[:, :, r, c] += hot.reshape(window.shape) * grad_out[:, :, i, j][:, :, None, None]
        return dx
"""

AVG_INTEGRAL = """
class AvgPool2d(Layer):
    # summed-area table
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        N, C, H, W = x.shape
        table = np.zeros((N, C, H + 1, W + 1))
        table[:, :, 1:, 1:] = x.astype(np.float64).cumsum(axis=2).cumsum(axis=3)
        top = np.arange(0, H - self.k + 1, self.s)
        left = np.arange(0, W - self.k + 1, self.s)
        bottom, right = top + self.k, left + self.k
        total = (
            table[:, :, bottom][..., right]
            - table[:, :, top][..., right]
            - table[:, :, bottom][..., left]
            + table[:, :, top][..., left]
        )
        return (total / self.k**2).astype(x.dtype)

    def backward(self, grad):
        dx = np.zeros(self.shape, self.dtype)
        share = grad / self.k**2
        for i in range(grad.shape[2]):
            for j in range(grad.shape[3]):
                dx[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k] += share[
                    :, :, i : i + 1, j : j + 1
                ]
        return dx
"""

AVG_MATRIX = """
class AvgPool2d(Layer):
    # a pooling matrix from the left, another from the right
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def matrix(self, size):
        rows = (size - self.kernel_size) // self.stride + 1
        P = np.zeros((rows, size))
        for r in range(rows):
            P[r, r * self.stride : r * self.stride + self.kernel_size] = 1 / self.kernel_size
        return P

    def forward(self, x):
        self.L = self.matrix(x.shape[2])
        self.R = self.matrix(x.shape[3])
        self.dtype = x.dtype
        return np.einsum("ah,nchw,bw->ncab", self.L, x, self.R).astype(x.dtype)

    def backward(self, grad_out):
        return (self.L.T @ grad_out @ self.R).astype(self.dtype)
"""

AVG_TORCHY = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super(AvgPool2d, self).__init__()
        self.kernel_size = (kernel_size, kernel_size)
        self.stride = (stride, stride) if stride is not None else self.kernel_size

    def forward(self, input):
        self.input_shape = input.shape
        self.dtype = input.dtype
        kh, kw = self.kernel_size
        sh, sw = self.stride
        patches = np.lib.stride_tricks.sliding_window_view(input, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
        return patches.mean(axis=(-2, -1)).astype(input.dtype)

    def backward(self, grad_output):
        kh, kw = self.kernel_size
        sh, sw = self.stride
        grad_input = np.zeros(self.input_shape, dtype=self.dtype)
        for i in range(grad_output.shape[2]):
            for j in range(grad_output.shape[3]):
                piece = grad_output[:, :, i, j, None, None] / (kh * kw)
                grad_input[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] += piece
        return grad_input
"""

WRONG = (
    (
        "precedence: size - (kernel // stride) + 1",
        "brackets-missing",
        SIZE_RANGE,
        "len(range(0, size - kernel_size + 1, stride))",
        "size - kernel_size // stride + 1",
    ),
    ("stops one window early", "another-formula", SIZE_WHILE, "<= size", "< size"),
    (
        "counts the rest as a window",
        "size-rounded-up",
        SIZE_DIVMOD,
        "return whole + 1",
        "return whole + 1 + (rest > 0)",
    ),
    ("rounds to the nearest", "size-rounded-to-nearest", SIZE_FLOAT, "np.floor(", "np.round("),
    ("forgets the first window", "last-window-missing", SIZE_DIVMOD, "whole + 1", "whole"),
    (
        "divides the whole size by the stride",
        "size-over-stride",
        SIZE_FLOAT,
        "(size - kernel_size) / stride + 1",
        "size / stride",
    ),
    ("a float comes back", "not-floored", SIZE_FLOAT, "return int(n)", "return (size - kernel_size) / stride + 1"),
    (
        "convolution's formula with same padding",
        "padding-added",
        SIZE_DIVMOD,
        "divmod(size - kernel_size, stride)",
        "divmod(size + 2 * (kernel_size // 2) - kernel_size, stride)",
    ),
    ("recursion steps by the kernel", "size-over-kernel", SIZE_RECURSIVE, "size - stride,", "size - kernel_size,"),
    ("the step is 1", "stride-ignored", SIZE_RANGE, ", stride))", "))"),
    (
        "every tied maximum in the window",
        "gradient-to-all-maxima",
        MAX_CACHE,
        "                        i, j = np.unravel_index(patch.argmax(), patch.shape)\n"
        "                        dx[n, c, h * S + i, w * S + j] += dout[n, c, h, w]",
        "                        mask = patch == patch.max()\n"
        "                        dx[n, c, h * S : h * S + PH, w * S : w * S + PW] += mask * dout[n, c, h, w]",
    ),
    ("assigned instead of added", "gradient-overwritten", MAX_CACHE, "w * S + j] += dout", "w * S + j] = dout"),
    (
        "place in the window taken for the place in the image",
        "window-offset-forgotten",
        MAX_CACHE,
        "dx[n, c, h * S + i, w * S + j]",
        "dx[n, c, i, j]",
    ),
    (
        "the windows start at h, not h * S",
        "stride-ignored",
        MAX_CACHE,
        "patch = x[n, :, h * S : h * S + PH, w * S : w * S + PW]",
        "patch = x[n, :, h : h + PH, w : w + PW]",
    ),
    ("maximum over all maps", "over-channels", MAX_CACHE, "patch.max(axis=(1, 2))", "patch.max()"),
    (
        "backward uses the output as a mask over the whole batch",
        "another-formula",
        MAX_CACHE,
        "i, j = np.unravel_index(patch.argmax(), patch.shape)",
        "i, j = np.unravel_index(np.abs(patch).argmax(), patch.shape)",
    ),
    (
        "out starts at zero and takes the maximum with it",
        "starts-at-zero",
        MAX_CACHE,
        "out[n, :, h, w] = patch.max(axis=(1, 2))",
        "out[n, :, h, w] = np.maximum(out[n, :, h, w], patch.max(axis=(1, 2)))",
    ),
    (
        "row and column of the winner swapped",
        "position-exchanged",
        MAX_STRIDED,
        "rows = oh * self.s + self.winner // self.k",
        "rows = oh * self.s + self.winner % self.k",
        "cols = ow * self.s + self.winner % self.k",
        "cols = ow * self.s + self.winner // self.k",
    ),
    (
        "+= with an index array loses repeats",
        "gradient-overwritten",
        MAX_STRIDED,
        "np.add.at(dx, (n, c, rows, cols), grad)",
        "dx[n, c, rows, cols] += grad",
    ),
    (
        "the stride is missing in the view",
        "stride-ignored",
        MAX_STRIDED,
        "sh * self.s, sw * self.s, sh, sw",
        "sh, sw, sh, sw",
    ),
    (
        "height and width strides swapped in the window",
        "",
        MAX_STRIDED,
        "sh * self.s, sw * self.s, sh, sw",
        "sh * self.s, sw * self.s, sw, sw",
    ),
    (
        "size from height for both",
        "height-for-width",
        MAX_STRIDED,
        "(w - self.k) // self.s + 1",
        "(h - self.k) // self.s + 1",
    ),
    ("argmin for the winner", "minimum-taken", MAX_STRIDED, "flat.argmax(axis=-1)", "flat.argmin(axis=-1)"),
    (
        "stride in backward forgotten",
        "stride-ignored",
        MAX_STRIDED,
        "rows = oh * self.s",
        "rows = oh",
        "cols = ow * self.s",
        "cols = ow",
    ),
    (
        "stride in backward is the kernel",
        "another-formula",
        MAX_STRIDED,
        "rows = oh * self.s",
        "rows = oh * self.k",
        "cols = ow * self.s",
        "cols = ow * self.k",
    ),
    (
        "divided by the step, not the window",
        "right-sums-in-wrong-places",
        MAX_RUSSIAN,
        "номер // self.окно",
        "номер // self.шаг",
        "номер % self.окно",
        "номер % self.шаг",
    ),
    (
        "the list of places grows over forwards",
        "stale-cache",
        MAX_RUSSIAN,
        "        self.места = []\n",
        "        self.места = getattr(self, 'места', [])\n",
    ),
    (
        "the gradient goes to the window's corner",
        "another-formula",
        MAX_RUSSIAN,
        "self.места.append((т, м, строка, столбец))",
        "self.места.append((т, м, верх, лево))",
    ),
    ("abs of the maximum", "another-formula", MAX_RUSSIAN, "np.argmax(кусок)", "np.argmax(abs(кусок))"),
    ("returns the winner's number", "another-formula", MAX_RUSSIAN, "кусок.flat[номер]", "номер"),
    (
        "best begins at zero",
        "starts-at-zero",
        MAX_SHIFTS,
        "self.part(x, 0, 0).copy()",
        "np.zeros_like(self.part(x, 0, 0))",
    ),
    (
        "the value of x, not the gradient",
        "another-formula",
        MAX_SHIFTS,
        "np.where(mine, g, 0)",
        "np.where(mine, self.part(self.x, p, q), 0)",
    ),
    (
        "loops reach kernel - 1 only",
        "another-formula",
        MAX_SHIFTS,
        "for p in range(self.ks):\n            for q in range(self.ks):\n                candidate",
        "for p in range(self.ks - 1):\n            for q in range(self.ks - 1):\n                candidate",
    ),
    (
        "gradient multiplied by the share of ties",
        "gradient-split-among-maxima",
        MAX_COMPREHENSION,
        "np.put_along_axis(hot, flat.argmax(-1)[..., None], 1, axis=-1)",
        "hot = (flat == flat.max(-1, keepdims=True)) / (flat == flat.max(-1, keepdims=True)).sum(-1, keepdims=True)",
    ),
    (
        "mean for maximum",
        "average-taken",
        MAX_COMPREHENSION,
        "x[:, :, r, c].max(axis=(2, 3))",
        "x[:, :, r, c].mean(axis=(2, 3))",
    ),
    (
        "rows and columns stacked the other way",
        "axes-swapped",
        MAX_COMPREHENSION,
        "return np.stack(rows, axis=2)",
        "return np.stack(rows, axis=3)",
    ),
    (
        "step of spots is the window",
        "stride-from-kernel",
        MAX_COMPREHENSION,
        "length - self.size + 1, self.step)",
        "length - self.size + 1, self.size)",
    ),
    (
        "the incomplete window counts",
        "size-rounded-up",
        MAX_COMPREHENSION,
        "range(0, length - self.size + 1, self.step)",
        "range(0, length, self.step)",
    ),
    ("output kept in x's place", "array-wrong", MAX_COMPREHENSION, "dx = np.zeros_like(self.x)", "dx = self.x.copy()"),
    ("corner counted twice", "part-wrong", AVG_INTEGRAL, "            + table[:, :, top][..., left]\n", ""),
    ("divided by k, not k * k", "divided-by-side", AVG_INTEGRAL, "share = grad / self.k**2", "share = grad / self.k"),
    ("divided by the stride", "factor-wrong", AVG_INTEGRAL, "total / self.k**2", "total / self.s**2"),
    ("not divided in backward", "gradient-not-divided", AVG_INTEGRAL, "share = grad / self.k**2", "share = grad"),
    ("assigned where windows overlap", "gradient-overwritten", AVG_INTEGRAL, "] += share[", "] = share["),
    ("divided by the stride in the matrix", "factor-wrong", AVG_MATRIX, "= 1 / self.kernel_size", "= 1 / self.stride"),
    (
        "forward's matrices not transposed back",
        "",
        AVG_MATRIX,
        "self.L.T @ grad_out @ self.R",
        "self.L.T @ grad_out @ self.R / self.L.sum()",
    ),
    (
        "gradient of the sum over the map",
        "divided-by-output-size",
        AVG_TORCHY,
        "/ (kh * kw)",
        "/ (grad_output.shape[2] * grad_output.shape[3])",
    ),
    ("mean over rows only", "", AVG_TORCHY, "patches.mean(axis=(-2, -1))", "patches.mean(axis=-1).max(axis=-1)"),
    ("integer division of the share", "another-formula", AVG_TORCHY, "/ (kh * kw)", "// (kh * kw)"),
    (
        "the middle of the window",
        "another-formula",
        AVG_TORCHY,
        "patches.mean(axis=(-2, -1))",
        "patches[..., kh // 2, kw // 2]",
    ),
    ("median", "another-formula", AVG_TORCHY, "patches.mean(axis=(-2, -1))", "np.median(patches, axis=(-2, -1))"),
    (
        "divides by the number of windows",
        "number-as-array",
        AVG_TORCHY,
        "patches.mean(axis=(-2, -1))",
        "patches.sum(axis=(-2, -1)) / (patches.shape[2] * patches.shape[3])",
    ),
)
