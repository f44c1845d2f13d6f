"""Take the place of tqdm and of modules like it: no bar is shown, but loops run and counts are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from ncl_course.protocol.inert import Inert


class Bar:
    """Goes through an iterable as tqdm does; with ``total`` alone it only counts."""

    _instances: ClassVar[set[Any]] = set()
    monitor_interval = 0

    def __init__(
        self, iterable: Iterable[Any] | None = None, desc: str | None = None, total: float | None = None, **options: Any
    ) -> None:
        self.iterable = iterable
        self.desc, self.total = desc or "", total
        self.n: float = options.get("initial", 0)
        self.disable, self.leave, self.unit = options.get("disable", False), options.get("leave"), options.get("unit")
        self.postfix = options.get("postfix")
        if total is None and hasattr(iterable, "__len__"):
            self.total = len(iterable)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        if self.iterable is None:
            raise TypeError("'NoneType' object is not iterable")
        for item in self.iterable:
            yield item
            self.n += 1

    def __next__(self) -> Any:
        self.iterable = iter(self.iterable or ())
        return next(self.iterable)

    async def __aiter__(self) -> Any:
        async for item in self.iterable:  # type: ignore[union-attr]
            yield item

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self.iterable)  # type: ignore[call-overload]

    def __len__(self) -> int:
        return len(self.iterable) if self.iterable is not None else int(self.total or 0)  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return self.total is None or self.total > 0

    def __contains__(self, item: Any) -> bool:
        return item in (self.iterable or ())

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def update(self, n: float = 1) -> bool:
        """Count that many steps."""
        self.n += n
        return True

    def reset(self, total: float | None = None) -> None:
        """Begin to count anew."""
        self.n = 0
        self.total = self.total if total is None else total

    def set_description(self, desc: str | None = None, *_args: Any, **_options: Any) -> None:
        """Keep the description."""
        self.desc = desc or ""

    set_description_str = set_description

    def set_postfix(self, *args: Any, **values: Any) -> None:
        """Keep the values behind the bar."""
        self.postfix = {**(dict(args[0]) if args and args[0] else {}), **values}

    def set_postfix_str(self, s: str = "", *_args: Any, **_options: Any) -> None:
        """Keep the text behind the bar."""
        self.postfix = s

    @property
    def format_dict(self) -> dict[str, Any]:
        """The state of the bar; no time passes on it."""
        return {"n": self.n, "total": self.total, "elapsed": 0.0, "rate": None, "postfix": self.postfix}

    @classmethod
    def write(cls, *_args: Any, **_options: Any) -> None:
        """Write nothing."""

    @classmethod
    def wrapattr(cls, stream: Any, *_args: Any, **_options: Any) -> Any:
        """Return the stream as it is."""
        return stream

    @classmethod
    def pandas(cls, *_args: Any, **_options: Any) -> None:
        """Do nothing: pandas is not there."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "keys":  # dict(bar) asks for it, to tell a dictionary from pairs
            raise AttributeError(name)
        return Inert()


def trange(*args: Any, **options: Any) -> Bar:
    """Return a bar over ``range``."""
    return Bar(range(*args), **options)


def tenumerate(iterable: Iterable[Any], start: int = 0, *_args: Any, **_options: Any) -> Iterator[Any]:
    """Number the items of an iterable."""
    return enumerate(iterable, start)


def tzip(*iterables: Iterable[Any], **_options: Any) -> Iterator[Any]:
    """Yield the items of several iterables side by side."""
    return zip(*iterables, strict=False)


def tmap(function: Callable[..., Any], *iterables: Iterable[Any], **_options: Any) -> Iterator[Any]:
    """Call a function for each item."""
    return map(function, *iterables)


def called_for_each(function: Callable[..., Any], *iterables: Iterable[Any], **_options: Any) -> list[Any]:
    """Call a function for each item, one after another: ``thread_map`` and ``process_map``."""
    return list(map(function, *iterables))


NAMES: dict[str, Any] = {
    "tqdm": Bar,
    "tqdm_notebook": Bar,
    "tqdm_gui": Bar,
    "trange": trange,
    "tnrange": trange,
    "tgrange": trange,
    "tenumerate": tenumerate,
    "tzip": tzip,
    "tmap": tmap,
    "thread_map": called_for_each,
    "process_map": called_for_each,
    "progress_bar": Bar,
    "master_bar": Bar,
    "progressbar": Bar,
    "alive_it": Bar,
}
"""The public names of every module of tqdm, and of fastprogress, progressbar and alive_progress."""
