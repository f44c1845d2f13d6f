"""The sizes of a convolutional network, in the words of the lecture's template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index

from ncl_course.nn.sentences import said


@dataclass(frozen=True)
class CNNConfig:
    """INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC, with M, N and K given by the fields.

    This is the lecture's template of a CNN. N is ``convs``, M is ``len(filters)`` and K is ``len(hidden)``.

    Args:
        in_channels: the number of maps of an input image: 1 for grey, 3 for colour.
        image_size: the number of rows and of columns of an input image, in pixels.
        num_classes: the number of outputs of the last FC layer.
        filters: the number of filters of each convolution, one number for each of the M stages.
        convs: N, the number of convolutions in each stage.
        pool: whether a stage ends with max-pooling by 2, which halves the image (an odd row is dropped).
        kernel_size: the number of rows and of columns of a filter, odd: with the padding ``kernel_size // 2`` only an
            odd filter keeps the size of the image.
        hidden: the number of neurons in each of the K hidden FC layers.
        batch_norm: whether batch normalization follows every convolution.
        keep_prob: the lecture's p of dropout in the hidden layers, in (0, 1]; 1 means no dropout.

    Raises:
        ValueError: if a number is out of range, if ``kernel_size`` is even, or if pooling leaves nothing of the image.
        TypeError: if a number is not a whole number, or if ``filters`` or ``hidden`` is not a sequence.

    Example:
        >>> CNNConfig(in_channels=1, image_size=8, num_classes=10, filters=[16, 32]).filters
        (16, 32)
    """

    in_channels: int
    image_size: int
    num_classes: int
    filters: tuple[int, ...]
    convs: int = 1
    pool: bool = True
    kernel_size: int = 3
    hidden: tuple[int, ...] = ()
    batch_norm: bool = False
    keep_prob: float = 1.0

    def __post_init__(self) -> None:
        for name in ("in_channels", "image_size", "convs", "kernel_size"):
            self.store(name, count(name, getattr(self, name)))
        self.store("num_classes", count("num_classes", self.num_classes, least=2))
        for name in ("filters", "hidden"):
            self.store(name, counts(name, getattr(self, name)))
        if self.kernel_size % 2 == 0:
            raise ValueError(
                said(
                    "config.odd",
                    "CNNConfig expects an odd kernel_size but got {number}: with the padding kernel_size // 2, an even "
                    "filter would add a row and a column to the image",
                    number=self.kernel_size,
                )
            )
        if not 0 < self.keep_prob <= 1:
            raise ValueError(
                said(
                    "config.keep_prob",
                    "CNNConfig expects keep_prob in (0, 1] but got {value}; it is the probability to KEEP a neuron, "
                    "1 for no dropout",
                    value=repr(self.keep_prob),
                )
            )
        self.require_image_left()

    def store(self, name: str, value: object) -> None:
        """Set a field of this frozen record while it is being constructed."""
        object.__setattr__(self, name, value)

    def require_image_left(self) -> None:
        """Raise ValueError if pooling by 2 would get an image that is smaller than 2×2."""
        size = self.image_size
        for stage in range(1, len(self.filters) + 1):
            if self.pool and size < 2:
                raise ValueError(
                    said(
                        "config.image_size",
                        "CNNConfig: {stages} stages with pooling want images of at least {least}×{least}, but "
                        "image_size={image_size} leaves {size}×{size} for the pooling of stage {stage}, which takes "
                        "2×2; use fewer filters or pool=False",
                        stages=len(self.filters),
                        least=2 ** len(self.filters),
                        image_size=self.image_size,
                        size=size,
                        stage=stage,
                    )
                )
            size = size // 2 if self.pool else size


def count(name: str, value: object, least: int = 1) -> int:
    """Return the value as an int.

    Raises:
        TypeError: if the value is not a whole number.
        ValueError: if it is below ``least``.
    """
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            said(
                "config.whole",
                "CNNConfig expects {name} to be a whole number but got {value}",
                name=name,
                value=repr(value),
            )
        ) from None
    if number < least:
        raise ValueError(
            said(
                "config.least",
                "CNNConfig expects {name} of at least {least} but got {number}",
                name=name,
                least=least,
                number=number,
            )
        )
    return number


def counts(name: str, values: Sequence[int]) -> tuple[int, ...]:
    """Return the values as a tuple of ints.

    Raises:
        TypeError: if the values are not a sequence, or if one of them is not a whole number.
        ValueError: if one of them is below 1.
    """
    try:
        items = tuple(values)
    except TypeError:
        raise TypeError(
            said(
                "config.sequence",
                "CNNConfig expects {name} as a sequence such as ({value},) but got {value}",
                name=name,
                value=repr(values),
            )
        ) from None
    return tuple(count(f"{name}[{place}]", value) for place, value in enumerate(items))
