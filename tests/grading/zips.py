"""Zips for tests: ordinary ones, and ones that no ordinary program makes."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

SOURCE = "class MaxPool2d: pass"


def notebook(source=SOURCE, lesson="01_pooling"):
    """Return a notebook's bytes."""
    cell = {"cell_type": "code", "metadata": {}, "source": source}
    metadata = {"ncl_course": {"lesson": lesson, "language": "en"}} if lesson else {}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}).encode()


def of_cells(*sources):
    """Return the bytes of a notebook with several code cells."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    metadata = {"ncl_course": {"lesson": "01_pooling", "language": "en"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}).encode()


def packed(files, method=zipfile.ZIP_DEFLATED):
    """Return a zip's bytes; ``files`` maps names, or entries made by ``entry``, to bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return buffer.getvalue()


def write_zip(path: Path, files, method=zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(files, method))
    return path


def entry(name, kind=stat.S_IFREG):
    """Return an entry that claims to be a link, a pipe or a device."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def locked(raw: bytes) -> bytes:
    """Return the same zip with every entry marked as encrypted."""
    changed = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + offset] |= 1
            start = changed.find(mark, start + 4)
    return bytes(changed)
