"""Run a key with another environment's kernel, and compare what it shows with the stored key.

A training gives other numbers on another processor. So where something differs from the stored key, the key runs here,
too, in the environment of the tests, and the place is compared with that run.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from ncl_course.authoring.execute import kernel
from ncl_course.checking.display import RESULT_MIME
from ncl_course.still import WIDGET_VIEW
from tests.places.environments import ROOT, plain
from tests.places.shown import Seen, Shown, code_cells, compared, datas, passes

SECONDS = 900
"""The time limit of one cell, on a busy machine."""


def kernel_of(python: Path) -> type[AsyncKernelManager]:
    """Return a manager that starts the kernel of an environment, whatever kernels are installed for the user."""
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, language="python", display_name=str(python))

    return Manager


class Client(NotebookClient):
    """A client that tells Ctrl-C from a kernel that died, and ends its kernel after both.

    Attributes:
        interrupted: whether Ctrl-C ended the run.
    """

    interrupted = False

    async def async_start_new_kernel(self, **options: Any) -> None:
        """Start the kernel, and replace the handler that the library has set just before."""
        task = asyncio.current_task()

        def stop() -> None:
            self.interrupted = True
            if task:
                task.cancel()

        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)
        await super().async_start_new_kernel(**options)


def run_key(key: Path, python: Path) -> Shown:
    """Run a key in an environment, and compare it.

    Raises:
        KeyboardInterrupt: after Ctrl-C; the kernel has ended.
        DeadKernelError: if the kernel dies.
    """
    ran = executed(key, python)
    return outcome(key.stem, expected(key, ran), ran)


def executed(key: Path, python: Path, environment: Mapping[str, str] | None = None) -> Any:
    """Run a key, with the other keys beside it, in an environment, and return it with its outputs.

    Args:
        key: the stored key.
        python: the environment's Python.
        environment: variables of its kernel beside those of this process.

    Raises:
        KeyboardInterrupt: after Ctrl-C; the kernel has ended.
        DeadKernelError: if the kernel dies.
    """
    ran = nbformat.read(key, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        for beside in key.parent.glob("*.ipynb"):
            shutil.copy(beside, folder)
        client = Client(
            ran,
            timeout=SECONDS,
            allow_errors=True,
            kernel_manager_class=kernel_of(python),
            resources={"metadata": {"path": folder}},
            config=kernel(folder),
        )
        try:
            client.execute(env={**plain(), **(environment or {})})
        except (asyncio.CancelledError, DeadKernelError):
            if client.interrupted:
                raise KeyboardInterrupt from None
            raise
    return ran


def expected(key: Path, ran: Any) -> Any:
    """Return the stored key, or where a place's run differs from it, the key as it runs here from this checkout."""
    stored = nbformat.read(key, as_version=4)
    equal = {*compared(key.stem, code_cells(stored, ran)).values()} <= {Seen.EQUAL, Seen.REFUSED}
    return stored if equal else executed_here(key)


@cache
def executed_here(key: Path) -> Any:
    """Run a key in the environment of the tests, once."""
    return executed(key, Path(sys.executable), {"PYTHONPATH": str(ROOT)})


def outcome(lesson: str, before: Any, ran: Any) -> Shown:
    """Compare the outputs of a key that ran with the expected ones."""
    pairs = code_cells(before, ran)
    old, new = datas(one for one, _ in pairs), datas(other for _, other in pairs)
    made = ran.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    views = [(cell.id, data[WIDGET_VIEW]) for _, cell in pairs for data in datas([cell]) if WIDGET_VIEW in data]
    lost = [cell for cell, view in views if view["model_id"] not in made]
    results = [data for data in new if RESULT_MIME in data]
    return Shown(
        compared(lesson, pairs),
        (len(views) - len(lost), len(views)),
        (passes(new), passes(old)),
        (sum("text/html" in data for data in results), len(results)),
        tuple(lost),
    )
