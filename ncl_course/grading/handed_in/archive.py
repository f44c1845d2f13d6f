"""Read zip files in place: nothing is unpacked, so nothing can leave its folder or fill the disk.

A file in a zip is named by the zip's path and the names ``inside`` it: one, or two if a student handed in a zip
of their own. A file that cannot be read safely is listed with the reason, and affects nobody else.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import tempfile
import threading
import zipfile
import zlib
from collections import Counter, OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from ncl_course.grading.handed_in.walk import MAX_DEPTH as MOST_FOLDERS
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import MAX_BYTES, demand_size
from ncl_course.submission.outputs import MAX_FILE, without_outputs

MAX_MEMBERS, MAX_OWN = 200_000, 2_000
"""The most files that a zip of the cohort may list, and a student's own zip; each takes memory before it is read."""

MAX_ENTRY = 300
"""Bytes in a zip's list of contents for each of so many files. A usual entry has about 120, and the least has 46."""

MAX_RATIO, HARMLESS = 300, 2 * 2**20
"""The largest growth of a file that is not small. The text of notebooks grows 3 to 30 times."""

MAX_DEPTH = 2
"""A zip of the cohort, and in it a zip of one student."""

ROOM, MOST_OF_LIST = 256 * 2**20, 2**20
"""Bytes of students' own zips that are kept in memory, and the most that the list of one's contents takes there."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other methods need much memory, and no platform's download uses them."""

ENCRYPTED, UTF8 = 0x1, 0x800
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, ValueError)

READING = threading.Lock()
"""Held while a zip is read: zipfile counts its readers in a way that is not safe for threads."""

Inside = tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A file in a zip: the names of the zips inside it and its own, its path in parts, and why it is not read."""

    inside: Inside
    parts: tuple[str, ...]
    refused: str = ""

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.parts[-1] if self.parts else ""


def members(path: Path, inside: Inside = (), most: int | None = None) -> list[Member]:
    """Yield the files in a zip, or in the zip ``inside`` it, in their order.

    Raises:
        UnreadableNotebookError: if it is not a readable zip, or if its list is too long for ``most`` files.
    """
    archive = opened(path, inside, most)
    if most is not None and len(archive.infolist()) > most:
        raise UnreadableNotebookError(text("submission.unreadable.members", limit=most))
    infos = [info for info in archive.infolist() if not is_folder(info)]
    names = Counter(info.filename for info in infos)
    return [member(info, inside, names[info.filename] > 1) for info in infos]


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Return whether an entry is a folder. `zipfile.ZipInfo.is_dir` fails for one without a name."""
    return info.filename.endswith("/")


def member(info: zipfile.ZipInfo, inside: Inside, twice: bool) -> Member:
    """Return one entry of a zip, with the reason if it must not be read."""
    parts = tuple(part for part in re.split(r"[/\\]", readable(info)) if part not in ("", "."))
    key = "twice" if twice else why_refused(info, parts)
    if key == "large" and is_large_notebook(info):  # read without its outputs, it may be small enough
        key = ""
    said = {"ratio": info.file_size // max(info.compress_size, 1), "size": info.file_size >> 20}
    limit = MOST_FOLDERS if key == "folder_deep" else MAX_BYTES >> 20
    reason = text(f"submission.unreadable.{key}", limit=limit, **said) if key else ""
    kept = [part for part in parts if part != ".."]
    return Member((*inside, info.filename), (*kept[:-1][:MOST_FOLDERS], *kept[-1:]), reason)


def why_refused(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    """Return the reason's key, or empty: a path out of the zip, not a plain file, locked, or far too large."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    absolute = re.match(r"[/\\]|[A-Za-z]:", info.filename)
    grown = info.file_size > HARMLESS and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    reasons = {
        "path": bool(absolute) or ".." in parts or not parts,
        "folder_deep": len(parts) > MOST_FOLDERS + 1,
        "link": kind == stat.S_IFLNK,
        "special": kind not in (0, stat.S_IFREG, stat.S_IFLNK),
        "encrypted": bool(info.flag_bits & ENCRYPTED),
        "method": info.compress_type not in METHODS,
        "bomb": grown,
        "large": info.file_size > MAX_BYTES,
    }
    return next((key for key, holds in reasons.items() if holds), "")


def is_large_notebook(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is a notebook that can be read only without its outputs."""
    return info.filename.lower().endswith(".ipynb") and MAX_BYTES < info.file_size <= MAX_FILE


def large_notebook(packed: IO[bytes]) -> bytes:
    """Return the bytes of a very large notebook without its cells' outputs; they may still be too many."""
    with tempfile.TemporaryFile() as file:
        left = MAX_FILE
        while left > 0 and (portion := packed.read(min(left, 2**20))):
            left -= file.write(portion)
        file.flush()
        rest = without_outputs(file, MAX_BYTES) if left else None
        if rest is not None:
            return rest
        file.seek(0)
        return file.read(MAX_BYTES + 1)


def readable(info: zipfile.ZipInfo) -> str:
    """Return an entry's name; old Windows packers use the console's encoding, which in Russia is cp866."""
    if info.flag_bits & UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp866"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def member_bytes(path: Path, inside: Inside) -> bytes:
    """Return the bytes of a file in a zip.

    Raises:
        UnreadableNotebookError: if it cannot or must not be read.
    """
    archive = opened(path, inside[:-1])
    try:
        info = archive.getinfo(inside[-1])
        refused = member(info, inside[:-1], twice=False).refused
        if refused:
            raise UnreadableNotebookError(refused)
        with READING, archive.open(info) as file:
            content = large_notebook(file) if is_large_notebook(info) else file.read(MAX_BYTES + 1)
    except KeyError:
        raise UnreadableNotebookError(text("submission.unreadable.closed", why=inside[-1])) from None
    except (*BROKEN, OSError) as error:
        raise UnreadableNotebookError(text("submission.unreadable.damaged", why=str(error)[:200])) from None
    if len(content) > MAX_BYTES:
        demand_size(max(info.file_size, len(content)))
    return content


def packed_time(path: Path, inside: Inside) -> tuple[int, ...]:
    """Return the time that a zip says of a file in it: the year, month, day, hour, minute and second."""
    return opened(path, inside[:-1]).getinfo(inside[-1]).date_time


def opened(path: Path, inside: Inside, most: int | None = None) -> zipfile.ZipFile:
    """Return a zip by its path, or one in it. Both are opened only once.

    Raises:
        UnreadableNotebookError: if it is not a readable zip.
    """
    if len(inside) >= MAX_DEPTH:
        raise UnreadableNotebookError(text("submission.unreadable.depth"))
    try:
        status = path.stat()
        if inside:
            return in_zip_on_disk(path, inside, status.st_mtime_ns, status.st_size)
        if most is not None:
            with path.open("rb") as file:
                demand_short_list(file, most)
        return on_disk(path, status.st_mtime_ns, status.st_size)
    except (*BROKEN, OSError) as error:
        raise UnreadableNotebookError(text("submission.unreadable.damaged", why=str(error)[:200])) from None


@lru_cache(maxsize=16)
def on_disk(path: Path, _changed: int, _size: int) -> zipfile.ZipFile:
    """Open a zip on the disk once: its list of contents may be long."""
    with path.open("rb") as file:
        demand_short_list(file, MAX_MEMBERS)
    return listed(path, MAX_MEMBERS)


class Unpacked:
    """Students' own zips in a zip of the cohort. Each is unpacked once, as long as there is room for it.

    Args:
        room: the number of bytes that are kept. The zip that was not asked for longest is dropped first.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.filled = room, 0
        self.kept: OrderedDict[tuple[object, ...], tuple[zipfile.ZipFile, int]] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, path: Path, inside: Inside, changed: int, size: int) -> zipfile.ZipFile:
        """Return a zip; the zip that holds it has this path, and was changed at that time."""
        place = (path, inside, changed, size)
        with self.lock:
            if place not in self.kept:
                content = member_bytes(path, inside)
                demand_short_list(io.BytesIO(content), MAX_OWN)
                self.kept[place] = listed(io.BytesIO(content), MAX_OWN), len(content) + MOST_OF_LIST
                self.filled += self.kept[place][1]
            self.kept.move_to_end(place)
            while self.filled > self.room and len(self.kept) > 1:
                self.filled -= self.kept.popitem(last=False)[1][1]
            return self.kept[place][0]


in_zip_on_disk = Unpacked()


def demand_short_list(file: IO[bytes], most: int) -> None:
    """Refuse a zip whose list of contents is too long, before the list is read.

    Raises:
        UnreadableNotebookError: if it is too long.
    """
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end and end[zipfile._ECD_SIZE] > most * MAX_ENTRY:  # type: ignore[attr-defined]
        raise UnreadableNotebookError(text("submission.unreadable.members", limit=most))


def listed(file: Path | IO[bytes], most: int) -> zipfile.ZipFile:
    """Return a zip whose list of contents is not too long.

    Raises:
        BadZipFile: if it is not a zip.
        UnreadableNotebookError: if the list is too long.
    """
    archive = zipfile.ZipFile(file)
    if len(archive.infolist()) > most:
        archive.close()
        raise UnreadableNotebookError(text("submission.unreadable.members", limit=most))
    return archive
