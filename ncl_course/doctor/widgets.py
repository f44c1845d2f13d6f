"""Probes of the kernel and the widgets, which interactive pictures in a notebook need."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ncl_course.doctor.apart import NoAnswerError, answer
from ncl_course.doctor.finding import Finding, ill, probe, reinstall, well
from ncl_course.doctor.running import servers, shows
from ncl_course.language import text

if TYPE_CHECKING:  # as in packages.py
    from packaging.requirements import Requirement

MANAGER = "@jupyter-widgets/jupyterlab-manager"
"""JupyterLab's name for the extension in jupyterlab_widgets."""


@probe("kernel")
def kernel() -> Finding:
    """Check that the kernel starts, and that it runs with this Python's packages."""
    try:
        found = answer("start_kernel")
    except NoAnswerError as error:
        return ill("kernel", "kernel_broken", reinstall(), why=error)
    if Path(found["prefix"]).resolve() != Path(sys.prefix).resolve():
        fix = text("doctor.fix.kernel", python=sys.executable)
        return ill("kernel", "kernel_elsewhere", fix, prefix=found["prefix"], ours=sys.prefix)
    return well("kernel", "kernel", name=found["kernel"])


def halves() -> tuple[str, str, Requirement]:
    """Return the versions of ipywidgets (kernel) and jupyterlab_widgets (page), and what ipywidgets requires."""
    from packaging.requirements import Requirement

    needs = map(Requirement, requires("ipywidgets") or ())
    asked = next((need for need in needs if need.name == "jupyterlab_widgets"), Requirement("jupyterlab_widgets"))
    return version("ipywidgets"), version("jupyterlab_widgets"), asked


def offered() -> bool:
    """Return whether a JupyterLab started now in this environment would load the widgets."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_page_config

    page = get_page_config(jupyter_path("labextensions"))
    return MANAGER in {extension["name"] for extension in page["federated_extensions"]}


@probe("widgets")
def widgets() -> Finding:
    """Check that both halves of the widgets fit together, and that JupyterLab, even a running one, loads them."""
    try:
        ours, page, asked = halves()
    except PackageNotFoundError as error:
        return ill("widgets", "widgets_missing", reinstall(), name=error.name)
    if not asked.specifier.contains(page, prereleases=True):
        return ill("widgets", "widgets_apart", reinstall(), ipywidgets=ours, asked=asked, version=page)
    if find_spec("jupyterlab_server") is None:
        return well("widgets", "widgets_alone", ipywidgets=ours)
    if not offered():
        return ill("widgets", "widgets_off", text("doctor.fix.widgets", manager=MANAGER))
    running = {server.address: shows(server, MANAGER) for server in servers()}
    without = [address for address, there in running.items() if there is False]
    if without:
        return ill("widgets", "widgets_running", text("doctor.fix.running"), addresses=", ".join(without))
    seen = sum(there is True for there in running.values())
    return well("widgets", "widgets_seen" if seen else "widgets", ipywidgets=ours, version=page, servers=seen)
