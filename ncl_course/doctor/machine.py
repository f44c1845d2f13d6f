"""Probes of the machine: space on the disk, folders that can be written, no more threads than processors."""

from __future__ import annotations

import shutil

from ncl_course.doctor.apart import NoAnswerError, answer
from ncl_course.doctor.finding import Finding, ill, probe, reinstall, well
from ncl_course.lab import ROOT
from ncl_course.language import text
from ncl_course.places import jupyter_folder, standing, why_not_writable

ENOUGH_GB = 1.0
"""CIFAR-10 takes 170 MB; the rest is for notebooks, pictures and Jupyter."""


@probe("disk")
def disk() -> Finding:
    """Check that there is enough space for notebooks and for images."""
    from ncl_course.data.download import data_folder

    free = {path: shutil.disk_usage(standing(path)).free / 1e9 for path in (ROOT, data_folder())}
    tightest = min(free, key=lambda path: free[path])
    values = {"free": f"{free[tightest]:.1f}", "folder": tightest}
    if free[tightest] < ENOUGH_GB:
        return ill("disk", "disk_full", text("doctor.fix.disk", gb=f"{ENOUGH_GB:.0f}"), **values)
    return well("disk", "disk", **values)


@probe("writing")
def writing() -> Finding:
    """Check that notebooks, images and JupyterLab's own files can be written."""
    from ncl_course.data.download import data_folder

    own = [ROOT / "work"] if (ROOT / "notebooks").is_dir() else []
    found = {folder: why_not_writable(folder) for folder in (*own, jupyter_folder(), data_folder())}
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
