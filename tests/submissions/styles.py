"""Right answers to lesson 01, in styles that differ as much as students' answers do."""

from __future__ import annotations

from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

WINDOWS = """\
from numpy.lib.stride_tricks import sliding_window_view


class Pool(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def windows(self, x):
        return sliding_window_view(x, (self.k, self.k), axis=(2, 3))[:, :, ::self.s, ::self.s]


class MaxPool2d(Pool):
    def forward(self, x):
        self.x = x
        return self.windows(x).max(axis=(-1, -2))

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        flat = self.windows(self.x).reshape(*grad_out.shape, -1)
        a, b = np.unravel_index(flat.argmax(-1), (self.k, self.k))
        n, c, i, j = np.indices(grad_out.shape)
        np.add.at(dx, (n, c, i * self.s + a, j * self.s + b), grad_out)
        return dx


class AvgPool2d(Pool):
    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        return self.windows(x).mean(axis=(-1, -2))

    def backward(self, grad_out):
        dx = np.zeros(self.shape, self.dtype)
        OH, OW = grad_out.shape[2:]
        for a in range(self.k):
            for b in range(self.k):
                dx[:, :, a:a + OH * self.s:self.s, b:b + OW * self.s:self.s][:, :, :OH, :OW] += grad_out / self.k**2
        return dx
"""

RESHAPE = """\
class Tiled(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def corners(self, x):
        OH, OW = (pool_output_size(n, self.k, self.s) for n in x.shape[2:])
        return [(i, j, i * self.s, j * self.s) for i in range(OH) for j in range(OW)]

    def tiles(self, x):
        k = self.k
        OH, OW = x.shape[2] // k, x.shape[3] // k
        return x[:, :, :OH * k, :OW * k].reshape(*x.shape[:2], OH, k, OW, k)

    def forward(self, x):
        self.x = x
        if self.k == self.s:
            return self.reduce(self.tiles(x), (3, 5))
        OH, OW = (pool_output_size(n, self.k, self.s) for n in x.shape[2:])
        y = np.empty((*x.shape[:2], OH, OW), x.dtype)
        for i, j, top, left in self.corners(x):
            y[:, :, i, j] = self.reduce(x[:, :, top:top + self.k, left:left + self.k], (2, 3))
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        for i, j, top, left in self.corners(self.x):
            window = self.x[:, :, top:top + self.k, left:left + self.k]
            dx[:, :, top:top + self.k, left:left + self.k] += self.share(window) * grad_out[:, :, i, j, None, None]
        return dx


class MaxPool2d(Tiled):
    def reduce(self, cells, axes):
        return cells.max(axes)

    def share(self, window):
        flat = window.reshape(*window.shape[:2], -1)
        last = flat.shape[-1] - 1 - flat[..., ::-1].argmax(-1)  # the last of equal maxima is as good
        return (np.arange(flat.shape[-1]) == last[..., None]).reshape(window.shape)


class AvgPool2d(Tiled):
    def reduce(self, cells, axes):
        return cells.mean(axes)

    def share(self, window):
        return np.full_like(window, 1 / self.k**2)
"""


def in_float64(source: str) -> str:
    """Return the loops with float64 inside and the input's dtype again at the end."""
    source = source.replace(
        "        self.x = x\n", "        self.dtype = x.dtype\n        self.x = x.astype(np.float64)\n"
    )
    source = source.replace("dtype=x.dtype", "dtype=np.float64")
    return source.replace("return y\n", "return y.astype(self.dtype)\n").replace(
        "return dx\n", "return dx.astype(self.dtype)\n"
    )


ONE_LINE_SIZE = "pool_output_size = lambda size, kernel_size, stride: len(range(0, size - kernel_size + 1, stride))\n"
CHECKS = ("check(pool_output_size)\n", 'check(MaxPool2d, "forward")\n', 'check(MaxPool2d, "backward")\n')
PICTURE = """\
from ncl_course.viz.pooling import drawings as viz
from sklearn.datasets import load_sample_image
import ipywidgets as widgets

fig, axes = plt.subplots(1, 3, figsize=(9, 3))
for ax, k in zip(axes, (2, 4, 8)):
    ax.imshow(load_sample_image("china.jpg"))
    ax.set_title(f"kernel_size={k}")
plt.show()
viz.explorer()

@widgets.interact(k=(1, 5))
def show(k=2):
    plt.imshow(np.eye(k))
"""

RIGHT: dict[str, tuple[str, ...]] = {
    "right_loops": (SETUP, SIZE, CHECKS[0], MAX, *CHECKS[1:], AVG, "check(AvgPool2d)\n", 'progress("01_pooling")\n'),
    "right_windows": (SETUP, ONE_LINE_SIZE, WINDOWS),
    "right_reshape": (SETUP, SIZE, PICTURE, RESHAPE, PICTURE),
    "right_float64": (SETUP, SIZE, in_float64(MAX), in_float64(AVG)),
    "right_one_cell": ("\n".join((SETUP, SIZE, MAX, AVG, *CHECKS)),),
}
