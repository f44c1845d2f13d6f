"""A published file: the copy on this machine, or a download that is made once and checked."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncl_course.data.errors import DataError
from ncl_course.language import text

CHUNK = 1 << 16
"""Bytes between two steps of the progress bar."""


@dataclass(frozen=True)
class Source:
    """A file that somebody has published.

    Attributes:
        title: what a person calls it.
        url: where it is.
        known_hash: its checksum, ``"sha256:…"`` or ``"md5:…"``; what differs from it is refused.
        megabytes: its size, for people.
    """

    title: str
    url: str
    known_hash: str
    megabytes: int

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]


def data_folder() -> Path:
    """Where downloads are kept: the folder ``NCL_DATA`` names, else the system's folder for caches."""
    named = os.environ.get("NCL_DATA")
    if named:
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache("ncl_course"))


def fetch(source: Source, progress: bool = True) -> Path:
    """The file in the data folder; downloaded where it is not there, or is not what was published.

    Raises:
        DataError: it cannot be downloaded, arrives altered, or cannot be stored; the message says what to do by hand.
    """
    folder = data_folder()
    known = {"source": source.title, "file": source.name, "url": source.url, "folder": folder, "mb": source.megabytes}
    with told(folder / source.name, known):
        return Path(downloaded(source, folder, progress))


def downloaded(source: Source, folder: Path, progress: bool) -> str:
    """What pooch does: checks the copy that is there, else downloads under another name, checks, and renames."""
    import pooch

    bar = Bar(source.title) if progress else None
    with quiet(), contextlib.ExitStack() as left_open:

        def close_later(answer: Any, **_: Any) -> None:  # pooch leaves a response open where it raises
            left_open.callback(answer.close)

        downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, hooks={"response": close_later})
        if bar:
            left_open.callback(bar.close)
        return str(pooch.retrieve(source.url, source.known_hash, source.name, folder, downloader=downloader))


@contextlib.contextmanager
def told(copy: Path, known: dict[str, Any]) -> Iterator[None]:
    """Turn what pooch raises into sentences. No traceback of five libraries: the sentence has the reason."""
    from requests.exceptions import RequestException

    was_there = copy.exists()
    try:
        yield
    except RequestException as error:  # before OSError, which it is one of
        spoilt = text("course.data.spoilt_copy", file=copy) + " " if was_there else ""
        raise DataError(spoilt + text("course.data.no_download", reason=reason(error), **known)) from error
    except ValueError as error:
        raise DataError(text("course.data.altered_download", **known)) from error
    except OSError as error:
        raise DataError(text("course.data.no_folder", reason=reason(error), **known)) from error


def reason(error: BaseException) -> str:
    """An error in one line: its type and the innermost cause's own words."""
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else '…'}"


def require_published(file: Path, source: Source) -> Path:
    """The file itself, where it is what was published.

    Raises:
        DataError: it is not there, or it differs.
    """
    import pooch

    if not file.is_file():
        raise DataError(text("course.data.no_such_file", path=file, file=source.name, url=source.url))
    algorithm, _, right = source.known_hash.rpartition(":")
    if pooch.file_hash(str(file), alg=algorithm or "sha256") != right.lower():
        raise DataError(text("course.data.altered_copy", path=file, file=source.name, url=source.url))
    return file


class Bar:
    """A progress bar as pooch wants it: a widget in a notebook, a line elsewhere, and none before bytes come."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.shown: Any = None

    @property
    def total(self) -> int:
        """How many bytes there are; the bar appears when that is known."""
        return int(self.shown.total) if self.shown is not None else 0

    @total.setter
    def total(self, size: int) -> None:
        from tqdm.auto import tqdm

        self.shown = tqdm(desc=self.title, total=size, unit="B", unit_scale=True)

    def update(self, size: int) -> None:
        """So many bytes more."""
        self.shown.update(size)

    def reset(self) -> None:
        """Count from the beginning: pooch counts whole chunks and puts it right at the end."""
        self.shown.reset()

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self.shown is not None:
            self.shown.close()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without pooch's own lines about what it does, in one language only."""
    import pooch

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
