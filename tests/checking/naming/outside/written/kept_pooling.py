"""More wrong answers of lesson pooling by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "The + 1 is inside the division: (size − kernel + 1) // stride.",
        "plus-one-inside",
        """
def pool_output_size(size, kernel_size, stride):
    # (W - F + 1) / S
    return (size - kernel_size + 1) // stride
""",
    ),
    (
        "range(0, H − k, stride) without + 1 loses the last window.",
        "one-too-few",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        hs = range(0, x.shape[2] - self.k, self.s)
        ws = range(0, x.shape[3] - self.k, self.s)
        self.hs, self.ws = hs, ws
        out = np.zeros((x.shape[0], x.shape[1], len(hs), len(ws)), dtype=x.dtype)
        for i, h in enumerate(hs):
            for j, w in enumerate(ws):
                out[:, :, i, j] = x[:, :, h:h+self.k, w:w+self.k].max(axis=(2, 3))
        return out

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        for n in range(dx.shape[0]):
            for c in range(dx.shape[1]):
                for i, h in enumerate(self.hs):
                    for j, w in enumerate(self.ws):
                        a, b = np.unravel_index(self.x[n, c, h:h+self.k, w:w+self.k].argmax(), (self.k, self.k))
                        dx[n, c, h+a, w+b] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "dx is made once in forward and backward adds to it, so a second backward gives twice the gradient.",
        "gradient-accumulated",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        oh, ow = (H-k)//s+1, (W-k)//s+1
        self.dx = np.zeros((N, C, H, W), dtype=x.dtype)
        self.pos = {}
        out = np.empty((N, C, oh, ow), dtype=x.dtype)
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        win = x[n, c, i*s:i*s+k, j*s:j*s+k]
                        p = int(win.argmax())
                        out[n, c, i, j] = win.max()
                        self.pos[n, c, i, j] = (i*s + p // k, j*s + p % k)
        return out

    def backward(self, grad_out):
        for (n, c, i, j), (h, w) in self.pos.items():
            self.dx[n, c, h, w] += grad_out[n, c, i, j]
        return self.dx
""",
    ),
    (
        "The argmax is taken over the window of all channels together, so only one channel gets the gradient.",
        "over-channels",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        out = np.zeros((N, C, (H - k)//s + 1, (W - k)//s + 1), dtype=x.dtype)
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = np.max(x[:, :, i*s:i*s+k, j*s:j*s+k], axis=(2, 3))
        return out

    def backward(self, grad_out):
        k, s = self.kernel_size, self.stride
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for n in range(grad_out.shape[0]):
            for i in range(grad_out.shape[2]):
                for j in range(grad_out.shape[3]):
                    win = self.x[n, :, i*s:i*s+k, j*s:j*s+k]
                    c, a, b = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, i*s+a, j*s+b] += grad_out[n, c, i, j]
        return dx
""",
    ),
    (
        "The reshape trick (H//k, k, W//k, k) from a blog post: it ignores the stride, and sizes that don't divide are cropped.",
        "stride-from-kernel",
        """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.stride = stride

    def forward(self, x):
        k = self.k
        self.shape = x.shape
        n, c, h, w = x.shape
        h2, w2 = h // k, w // k
        x = x[:, :, :h2*k, :w2*k].reshape(n, c, h2, k, w2, k)
        b = x.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h2, w2, k*k)
        self.arg = b.argmax(axis=-1)
        return b.max(axis=-1)

    def backward(self, grad_out):
        n, c, h2, w2 = grad_out.shape
        k = self.k
        b = np.zeros((n, c, h2, w2, k*k), dtype=grad_out.dtype)
        np.put_along_axis(b, self.arg[..., None], grad_out[..., None], axis=-1)
        dx = np.zeros(self.shape, dtype=grad_out.dtype)
        dx[:, :, :h2*k, :w2*k] = b.reshape(n, c, h2, w2, k, k).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h2*k, w2*k)
        return dx
""",
    ),
    (
        "The result arrays are made with np.zeros without a dtype, so float32 comes back as float64.",
        "dtype-drift",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        self.shape = x.shape
        N, C, H, W = x.shape
        k, s = self.kernel_size, self.stride
        oh = (H - k) // s + 1
        ow = (W - k) // s + 1
        out = np.zeros((N, C, oh, ow))
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        out[n, c, i, j] = np.mean(x[n, c, i*s:i*s+k, j*s:j*s+k])
        return out

    def backward(self, grad_out):
        k, s = self.kernel_size, self.stride
        dx = np.zeros(self.shape)
        N, C, oh, ow = grad_out.shape
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        dx[n, c, i*s:i*s+k, j*s:j*s+k] += grad_out[n, c, i, j] / k**2
        return dx
""",
    ),
    (
        "In backward only the first pixel of the window gets the gradient (left over from a max pooling copied over), and it is divided by k instead of k².",
        "another-formula",
        """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size

    def forward(self, x):
        self.x = x
        v = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return v[:, :, ::self.s, ::self.s].mean(axis=(-1, -2))

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for n in range(grad_out.shape[0]):
            for c in range(grad_out.shape[1]):
                for i in range(grad_out.shape[2]):
                    for j in range(grad_out.shape[3]):
                        dx[n, c, i*self.s, j*self.s] += grad_out[n, c, i, j] / self.k
        return dx
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
