"""What a convolutional network is made of, in the words of the lecture's template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index


@dataclass(frozen=True)
class CNNConfig:
    """INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC, with M, N and K counted here.

    Args:
        in_channels: maps of an input image: 1 grey, 3 colour.
        image_size: rows and columns of an input image, which is square.
        num_classes: outputs of the last FC layer.
        filters: filters of the convolutions, one number for each of the M stages.
        convs: N, convolutions of a stage.
        pool: whether a stage ends with max-pooling by 2, which halves the image (an odd row is dropped).
        kernel_size: cells on the side of a convolution's filters; the padding is ``kernel_size // 2``.
        hidden: neurons of the K hidden FC layers.
        batch_norm: whether batch normalization follows every convolution.
        keep_prob: the lecture's p of dropout in the hidden layers, in (0, 1]; 1: no dropout.

    Raises:
        ValueError: a number is out of its range, or pooling leaves nothing of the image.
        TypeError: something is no whole number, or ``filters`` or ``hidden`` no sequence.

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
        if not 0 < self.keep_prob <= 1:
            raise ValueError(
                f"CNNConfig expects keep_prob in (0, 1] but got {self.keep_prob!r}; it is the probability to KEEP a "
                "neuron, 1 for no dropout"
            )
        self.require_image_left()

    def store(self, name: str, value: object) -> None:
        """Set a field of this frozen record, while it is being made."""
        object.__setattr__(self, name, value)

    def require_image_left(self) -> None:
        """Raise where pooling by 2 meets an image of one cell."""
        size = self.image_size
        for stage in range(1, len(self.filters) + 1):
            size += self.convs * (2 * (self.kernel_size // 2) - self.kernel_size + 1)  # an even filter adds a cell
            if self.pool and size < 2:
                raise ValueError(
                    f"CNNConfig: {len(self.filters)} stages with pooling want images of at least "
                    f"{2 ** len(self.filters)}×{2 ** len(self.filters)}, but image_size={self.image_size} leaves "
                    f"{size}×{size} for the pooling of stage {stage}, which takes 2×2; use fewer filters or pool=False"
                )
            size = size // 2 if self.pool else size


def count(name: str, value: object, least: int = 1) -> int:
    """The value as an int.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is below ``least``.
    """
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"CNNConfig expects {name} to be a whole number but got {value!r}") from None
    if number < least:
        raise ValueError(f"CNNConfig expects {name} of at least {least} but got {number}")
    return number


def counts(name: str, values: Sequence[int]) -> tuple[int, ...]:
    """The values as a tuple of ints.

    Raises:
        TypeError: it is no sequence, or one of them is no whole number.
        ValueError: one of them is below 1.
    """
    try:
        items = tuple(values)
    except TypeError:
        raise TypeError(f"CNNConfig expects {name} as a sequence such as ({values!r},) but got {values!r}") from None
    return tuple(count(f"{name}[{place}]", value) for place, value in enumerate(items))
