"""Write files so that a reader never finds a half-written file, whatever happens during the writing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def write_atomically(path: Path, content: str | bytes | Iterable[str], *, durable: bool = True) -> None:
    """Write a file so that a reader finds either the complete old file or the complete new one, whatever happens.

    Missing parent folders are created. Text is written in UTF-8, with its line endings as given; a long text may come
    in pieces, so that it never has to be in memory as a whole. A file that can be made again at any time need not be
    ``durable``: it is still complete, but the call does not wait for the disk. Its rights follow the user's umask, as
    those of any new file do, so that marks on a shared machine are as private as their owner wants.

    Raises:
        OSError: if the file cannot be written. The old file is then still there, and no temporary file is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")  # short, since the file's own name may be a long one
    try:
        with temporary.open("xb") as file:
            pieces = [content] if isinstance(content, (str, bytes)) else content
            file.writelines(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # the temporary file's name says nothing to a reader
        raise
    finally:
        temporary.unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """Add one line to a file, and return when it is on the disk. No link is followed.

    Raises:
        OSError: if the line cannot be written. Part of it may then be at the end of the file.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o666), "a", encoding="utf-8", newline="") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
