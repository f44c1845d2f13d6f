"""Objects that stand for pictures, widgets and displays where nothing is shown: using them does nothing.

They keep a loop or an unpacking going as the real objects would, and they hold no numbers: code that wants a number
from one of them is told so.
"""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from ncl_course.nn.sentences import said

UNPACK, UNPACK_REST = dis.opmap["UNPACK_SEQUENCE"], dis.opmap["UNPACK_EX"]

VERSION = "9.9.9"
"""The version of every stand-in: code that asks for a new enough one finds it."""

OPERATORS = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"


class Inert:
    """Whatever is done with it, nothing happens, and another object like it comes back.

    Args:
        size: the number of items in a loop: as many as there were in the data that made it, or one.
    """

    def __init__(self, size: int = 1) -> None:
        object.__setattr__(self, "_size", size)

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        """Return another inert object; as a decorator, the function or class as it was."""
        only = args[0] if len(args) == 1 else None
        return only if isinstance(only, types.FunctionType | type) else Inert(size_of(args))

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return VERSION
        if name.startswith("__"):
            raise AttributeError(name)
        return axes_only if name == "subplots" else Inert()

    def __setattr__(self, _name: str, _value: Any) -> None:
        pass

    def __delattr__(self, _name: str) -> None:
        pass

    def __getitem__(self, _index: Any) -> Any:
        return Inert()

    def __setitem__(self, _index: Any, _value: Any) -> None:
        pass

    def __delitem__(self, _index: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        """Yield as many items as an unpacking asks for, or else as many as there were in the data."""
        asked = unpacked(sys._getframe(1), self._size)
        return iter([Inert() for _ in range(self._size if asked is None else asked)])

    def __len__(self) -> int:
        return int(self._size)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, _item: Any) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_error: object) -> None:
        pass

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (object,)

    def __format__(self, _spec: str) -> str:
        return ""

    def __array__(self, *_args: Any, **_options: Any) -> Any:
        raise no_numbers()

    def __float__(self) -> float:
        raise no_numbers()

    def __int__(self) -> int:
        raise no_numbers()

    def __index__(self) -> int:
        raise no_numbers()

    __array_ufunc__ = None


def no_numbers() -> ImportError:
    """Return the error of code that wants a number from an object that only shows something."""
    refusal = said(
        "refused.inert",
        "pictures, images, widgets and data sets are not there while a notebook is graded: there is no number in them",
    )
    return ImportError(refusal)


def another(_self: Any, *_others: Any) -> Any:
    """Return another inert object: the result of every operator."""
    return Inert()


for _name in OPERATORS.split():
    for _form in ("", "r"):
        setattr(Inert, f"__{_form}{_name}__", another)
for _name in ("neg", "pos", "abs", "invert", "round"):
    setattr(Inert, f"__{_name}__", another)


def size_of(args: tuple[Any, ...]) -> int:
    """Return the number of items of the first argument that has items; one if there is none."""
    for value in args:
        if isinstance(value, list | tuple | dict | set | frozenset | range) or (
            isinstance(value, np.ndarray) and value.ndim
        ):
            return len(value)
    return 1


def unpacked(frame: types.FrameType, size: int) -> int | None:
    """Return the number of items that a frame is about to unpack; None if it is not unpacking.

    With a star there are as many items as there is data, or more.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    if at < 0 or code[at] not in (UNPACK, UNPACK_REST):
        return None
    if code[at] == UNPACK:
        return code[at + 1]
    after = code[at - 1] if at >= 2 and code[at - 2] == dis.EXTENDED_ARG else 0
    return max(code[at + 1] + after, size)


def axes_only(nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **_options: Any) -> Any:
    """Return as many inert axes as were asked for, in an array: the axes of ``figure.subplots``."""
    axes = np.empty((nrows, ncols), dtype=object)
    for place in np.ndindex(axes.shape):
        axes[place] = Inert()
    if not squeeze:
        return axes
    return axes.item() if axes.size == 1 else axes.squeeze()


def subplots(nrows: int = 1, ncols: int = 1, *_more: Any, squeeze: bool = True, **_options: Any) -> tuple[Any, Any]:
    """Return an inert figure with as many inert axes as were asked for."""
    return Inert(), axes_only(nrows, ncols, squeeze=squeeze)


def hist(x: Any, bins: Any = 10, *_more: Any, **options: Any) -> tuple[Any, Any, Any]:
    """Return the real counts and edges of a histogram, and inert bars."""
    named = {name: options[name] for name in ("range", "density", "weights") if options.get(name) is not None}
    counts, edges = np.histogram(np.asarray(x).ravel(), 10 if bins is None else bins, **named)
    return counts.astype(float), edges, Inert(len(counts))


def silent(*_args: Any, **_options: Any) -> None:
    """Do nothing: ``check``, ``display`` and functions like them."""
