"""Send frames over a private socket: the lengths, a JSON header, and the raw bytes of the arrays that it lists.

Nothing is ever pickled. A frame from a student's process is treated as hostile: sizes are checked before any memory is
allocated for them, dtypes come from a fixed list, and the bytes must fit the shape.
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
    """Return every dtype that may be sent, by its full name (``<f8``), except those that this machine does not have."""
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
    """Return a frame as bytes.

    Raises:
        ProtocolError: if an array has a forbidden dtype, or if the frame is too large.
    """
    table, parts = [], []
    for array in arrays or []:
        if array.dtype.str not in DTYPES:  # not demand(): its message is slow to make and seldom needed
            raise ProtocolError(f"refused: arrays of dtype {array.dtype} cannot be sent")
        demand(array.ndim <= MAX_NDIM, "an array with too many dimensions")
        demand(array.nbytes <= MAX_BODY, "too many bytes of arrays")
        table.append([array.dtype.str, list(array.shape)])
        parts.append(array.tobytes())
    head = json.dumps({**header, "arrays": table}).encode("ascii")
    size = sum(map(len, parts))
    check_sizes(len(head), size)
    demand(len(table) <= MAX_ARRAYS, "too many arrays")
    return b"".join([LENGTHS.pack(len(head), size), head, *parts])


def decode(head: bytes, body: bytes | bytearray) -> tuple[dict[str, Any], Arrays]:
    """Return the header and the arrays of a frame.

    Raises:
        ProtocolError: if the bytes are not a valid frame.
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
        demand(offset + size <= len(body), "an array is longer than the bytes received")
        arrays.append(read_array(body, dtype, shape, offset))
        offset += size
    demand(offset == len(body), "more bytes were received than the arrays hold")
    return header, arrays


def array_entry(entry: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Return the dtype and the shape of an array, both checked."""
    demand(isinstance(entry, list) and len(entry) == 2, "an array has a dtype and a shape")
    name, shape = entry
    demand(isinstance(name, str) and name in DTYPES, "an unknown dtype")
    demand(isinstance(shape, list) and len(shape) <= MAX_NDIM, "a shape with too many dimensions")
    demand(all(type(n) is int and n >= 0 for n in shape), "an impossible shape")
    demand(math.prod(max(n, 1) for n in shape) <= MAX_BODY, "an impossible shape")
    return DTYPES[name], tuple(shape)


def read_array(body: bytes | bytearray, dtype: np.dtype[Any], shape: tuple[int, ...], offset: int) -> NDArray[Any]:
    """Return one array, in newly allocated memory."""
    raw = np.uint8 if dtype.kind == "b" else dtype  # a bool byte other than 0 and 1 must not become an invalid bool
    flat = np.frombuffer(body, raw, count=math.prod(shape), offset=offset).reshape(shape)
    return np.asarray(flat != 0) if dtype.kind == "b" else flat.copy()


def check_sizes(head: int, body: int) -> None:
    """Raise ProtocolError for sizes that are too large, before any memory is allocated for them."""
    demand(0 < head <= MAX_HEADER, "a header of impossible length")
    demand(0 <= body <= MAX_BODY, "too many bytes of arrays")


def send(
    channel: socket.socket, header: dict[str, Any], arrays: Arrays | None = None, deadline: float | None = None
) -> None:
    """Send one frame, waiting at most until ``deadline`` by ``time.monotonic``: the other side may not be reading.

    Raises:
        OSError: if the other side is gone; ``TimeoutError`` if the deadline is past.
    """
    frame = encode(header, arrays)
    if deadline is not None:
        channel.settimeout(max(deadline - time.monotonic(), 1e-3))
    channel.sendall(frame)


def receive(channel: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], Arrays]:
    """Wait for one frame, at most until ``deadline`` by ``time.monotonic``.

    Raises:
        EOFError: if the other side is gone.
        TimeoutError: if the deadline is past.
        ProtocolError: if the bytes are not a valid frame.
    """
    head_size, body_size = LENGTHS.unpack(read_exactly(channel, LENGTHS.size, deadline))
    check_sizes(head_size, body_size)
    head = read_exactly(channel, head_size, deadline)
    return decode(bytes(head), read_exactly(channel, body_size, deadline))


def read_exactly(channel: socket.socket, size: int, deadline: float | None) -> bytearray:
    """Read that number of bytes; memory grows with the bytes received, and not with the announced size."""
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
