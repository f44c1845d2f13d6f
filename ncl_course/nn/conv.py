"""A convolution of images with learned filters, computed by matrix products."""

from __future__ import annotations

from operator import index

import numpy as np

from ncl_course.nn.layer import Array, Layer
from ncl_course.nn.memory import put_samples_last, spaced
from ncl_course.nn.sentences import Sentence, said
from ncl_course.nn.windows import add_up, multiply, side_by_side, stacks


class Conv2d(Layer):
    """Slide filters over every image: y[n, k, i, j] = b[k] + Σ w[k, c, u, v] · x[n, c, s·i + u, s·j + v].

    The formula is that of ``torch.nn.Conv2d``. As usual in deep learning, the filters are not flipped (this is a
    cross-correlation), and the image is surrounded by ``padding`` rows and columns of zeros. Internally, the windows
    are the columns of matrices that a product multiplies by all filters; ``nn/windows.py`` describes their layout. The
    result is a view with the usual axes, (N, K, OH, OW); in memory the samples are the innermost axis (for the reason,
    see ``nn/memory.py``), and elementwise layers keep that order. A batch needs C·KW numbers of memory for each pixel
    of an output map, so process thousands of images in portions.

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
        weight, bias = (self.params[name].astype(x.dtype, copy=False) for name in ("weight", "bias"))
        K, _, KH, KW = weight.shape
        self.in_shape = x.shape
        self.lines = side_by_side(self.pad(x), KW, self.stride)
        windows = stacks(self.lines, KH, self.stride)
        (_, _, OW, N), OH = self.lines.shape, len(windows)
        self.out_shape = OH, OW, N
        y = np.empty((K, OH, OW * N), x.dtype)
        multiply(weight.transpose(0, 2, 3, 1).reshape(K, -1), windows, out=y.swapaxes(0, 1))
        y += bias[:, None, None]
        return y.reshape(K, OH, OW, N).transpose(3, 0, 1, 2)

    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx (N, C, H, W) for ``grad_out`` = dL/dy (N, K, OH, OW), and fill ``grads`` for weight and bias.

        Raises:
            RuntimeError: if there was no forward pass yet.
            ValueError: if grad_out does not have the shape of the latest output.
        """
        self.require_gradient(grad_out)
        weight = self.params["weight"].astype(self.lines.dtype, copy=False)
        K, C, KH, KW = weight.shape
        OH, OW, N = self.out_shape
        padded, g = self.spread(grad_out)
        rows = g.reshape(OH, K, OW * N)
        products = (stacks(self.lines, KH, self.stride) @ rows.swapaxes(1, 2)).sum(axis=0)
        self.grads["weight"] = products.reshape(KH, KW, C, K).transpose(3, 2, 0, 1).copy()
        self.grads["bias"] = rows.sum(axis=(0, 2))
        return self.input_gradient(weight, padded)

    def input_gradient(self, weight: Array, padded: Array) -> Array:
        """Return dL/dx, given the padded gradient that ``spread`` returns.

        Image row h met filter row u in output row (h − u) / stride, so the rows of the filters are flipped. Along the
        columns, ``add_up`` adds up the gradients of the windows.
        """
        K, C, KH, KW = weight.shape
        _, _, H, W = self.in_shape
        _, OW, N = self.out_shape
        p = self.padding
        filters = weight[:, :, ::-1].transpose(3, 1, 2, 0).reshape(KW * C, KH * K)
        lines = spaced((H, KW * C, OW, N), axes=2, dtype=padded.dtype)
        multiply(filters, stacks(padded, KH)[p : p + H], out=lines.reshape(H, KW * C, OW * N))
        dx = add_up(lines, C, W + 2 * p, self.stride)
        return dx[:, :, p : p + W].transpose(3, 0, 1, 2)

    def pad(self, x: Array) -> Array:
        """Surround the images by zeros and put the samples last: a new array (H + 2·padding, C, W + 2·padding, N)."""
        N, C, H, W = x.shape
        p = self.padding
        padded = np.zeros((H + 2 * p, C, W + 2 * p, N), x.dtype)
        put_samples_last(x, padded[p : p + H, :, p : p + W])
        return padded

    def spread(self, grad_out: Array) -> tuple[Array, Array]:
        """Return the rows of the gradient, ``stride`` rows apart among rows of zeros, and a view of them alone.

        Shapes: (H + 2·padding + KH − 1, K, OW, N) and (OH, K, OW, N).
        """
        N, K, OH, OW = grad_out.shape
        KH = self.params["weight"].shape[2]
        height = self.in_shape[2] + 2 * self.padding + KH - 1
        padded = spaced((height, K, OW, N), axes=2, dtype=self.lines.dtype)
        padded[...] = 0
        g = padded[KH - 1 : KH - 1 + self.stride * OH : self.stride]
        put_samples_last(grad_out, g)
        return padded, g

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
                    "Conv2d.backward expects grad_out of shape {expected}, as forward returned, but got {shape}; give "
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
        return said(
            "conv.channels_last", "the channels are the last axis, but they belong on axis 1: x.transpose(0, 3, 1, 2)"
        )
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
