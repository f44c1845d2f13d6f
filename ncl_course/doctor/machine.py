"""Probes of the machine: space on the disk, folders that can be written, no more threads than processors."""

from __future__ import annotations

import shutil
from pathlib import Path

from ncl_course.desk import blank_folder, desk_folder
from ncl_course.doctor.apart import NoAnswerError, answer
from ncl_course.doctor.finding import Finding, ill, probe, reinstall, well
from ncl_course.lab import ROOT
from ncl_course.language import LANGUAGES, current, decimal, text
from ncl_course.places import jupyter_folder, standing, why_not_writable

ENOUGH_GB = 1.0
"""CIFAR-10 takes 170 MB; the rest is for notebooks, pictures and Jupyter."""


def desk() -> Path:
    """Return the folder of the user's own notebooks, in the language of the report."""
    return desk_folder(ROOT, current())


@probe("notebooks")
def notebooks() -> Finding:
    """Check that the blank notebooks are here, in the checkout or in the installed package."""
    folders = {lang: blank_folder(ROOT, lang) for lang in LANGUAGES}
    counts = {lang: len(list(folder.glob("*.ipynb"))) for lang, folder in folders.items()}
    if not any(counts.values()):
        return ill("notebooks", "no_notebooks", reinstall(), folder=folders[current()].parent)
    return well("notebooks", "notebooks", folder=folders[current()].parent, desk=desk(), **counts)


@probe("disk")
def disk() -> Finding:
    """Check that there is enough space for notebooks and for images."""
    from ncl_course.data.download import data_folder

    free = {path: shutil.disk_usage(standing(path)).free / 1e9 for path in (desk(), data_folder())}
    tightest = min(free, key=lambda path: free[path])
    values = {"free": decimal(f"{free[tightest]:.1f}"), "folder": tightest}
    if free[tightest] < ENOUGH_GB:
        return ill("disk", "disk_full", text("doctor.fix.disk", gb=f"{ENOUGH_GB:.0f}"), **values)
    return well("disk", "disk", **values)


@probe("writing")
def writing() -> Finding:
    """Check that notebooks, images and JupyterLab's own files can be written."""
    from ncl_course.data.download import data_folder

    found = {folder: why_not_writable(folder) for folder in (desk(), jupyter_folder(), data_folder())}
    closed = "; ".join(f"{folder} ({why})" for folder, why in found.items() if why)
    if closed:
        return ill("writing", "writing_refused", text("doctor.fix.writing"), folders=closed)
    return well("writing", "writing")


@probe("threads")
def threads() -> Finding:
    """Check that torch and NumPy's OpenBLAS do not start more threads than there are processors for us."""
    try:
        found = answer("load_torch")
    except NoAnswerError as error:
        return ill("threads", "threads_unknown", reinstall(), why=error)
    values = {name: found[name] for name in ("torch_threads", "blas_threads", "processors")}
    if max(values["torch_threads"], values["blas_threads"]) > values["processors"]:
        return ill("threads", "threads_many", text("doctor.fix.threads", count=values["processors"]), **values)
    return well("threads", "threads", **values)
