"""Read CIFAR-10's binary version, a tar archive. A record has 1 byte for the label and 3,072 bytes for the image.

Members are read directly from the archive: nothing is unpacked, and no path inside the archive is ever used.
"""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np

from ncl_course.data.dataset import Array
from ncl_course.data.errors import DataError
from ncl_course.language import text

FOLDER = "cifar-10-batches-bin"
TRAIN = tuple(f"{FOLDER}/data_batch_{number}.bin" for number in range(1, 6))
TEST = f"{FOLDER}/test_batch.bin"

IMAGE = (3, 32, 32)
RECORD = 1 + 3 * 32 * 32
"""Bytes in a record: the label, then the red, the green and the blue plane, each row by row."""


def read_archive(archive: Path, records: int) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the training and the test set, each as images (N, 3, 32, 32) and labels (N,), both uint8.

    Args:
        archive: the path of ``cifar-10-binary.tar.gz``.
        records: the number of images in each of the six files.

    Raises:
        DataError: if the archive is truncated or lacks a file, or if a file does not hold that number of records.
    """
    try:
        found = members(archive, records)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        why = f"{type(error).__name__}: {error}"
        raise DataError(text("course.data.unreadable", path=archive, reason=why)) from error
    missing = [name for name in (*TRAIN, TEST) if name not in found]
    if missing:
        raise DataError(text("course.data.member_missing", path=archive, names=", ".join(missing)))
    images, labels = zip(*(found[name] for name in TRAIN), strict=True)
    return (np.concatenate(images), np.concatenate(labels)), found[TEST]


def members(archive: Path, records: int) -> dict[str, tuple[Array, Array]]:
    """Return the images and labels of each file that we know by name; other members are ignored."""
    found = {}
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            if member.name in (*TRAIN, TEST) and member.isfile():
                require_size(archive, member, records)
                stream = tar.extractfile(member)
                found[member.name] = parsed(archive, member.name, stream.read() if stream else b"")
    return found


def require_size(archive: Path, member: tarfile.TarInfo, records: int) -> None:
    """Raise DataError if a file's size does not match its number of records, before reading the file."""
    if member.size != records * RECORD:
        numbers = {"bytes": member.size, "expected": records * RECORD, "records": records, "record": RECORD}
        raise DataError(text("course.data.member_size", path=archive, name=member.name, **numbers))


def parsed(archive: Path, name: str, content: bytes) -> tuple[Array, Array]:
    """Return the images (N, 3, 32, 32) and labels (N,) of one file.

    Raises:
        DataError: if a label is not one of the classes 0 to 9.
    """
    table = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    labels, images = table[:, 0], table[:, 1:].reshape(-1, *IMAGE)
    if labels.size and labels.max() > 9:
        place = int(np.argmax(labels > 9))
        raise DataError(
            text("course.data.member_label", path=archive, name=name, record=place, label=int(labels[place]))
        )
    return images, labels
