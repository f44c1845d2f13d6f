"""Frames on a private descriptor: a length, a JSON header, and the raw bytes of the arrays that it lists.

Nothing is ever pickled. A frame from a student's process is taken for hostile: sizes are checked before any
memory is spent on them, dtypes come from a fixed list, and the bytes must fit the shape.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.values import MAX_NDIM, Arrays, ProtocolError, demand

LENGTHS = struct.Struct(">IQ")
MAX_HEADER = 4 * 2**20
MAX_BODY = 64 * 2**20
MAX_ARRAYS = 4_096
KINDS = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32")


def known_dtypes() -> dict[str, np.dtype[Any]]:
    """Every dtype that may cross, by its full name (``<f8``); those that this machine lacks are left out."""
    known = {}
    for name in [order + kind for kind in KINDS for order in "<>"]:
        try:
            dtype = np.dtype(name)
        except TypeError:
            continue
        known[dtype.str] = dtype
    return known


DTYPES = known_dtypes()


def encode(header: dict[str, Any], arrays: Arrays | None = None) -> bytes:
    """A frame.

    Raises:
        ProtocolError: an array cannot cross, or there is too much of it all.
    """
    table, parts = [], []
    for array in arrays or []:
        if array.dtype.str not in DTYPES:  # no demand(): a dtype's name takes long to make, and is seldom needed
            raise ProtocolError(f"refused: arrays of dtype {array.dtype} cannot cross")
        demand(array.ndim <= MAX_NDIM, "an array of too many dimensions")
        demand(array.nbytes <= MAX_BODY, "too many bytes of arrays")
        table.append([array.dtype.str, list(array.shape)])
        parts.append(array.tobytes())
    head = json.dumps({**header, "arrays": table}).encode("ascii")
    size = sum(map(len, parts))
    check_sizes(len(head), size)
    demand(len(table) <= MAX_ARRAYS, "too many arrays")
    return b"".join([LENGTHS.pack(len(head), size), head, *parts])


def decode(head: bytes, body: bytes | bytearray) -> tuple[dict[str, Any], Arrays]:
    """The header and the arrays of a frame.

    Raises:
        ProtocolError: this is no frame of ours.
    """
    try:
        header = json.loads(head.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("refused: the header is not JSON") from error
    demand(isinstance(header, dict), "the header is not an object")
    table = header.pop("arrays", None)
    demand(isinstance(table, list) and len(table) <= MAX_ARRAYS, "a list of arrays was expected")
    arrays, offset = [], 0
    for entry in table:
        dtype, shape = array_entry(entry)
        size = dtype.itemsize * math.prod(shape)
        demand(offset + size <= len(body), "an array is longer than what came")
        arrays.append(read_array(body, dtype, shape, offset))
        offset += size
    demand(offset == len(body), "more came than the arrays hold")
    return header, arrays


def array_entry(entry: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The dtype and the shape of an array, both checked."""
    demand(isinstance(entry, list) and len(entry) == 2, "an array has a dtype and a shape")
    name, shape = entry
    demand(isinstance(name, str) and name in DTYPES, "an unknown dtype")
    demand(isinstance(shape, list) and len(shape) <= MAX_NDIM, "a shape of too many dimensions")
    demand(all(type(n) is int and n >= 0 for n in shape), "an impossible shape")
    demand(math.prod(max(n, 1) for n in shape) <= MAX_BODY, "an impossible shape")
    return DTYPES[name], tuple(shape)


def read_array(body: bytes | bytearray, dtype: np.dtype[Any], shape: tuple[int, ...], offset: int) -> NDArray[Any]:
    """One array, in memory of its own."""
    raw = np.uint8 if dtype.kind == "b" else dtype  # a bool of another byte than 0 and 1 is no bool
    flat = np.frombuffer(body, raw, count=math.prod(shape), offset=offset).reshape(shape)
    return np.asarray(flat != 0) if dtype.kind == "b" else flat.copy()


def check_sizes(head: int, body: int) -> None:
    """Refuse what is too large before any memory is spent on it."""
    demand(0 < head <= MAX_HEADER, "a header of impossible length")
    demand(0 <= body <= MAX_BODY, "too many bytes of arrays")


def send(
    channel: socket.socket, header: dict[str, Any], arrays: Arrays | None = None, deadline: float | None = None
) -> None:
    """Send one frame, at most until ``deadline`` by ``time.monotonic``: the other side may have stopped reading.

    Raises:
        OSError: the other side is gone; ``TimeoutError``: the deadline is past.
    """
    frame = encode(header, arrays)
    if deadline is not None:
        channel.settimeout(max(deadline - time.monotonic(), 1e-3))
    channel.sendall(frame)


def receive(channel: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], Arrays]:
    """Wait for one frame, at most until ``deadline`` by ``time.monotonic``.

    Raises:
        EOFError: the other side is gone.
        TimeoutError: the deadline is past.
        ProtocolError: this is no frame of ours.
    """
    head_size, body_size = LENGTHS.unpack(read_exactly(channel, LENGTHS.size, deadline))
    check_sizes(head_size, body_size)
    head = read_exactly(channel, head_size, deadline)
    return decode(bytes(head), read_exactly(channel, body_size, deadline))


def read_exactly(channel: socket.socket, size: int, deadline: float | None) -> bytearray:
    """That many bytes; memory grows with what comes and not with what was announced."""
    data = bytearray()
    while len(data) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the other side does not answer")
            channel.settimeout(left)
        chunk = channel.recv(min(size - len(data), 2**20))
        if not chunk:
            raise EOFError("the other side is gone")
        data += chunk
    return data
