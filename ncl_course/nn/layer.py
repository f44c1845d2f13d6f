"""The base class of every layer that a student writes."""

from __future__ import annotations

from typing import Any, Self

from numpy.typing import NDArray

from ncl_course.nn.sentences import Sentence, said

Array = NDArray[Any]


class Layer:
    """One layer of a network: a forward pass, a backward pass, and the parameters that it learns.

    Subclass it and write ``forward`` and ``backward``. Everything else is provided, even if a subclass has no
    ``__init__`` or forgets to call ``super().__init__()``.

    Attributes:
        params: the arrays that the layer learns, by name. Optimisers write into these arrays in place.
        grads: dL/d(parameter) by the same names, in the same shapes; each ``backward`` fills them again.
        training: True at first; ``train()`` and ``eval()`` set it.

    Example:
        >>> import numpy as np
        >>> class Double(Layer):
        ...     def forward(self, x):
        ...         return 2 * x
        ...     def backward(self, grad_out):
        ...         return 2 * grad_out
        >>> Double()(np.array([1.0, 3.0]))
        array([2., 6.])
    """

    params: dict[str, Array]
    grads: dict[str, Array]
    training: bool

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        # This is here and not in __init__, because a student's __init__ may forget super().__init__().
        layer = super().__new__(cls)
        layer.params = {}
        layer.grads = {}
        layer.training = True
        return layer

    def forward(self, x: Array) -> Array:
        """Return the layer's output, an array, for the input ``x``, an array of the shape that the layer expects.

        Raises:
            NotImplementedError: if the subclass has not written it yet.
        """
        raise NotImplementedError(unwritten(self, "forward"))

    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx for the latest forward pass, in the shape of x, and fill ``grads``.

        ``grad_out`` is dL/d(output), in the shape of the output.

        Raises:
            NotImplementedError: if the subclass has not written it yet.
        """
        raise NotImplementedError(unwritten(self, "backward"))

    def __call__(self, x: Array) -> Array:
        return self.forward(x)

    def train(self) -> Self:
        """Switch to training mode and return the layer."""
        self.training = True
        return self

    def eval(self) -> Self:
        """Switch to test mode and return the layer."""
        self.training = False
        return self


def unwritten(layer: Layer, method: str) -> Sentence:
    """The sentence of a method that a subclass has not written."""
    return said("layer.unwritten", "{layer}.{method} is not written yet", layer=type(layer).__name__, method=method)
