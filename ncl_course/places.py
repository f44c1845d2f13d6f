"""Find out whether the folders that the course writes to can be written, before anything depends on it."""

from __future__ import annotations

import tempfile
from pathlib import Path


def standing(path: Path) -> Path:
    """Return the path itself, or the nearest parent that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def why_not_writable(folder: Path) -> str:
    """Return why no file can be written into a folder, or into the parent in which it would be made; or "".

    A file is written for it and removed at once: rights alone do not tell of a file system that is read-only or full.
    """
    try:
        with tempfile.TemporaryFile(dir=standing(folder)) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def jupyter_folder() -> Path:
    """Return the folder in the user's home that JupyterLab and its kernels cannot do without."""
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())
