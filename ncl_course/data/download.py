"""Get a published file: use the copy on this machine, or download it once and check it."""

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
"""Bytes between two updates of the progress bar."""


@dataclass(frozen=True)
class Source:
    """A file that its authors have published.

    Attributes:
        title: its name for people.
        url: its address.
        known_hash: its checksum, ``"sha256:…"`` or ``"md5:…"``; a file with another checksum is refused.
        megabytes: its size in MB, for messages.
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
    """Return the whole path of the folder for downloads: what ``NCL_DATA`` names, else the system's cache folder."""
    named = os.environ.get("NCL_DATA")
    if named:
        return Path(named).expanduser().absolute()
    import pooch

    return Path(pooch.os_cache("ncl_course"))


def fetch(source: Source, progress: bool = True) -> Path:
    """Return the path of the file in the data folder; download it if it is missing or differs from the published one.

    Raises:
        DataError: if the file cannot be downloaded, arrives altered, or cannot be stored; the message says what to do
            by hand.
    """
    folder = data_folder()
    known = {"source": source.title, "file": source.name, "url": source.url, "folder": folder, "mb": source.megabytes}
    with told(folder / source.name, known):
        return Path(downloaded(source, folder, progress))


def downloaded(source: Source, folder: Path, progress: bool) -> str:
    """Let pooch check the copy that is there, or else download the file under another name, check it and rename it."""
    import pooch

    bar = Bar(source.title) if progress else None
    with quiet(), contextlib.ExitStack() as left_open:

        def close_later(answer: Any, **_: Any) -> None:  # pooch leaves a response open if it raises an error
            left_open.callback(answer.close)

        downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, hooks={"response": close_later})
        if bar:
            left_open.callback(bar.close)
        return str(pooch.retrieve(source.url, source.known_hash, source.name, folder, downloader=downloader))


@contextlib.contextmanager
def told(copy: Path, known: dict[str, Any]) -> Iterator[None]:
    """Turn the errors that pooch raises into readable sentences that name the reason."""
    from requests.exceptions import RequestException

    was_there = copy.exists()
    try:
        yield
    except RequestException as error:  # before OSError, because RequestException is a subclass of it
        spoilt = text("course.data.spoilt_copy", file=copy) + " " if was_there else ""
        raise DataError(spoilt + text("course.data.no_download", reason=reason(error), **known)) from error
    except ValueError as error:
        raise DataError(text("course.data.altered_download", **known)) from error
    except OSError as error:
        raise DataError(text("course.data.no_folder", reason=reason(error), **known)) from error


def reason(error: BaseException) -> str:
    """Return an error as one line: its type, and the message of its innermost cause."""
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else '…'}"


def require_published(file: Path, source: Source) -> Path:
    """Return the file's path if the file is the published one.

    Raises:
        DataError: if there is no such file, or if its checksum differs.
    """
    import pooch

    if not file.is_file():
        raise DataError(text("course.data.no_such_file", path=file, file=source.name, url=source.url))
    algorithm, _, right = source.known_hash.rpartition(":")
    if pooch.file_hash(str(file), alg=algorithm or "sha256") != right.lower():
        raise DataError(text("course.data.altered_copy", path=file, file=source.name, url=source.url))
    return file


class Bar:
    """A progress bar with the interface that pooch expects: a widget in a notebook, a line elsewhere.

    It does not appear before the first bytes arrive.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.shown: Any = None

    @property
    def total(self) -> int:
        """The number of bytes to download; the bar appears when this is set."""
        return int(self.shown.total) if self.shown is not None else 0

    @total.setter
    def total(self, size: int) -> None:
        from tqdm.auto import tqdm

        self.shown = tqdm(desc=self.title, total=size, unit="B", unit_scale=True)

    def update(self, size: int) -> None:
        """Advance the bar by ``size`` bytes."""
        self.shown.update(size)

    def reset(self) -> None:
        """Go back to zero. pooch counts whole chunks and calls this before it reports the exact total at the end."""
        self.shown.reset()

    def close(self) -> None:
        """Close the bar, leaving it as it is."""
        if self.shown is not None:
            self.shown.close()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence pooch's own log messages, which exist in English only."""
    import pooch

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
