"""Pack the arguments of a script's steps as trees of plain JSON values: stand-ins, texts, and plain values."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from ncl_course.protocol.script import Generator, Layers, Layout, Piece, Ref, Tensor
from ncl_course.protocol.values import Arrays, array_at, cut, demand, pack_value, unpack_value


def pack_argument(value: Any, arrays: Arrays) -> Any:
    """Pack an argument as a tree: a value, a stand-in, a text, or a tuple of these."""
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [pack_argument(item, arrays) for item in value]}
    if value is None or isinstance(value, numbers.Number | np.generic | np.ndarray):
        return pack_value(value, arrays)
    return pack_stand_in(value, arrays)


def pack_stand_in(value: Any, arrays: Arrays) -> Any:
    """Pack a stand-in for an array in memory, a generator, layers, or an object."""
    match value:
        case Tensor():
            arrays.append(value.values)
            return {"tensor": [len(arrays) - 1, value.layout.value]}
        case Generator():
            return {"generator": [value.seed, value.name]}
        case Layers():
            shapes = [{name: list(shape) for name, shape in layer.items()} for layer in value.shapes]
            return {"layers": [shapes, value.dtype]}
        case Piece():
            named = {name: pack_argument(item, arrays) for name, item in value.kwargs.items()}
            return {"piece": [value.name, pack_argument(value.args, arrays), named]}
        case Ref():
            return {"ref": value.obj}
    raise TypeError(f"a script cannot hold a {type(value).__name__}")


def unpack_argument(node: Any, arrays: Arrays) -> Any:
    """Return the argument that ``pack_argument`` packed."""
    if isinstance(node, dict) and len(node) == 1:
        ((kind, content),) = node.items()
        reader = ARGUMENTS.get(kind)
        if reader is not None:
            return reader(content, arrays)
    return unpack_value(node, arrays)


def unpack_tensor(content: Any, arrays: Arrays) -> Tensor:
    """Return an array with its memory layout."""
    demand(isinstance(content, list) and len(content) == 2, "a tensor is an array and a layout")
    demand(content[1] in {layout.value for layout in Layout}, "an unknown layout")
    return Tensor(array_at(content[0], arrays), Layout(content[1]))


def unpack_generator(content: Any, _arrays: Arrays) -> Generator:
    """Return a generator's stand-in, given its seed and its name."""
    demand(isinstance(content, list) and len(content) == 2, "a generator is a seed and a name")
    seed, name = content
    demand(type(seed) is int and seed >= 0, "a seed is a whole number, at least 0")
    return Generator(seed, cut(name))


def unpack_layers(content: Any, _arrays: Arrays) -> Layers:
    """Return the stand-in for given layers whose parameters have those shapes and that dtype."""
    demand(isinstance(content, list) and len(content) == 2, "layers are shapes and a dtype")
    layers, dtype = content
    demand(isinstance(layers, list) and all(isinstance(shapes, dict) for shapes in layers), "layers were expected")
    demand(dtype in ("float16", "float32", "float64", "int64"), "an unknown dtype")
    sizes = [size for shapes in layers for shape in shapes.values() for size in shape]
    demand(all(type(size) is int and 0 <= size <= 1 << 20 for size in sizes), "sizes are whole numbers, at least 0")
    return Layers(tuple({cut(name): tuple(shape) for name, shape in shapes.items()} for shapes in layers), dtype)


def unpack_piece(content: Any, arrays: Arrays) -> Piece:
    """Return the stand-in for one of the course's pieces, with its arguments."""
    demand(isinstance(content, list) and len(content) == 3, "a piece is a name and arguments")
    name, args, named = content
    demand(isinstance(named, dict), "a piece's arguments were expected")
    unpacked = unpack_argument(args, arrays)
    demand(isinstance(unpacked, tuple), "a piece's arguments were expected")
    return Piece(cut(name), unpacked, {cut(key): unpack_argument(item, arrays) for key, item in named.items()})


def unpack_items(content: Any, arrays: Arrays) -> list[Any]:
    """Return the items of a list or a tuple."""
    demand(isinstance(content, list), "items were expected")
    return [unpack_argument(item, arrays) for item in content]


ARGUMENTS: dict[str, Callable[[Any, Arrays], Any]] = {
    "tensor": unpack_tensor,
    "generator": unpack_generator,
    "layers": unpack_layers,
    "piece": unpack_piece,
    "ref": lambda content, _: Ref(cut(content)),
    "text": lambda content, _: cut(content),
    "list": unpack_items,
    "tuple": lambda content, arrays: tuple(unpack_items(content, arrays)),
}
