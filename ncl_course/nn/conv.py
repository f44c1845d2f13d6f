"""A convolution of images with learned filters, computed as one matrix product."""

from __future__ import annotations

from operator import index

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ncl_course.nn.layer import Array, Layer
from ncl_course.nn.sentences import Sentence, said


class Conv2d(Layer):
    """Slide filters over every image: y[n, k, i, j] = b[k] + Σ w[k, c, u, v] · x[n, c, s·i + u, s·j + v].

    The formula is that of ``torch.nn.Conv2d``. As usual in deep learning, the filters are not flipped (this is a
    cross-correlation), and the image is surrounded by ``padding`` rows and columns of zeros. Internally, the windows
    become the columns of one matrix, and a single product multiplies it by all filters. The samples are the innermost
    axis in memory, (C, H, W, N), so that a shifted image is made of long contiguous runs even if the maps are small,
    and elementwise layers keep that order. The result is a view with the usual axes, (N, K, OH, OW). A batch needs
    C·KH·KW numbers of memory for each pixel of an output map, so process thousands of images in portions.

    Args:
        in_channels: C, the number of input maps.
        out_channels: K, the number of filters, and so of output maps.
        kernel_size: KH = KW, the number of rows and of columns of a filter.
        stride: s, the distance between neighbouring windows in pixels; a window that does not fit completely is
            dropped.
        padding: the number of rows and columns of zeros on each side.
        rng: the generator that draws the initial weights; None uses a generator of the layer's own.

    Attributes:
        params: ``weight`` (K, C, KH, KW) from N(0, 2 / fan_in) with fan_in = C·KH·KW (He et al., "Delving deep into
            rectifiers", 2015), and ``bias`` (K,), zeros. Both are float64; outputs still have the dtype of x.

    Raises:
        ValueError: if a size is below 1, or the padding below 0.
        TypeError: if a size is not a whole number.

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
        """Convolve: x (N, C, H, W) to (N, K, OH, OW), with OH = (H + 2·padding − KH) // stride + 1 and OW likewise.

        Raises:
            ValueError: if x has another shape, or if no window fits in it.
            TypeError: if x holds anything but floating-point numbers; convert images of integers first.
        """
        self.require_images(x)
        self.padded = self.pad(x)
        weight, bias = (self.params[name].astype(x.dtype, copy=False) for name in ("weight", "bias"))
        columns = self.columns()
        y = weight.reshape(len(weight), -1) @ columns
        y += bias[:, None]
        return y.reshape(len(weight), *self.out_shape).transpose(3, 0, 1, 2)

    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx (N, C, H, W) for ``grad_out`` = dL/dy (N, K, OH, OW), and fill ``grads`` for weight and bias.

        Raises:
            RuntimeError: if there was no forward pass yet.
            ValueError: if grad_out does not have the shape of the latest output.
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
        """Surround the images by zeros and put the samples last: a new array (C, H + 2·padding, W + 2·padding, N)."""
        N, C, H, W = x.shape
        p = self.padding
        padded = np.zeros((C, H + 2 * p, W + 2 * p, N), x.dtype)
        padded[:, p : p + H, p : p + W] = x.transpose(1, 2, 3, 0)
        return padded

    def columns(self) -> Array:
        """Return every window of the padded images as a column: (C·KH·KW, OH·OW·N), a copy of a strided view."""
        s, kernel = self.stride, self.params["weight"].shape[2:]
        windows = sliding_window_view(self.padded, kernel, axis=(1, 2))[:, ::s, ::s]
        self.out_shape = windows.shape[1:4]
        return windows.transpose(0, 4, 5, 1, 2, 3).reshape(len(windows) * kernel[0] * kernel[1], -1)

    def add_up(self, columns: Array) -> Array:
        """Return dL/dx: add up the gradients of all windows (C, KH, KW, OH, OW, N), which may overlap."""
        _, KH, KW, OH, OW, _ = columns.shape
        s, p = self.stride, self.padding
        dx = np.zeros_like(self.padded)
        for u in range(KH):
            for v in range(KW):
                dx[:, u : u + s * OH : s, v : v + s * OW : s] += columns[:, u, v]
        _, H, W, _ = dx.shape
        return dx[:, p : H - p, p : W - p].transpose(3, 0, 1, 2)

    def require_images(self, x: Array) -> None:
        """Raise an error unless x is a batch of images that is large enough for the filters."""
        _, C, KH, KW = self.params["weight"].shape
        if np.ndim(x) != 4 or x.shape[1] != C:
            raise ValueError(
                said(
                    "conv.images",
                    "Conv2d expects x of shape (N, {channels}, H, W) but got {shape}; {advice}",
                    channels=C,
                    shape=np.shape(x),
                    advice=advice(x, C),
                )
            )
        if x.dtype.kind != "f":
            raise TypeError(
                said(
                    "conv.dtype",
                    "Conv2d expects float32 or float64 but got {dtype}; convert: x.astype(np.float32)",
                    dtype=x.dtype,
                )
            )
        if x.shape[2] + 2 * self.padding < KH or x.shape[3] + 2 * self.padding < KW:
            raise ValueError(
                said(
                    "conv.fit",
                    "a filter of {filter} does not fit on an image of {image} with padding {padding}; take a smaller "
                    "kernel_size or more padding",
                    filter=f"{KH}×{KW}",
                    image=f"{x.shape[2]}×{x.shape[3]}",
                    padding=self.padding,
                )
            )

    def require_gradient(self, grad_out: Array) -> None:
        """Raise an error unless grad_out has the shape of the latest output."""
        if not hasattr(self, "out_shape"):
            raise RuntimeError(
                said(
                    "conv.forward_first",
                    "Conv2d.backward needs a forward pass first: call the layer on x, then backward",
                )
            )
        OH, OW, N = self.out_shape
        expected = (N, len(self.params["weight"]), OH, OW)
        if np.shape(grad_out) != expected:
            raise ValueError(
                said(
                    "conv.gradient",
                    "Conv2d.backward expects grad_out of shape {expected}, as forward answered, but got {shape}; give "
                    "it dL/d(output) of the latest forward pass",
                    expected=expected,
                    shape=np.shape(grad_out),
                )
            )


def advice(x: Array, channels: int) -> Sentence:
    """Return advice for an x that is not a batch of images with that number of channels."""
    if np.ndim(x) == 3:
        return said("conv.one_image", "one image is a batch of one: x[None]")
    if np.ndim(x) == 4 and x.shape[3] == channels:
        return said("conv.channels_last", "the channels stand last, they belong on axis 1: x.transpose(0, 3, 1, 2)")
    return said("conv.layer_before", "is the layer before it the right one, and in_channels its number of maps?")


def whole(name: str, value: int, least: int = 1) -> int:
    """Return the value as an int.

    Raises:
        TypeError: if the value is not a whole number.
        ValueError: if it is below ``least``.
    """
    try:
        number = index(value)
    except TypeError:
        raise TypeError(
            said(
                "conv.whole", "Conv2d expects {name} to be a whole number but got {value}", name=name, value=repr(value)
            )
        ) from None
    if number < least:
        raise ValueError(
            said(
                "conv.least",
                "Conv2d expects {name} of at least {least} but got {number}",
                name=name,
                least=least,
                number=number,
            )
        )
    return number
