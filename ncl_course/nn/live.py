"""The arrays of many layers under one roof: a dict whose values are the layers' own arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ncl_course.nn.layer import Array


class LiveArrays(dict[str, Array]):
    """Name to the live array. To assign is to write into that array, so whoever holds it sees the change.

    ``dict(live)`` holds the same arrays; a copy by ``copy.deepcopy`` is a plain dict of new arrays.

    Example:
        >>> import numpy as np
        >>> weight = np.zeros(2)
        >>> live = LiveArrays({"0.weight": weight})
        >>> live["0.weight"] = np.array([1.0, 2.0])
        >>> weight
        array([1., 2.])
    """

    def __setitem__(self, name: str, value: Any) -> None:
        """Write the value into the live array of that name.

        Raises:
            KeyError: there is no such array.
            ValueError: the value's shape does not fit (NumPy's own words).
        """
        if name not in self:
            raise KeyError(f"no array {name!r} here; there are: {', '.join(self)}")
        if value is not self[name]:
            self[name][...] = value

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Write several values, each into the live array of its name, for example those of a saved copy."""
        for name, value in dict(*args, **kwargs).items():
            self[name] = value

    def __ior__(self, values: Any) -> LiveArrays:  # type: ignore[override,misc]
        self.update(values)
        return self

    def __reduce__(self) -> tuple[type[dict[str, Array]], tuple[Mapping[str, Array]]]:
        # copy and pickle rebuild a dict by assigning to its keys, and here to assign is to write into an array.
        return dict, (dict(self),)
