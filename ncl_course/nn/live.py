"""One dict for the arrays of many layers: its values are the layers' own arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ncl_course.nn.layer import Array
from ncl_course.nn.sentences import said


class LiveArrays(dict[str, Array]):
    """A dict of live arrays by name: assigning to a name writes into its array.

    All holders of the array see the change.

    ``dict(live)`` holds the same arrays; ``copy.deepcopy(live)`` is a plain dict of new arrays.

    Example:
        >>> import numpy as np
        >>> weight = np.zeros(2)
        >>> live = LiveArrays({"0.weight": weight})
        >>> live["0.weight"] = np.array([1.0, 2.0])
        >>> weight
        array([1., 2.])
    """

    def __setitem__(self, name: str, value: Any) -> None:
        """Write the value into the live array with that name.

        Raises:
            KeyError: if there is no such array.
            ValueError: if the value's shape does not fit; the message is NumPy's.
        """
        if name not in self:
            names = ", ".join(self)
            raise KeyError(
                said("live.unknown", "no array {name} here; there are: {names}", name=repr(name), names=names)
            )
        if value is not self[name]:
            self[name][...] = value

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Write several values, each into the live array with its name: for example, those of a saved copy."""
        for name, value in dict(*args, **kwargs).items():
            self[name] = value

    def __ior__(self, values: Any) -> LiveArrays:  # type: ignore[override,misc]
        self.update(values)
        return self

    def __reduce__(self) -> tuple[type[dict[str, Array]], tuple[Mapping[str, Array]]]:
        # copy and pickle rebuild a dict by assigning to its keys, which would write into the original arrays here.
        return dict, (dict(self),)
