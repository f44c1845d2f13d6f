"""The file of one exercise's recorded answers: a frame of the protocol, compressed; it holds plain numbers alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncl_course.checking.right.expected import Expected
from ncl_course.protocol.script import Outcome
from ncl_course.protocol.values import Arrays, ProtocolError, pack_value, unpack_value
from ncl_course.protocol.wire import LENGTHS, MAX_BODY, decode, encode

FOLDER = Path(__file__).parent / "answers"


@dataclass(frozen=True)
class RecordedPart:
    """The recorded answers of one part.

    Attributes:
        digest: the digest of the cases that they belong to.
        known: the numbers that the cases take from an oracle, by digest.
        expected: one answer for each case.
    """

    digest: str
    known: Mapping[str, float]
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Recording:
    """The record of one exercise.

    Attributes:
        arguments: the names of its constructor's or function's arguments, in order.
        parts: the recorded answers by the part's name.
    """

    arguments: tuple[str, ...] = ()
    parts: Mapping[str, RecordedPart] = field(default_factory=dict)


def path_of(exercise: str, folder: Path = FOLDER) -> Path:
    """Return the file of an exercise."""
    return folder / f"{exercise}.bin"


def as_bytes(recording: Recording) -> bytes:
    """Return the contents of an exercise's file."""
    arrays: Arrays = []
    tree = {
        name: {
            "digest": part.digest,
            "known": dict(part.known),
            "cases": [packed(one, arrays) for one in part.expected],
        }
        for name, part in recording.parts.items()
    }
    return zlib.compress(encode({"arguments": list(recording.arguments), "parts": tree}, arrays), 9)


def read(path: Path) -> Recording:
    """Return what is recorded of an exercise.

    Raises:
        OSError: if the file cannot be read.
        ProtocolError: if it is not such a file.
    """
    try:
        frame = zlib.decompressobj().decompress(path.read_bytes(), MAX_BODY)
        head, body = LENGTHS.unpack_from(frame)
        start = LENGTHS.size + head
        header, arrays = decode(frame[LENGTHS.size : start], frame[start : start + body])
        parts = {
            name: RecordedPart(part["digest"], part["known"], tuple(unpacked(case, arrays) for case in part["cases"]))
            for name, part in header["parts"].items()
        }
        return Recording(tuple(header["arguments"]), parts)
    except (zlib.error, struct.error, ProtocolError, LookupError, TypeError, ValueError) as error:
        raise ProtocolError(f"refused: {path.name} holds no recorded answers") from error


def stored(path: Path) -> Recording:
    """Return what a file holds: nothing if there is no such file, or if it is damaged."""
    try:
        return read(path)
    except (OSError, ProtocolError):
        return Recording()


def packed(one: Expected, arrays: Arrays) -> dict[str, Any]:
    """Pack one case's answer as a tree."""
    return {
        "values": [pack_value(outcome.value, arrays) for outcome in one.trace],
        "masks": {str(step): forward for step, forward in one.masks.items()},
        "drawn": one.drawn,
        "bounds": {str(step): [pack_value(end, arrays) for end in ends] for step, ends in one.bounds.items()},
        "reach": {str(step): pack_value(most, arrays) for step, most in one.reach.items()},
        "open": one.open,
    }


def unpacked(node: Any, arrays: Arrays) -> Expected:
    """Return the answer that ``packed`` packed."""
    low_high = ((int(step), [unpack_value(end, arrays) for end in ends]) for step, ends in node["bounds"].items())
    return Expected(
        tuple(Outcome(unpack_value(value, arrays)) for value in node["values"]),
        {int(step): forward for step, forward in node["masks"].items()},
        node["drawn"],
        {step: (low, high) for step, (low, high) in low_high},
        {int(step): unpack_value(most, arrays) for step, most in node["reach"].items()},
        node["open"],
    )
