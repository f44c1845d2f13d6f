"""A convolution of images with learned filters, by one matrix product."""

from __future__ import annotations

from operator import index

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ncl_course.nn.layer import Array, Layer


class Conv2d(Layer):
    """Slide filters over every image: y[n, k, i, j] = b[k] + Σ w[k, c, u, v] · x[n, c, s·i + u, s·j + v].

    As in all of deep learning the filters are not turned round (a cross-correlation), and ``padding`` zeros stand
    around the image. Inside, the windows become the columns of one matrix, which one product multiplies with all
    filters. The samples lie innermost in memory, (C, H, W, N): then a shifted image is long runs of neighbours even
    where maps are small, and layers that work element by element keep that order. What comes out is a view with the
    axes as everywhere, (N, K, OH, OW). A batch takes C·KH·KW numbers of memory for each cell of a map that goes out,
    so try thousands of images in portions.

    Args:
        in_channels: C, maps that come in.
        out_channels: K, filters, so maps that go out.
        kernel_size: KH = KW, cells on a filter's side.
        stride: cells between neighbouring windows; a window that does not fit whole is dropped.
        padding: rows and columns of zeros on each side.
        rng: where the first weights come from; None: a generator of its own.

    Attributes:
        params: ``weight`` (K, C, KH, KW) from N(0, 2 / fan_in) with fan_in = C·KH·KW (He et al., "Delving deep into
            rectifiers", 2015), and ``bias`` (K,), zeros. Both float64; answers have the dtype of x all the same.

    Raises:
        ValueError: a size is below 1 (the padding: below 0).
        TypeError: a size is no whole number.

    Example:
        >>> conv = Conv2d(3, 16, kernel_size=3, padding=1)
        >>> conv(np.zeros((2, 3, 8, 8), np.float32)).shape
        (2, 16, 8, 8)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        rng: np.random.Generator | None = None,
    ) -> None:
        C, K, k = (
            whole("in_channels", in_channels),
            whole("out_channels", out_channels),
            whole("kernel_size", kernel_size),
        )
        self.stride, self.padding = whole("stride", stride), whole("padding", padding, least=0)
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0.0, np.sqrt(2 / (C * k * k)), (K, C, k, k))
        self.params["bias"] = np.zeros(K)

    def forward(self, x: Array) -> Array:
        """Convolve: x (N, C, H, W) to (N, K, OH, OW), OH = (H + 2·padding − KH) // stride + 1 and OW likewise.

        Raises:
            ValueError: x has another shape, or no window fits in it.
            TypeError: x holds no real numbers (images of integers: convert them first).
        """
        self.require_images(x)
        self.padded = self.pad(x)
        weight, bias = (self.params[name].astype(x.dtype, copy=False) for name in ("weight", "bias"))
        columns = self.columns()
        y = weight.reshape(len(weight), -1) @ columns
        y += bias[:, None]
        return y.reshape(len(weight), *self.out_shape).transpose(3, 0, 1, 2)

    def backward(self, grad_out: Array) -> Array:
        """dL/dx (N, C, H, W) from ``grad_out`` = dL/dy (N, K, OH, OW); fills ``grads``: ``weight`` and ``bias``.

        Raises:
            RuntimeError: there was no forward pass yet.
            ValueError: grad_out does not have the shape that the forward pass answered with.
        """
        self.require_gradient(grad_out)
        weight = self.params["weight"].astype(self.padded.dtype, copy=False)
        K, C, KH, KW = weight.shape
        g = grad_out.astype(self.padded.dtype, copy=False).transpose(1, 2, 3, 0).reshape(K, -1)
        self.grads["weight"] = (g @ self.columns().T).reshape(weight.shape)
        self.grads["bias"] = g.sum(axis=1)
        columns = weight.reshape(K, -1).T @ g
        return self.add_up(columns.reshape(C, KH, KW, *self.out_shape))

    def pad(self, x: Array) -> Array:
        """The images with zeros around and the samples last: (C, H + 2·padding, W + 2·padding, N), a new array."""
        N, C, H, W = x.shape
        p = self.padding
        padded = np.zeros((C, H + 2 * p, W + 2 * p, N), x.dtype)
        padded[:, p : p + H, p : p + W] = x.transpose(1, 2, 3, 0)
        return padded

    def columns(self) -> Array:
        """Every window of the padded images as a column: (C·KH·KW, OH·OW·N), a copy of a strided view."""
        s, kernel = self.stride, self.params["weight"].shape[2:]
        windows = sliding_window_view(self.padded, kernel, axis=(1, 2))[:, ::s, ::s]
        self.out_shape = windows.shape[1:4]
        return windows.transpose(0, 4, 5, 1, 2, 3).reshape(len(windows) * kernel[0] * kernel[1], -1)

    def add_up(self, columns: Array) -> Array:
        """dL/dx from the gradient of each window's cells (C, KH, KW, OH, OW, N): a cell belongs to many windows."""
        _, KH, KW, OH, OW, _ = columns.shape
        s, p = self.stride, self.padding
        dx = np.zeros_like(self.padded)
        for u in range(KH):
            for v in range(KW):
                dx[:, u : u + s * OH : s, v : v + s * OW : s] += columns[:, u, v]
        _, H, W, _ = dx.shape
        return dx[:, p : H - p, p : W - p].transpose(3, 0, 1, 2)

    def require_images(self, x: Array) -> None:
        """Raise unless x is a batch of images that the filters fit on."""
        _, C, KH, KW = self.params["weight"].shape
        if np.ndim(x) != 4 or x.shape[1] != C:
            raise ValueError(f"Conv2d expects x of shape (N, {C}, H, W) but got {np.shape(x)}; {advice(x, C)}")
        if x.dtype.kind != "f":
            raise TypeError(f"Conv2d expects float32 or float64 but got {x.dtype}; convert: x.astype(np.float32)")
        if x.shape[2] + 2 * self.padding < KH or x.shape[3] + 2 * self.padding < KW:
            raise ValueError(
                f"a filter of {KH}×{KW} does not fit on an image of {x.shape[2]}×{x.shape[3]} with padding "
                f"{self.padding}; take a smaller kernel_size or more padding"
            )

    def require_gradient(self, grad_out: Array) -> None:
        """Raise unless grad_out belongs to the latest forward pass."""
        if not hasattr(self, "out_shape"):
            raise RuntimeError("Conv2d.backward needs a forward pass first: call the layer on x, then backward")
        OH, OW, N = self.out_shape
        expected = (N, len(self.params["weight"]), OH, OW)
        if np.shape(grad_out) != expected:
            raise ValueError(
                f"Conv2d.backward expects grad_out of shape {expected}, as forward answered, but got "
                f"{np.shape(grad_out)}; give it dL/d(output) of the latest forward pass"
            )


def advice(x: Array, channels: int) -> str:
    """What to try where x is no batch of images with so many channels."""
    if np.ndim(x) == 3:
        return "one image is a batch of one: x[None]"
    if np.ndim(x) == 4 and x.shape[3] == channels:
        return "the channels stand last, they belong on axis 1: x.transpose(0, 3, 1, 2)"
    return "is the layer before it the right one, and in_channels its number of maps?"


def whole(name: str, value: int, least: int = 1) -> int:
    """The value as an int.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is below ``least``.
    """
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"Conv2d expects {name} to be a whole number but got {value!r}") from None
    if number < least:
        raise ValueError(f"Conv2d expects {name} of at least {least} but got {number}")
    return number
