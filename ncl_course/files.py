"""Files that are whole at any time, whatever happens while they are written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_atomically(path: Path, content: str | Iterable[str], *, durable: bool = True) -> None:
    """Write a file so that a reader finds the old one or the new one, whole, whatever happens in between.

    The folders above it are made where they are missing; lines end as they are given. A long content may come in
    pieces, so that it is never in memory whole. What can be made again at any time need not be ``durable``: it is whole
    all the same, but nobody waits for the disk.

    Raises:
        OSError: it cannot be written; the old one is still there, and nothing beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines([content] if isinstance(content, str) else content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def append_line(path: Path, line: str) -> None:
    """Add one line to a file, and come back when it is on the disk.

    Raises:
        OSError: it cannot be written; a part of it may stand at the end.
    """
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
