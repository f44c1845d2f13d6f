"""Run a key with another environment's kernel, and compare what it shows with what is stored."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from ncl_course.authoring.execute import NAME, kernel
from ncl_course.checking.display import RESULT_MIME
from ncl_course.errors import NoTorchError
from ncl_course.still import WIDGET_VIEW
from tests.places.environments import plain

COMPARED = ("text/plain", "text/html")
PROGRESS = "progress"
"""The cell that counts the passed checks; without torch there are none."""
SECONDS = 900
"""The time limit of one cell, on a busy machine."""


@dataclass(frozen=True)
class Shown:
    """The result of a key in one place.

    Attributes:
        different: the ids of the cells whose text or HTML differs from the stored key's.
        refused: the ids of the cells that end with the sentence that they need torch.
        widgets: how many outputs are widgets whose models the kernel has made, and how many are widgets.
        passed: how many checks pass, and how many checks there are in the stored key.
        panels: how many results are shown as a panel, and how many results there are.
    """

    lesson: str
    different: tuple[str, ...]
    widgets: tuple[int, int]
    passed: tuple[int, int]
    panels: tuple[int, int]
    refused: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether all is as it is in the environment of the tests."""
        return (
            not self.refused
            and not self.different
            and all(n == of for n, of in (self.widgets, self.passed, self.panels))
        )

    @property
    def fine_without_torch(self) -> bool:
        """Whether each cell is equal or says that it needs torch, and each widget and panel stands."""
        different = {*self.different} - {PROGRESS}
        return not different and all(n == of for n, of in (self.widgets, self.panels))

    def __str__(self) -> str:
        same = "equal" if not self.different else f"DIFFERENT: {', '.join(self.different)}"
        counts = {"widgets": self.widgets, "checks": self.passed, "panels": self.panels}
        if self.refused:
            same += f", without the {len(self.refused)} cells that say that torch is missing"
        return "; ".join([same, *(f"{name} {n}/{of}" for name, (n, of) in counts.items())])


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
    """Run a key, with the other keys beside it, in an environment.

    Raises:
        KeyboardInterrupt: after Ctrl-C; the kernel has ended.
        DeadKernelError: if the kernel dies.
    """
    stored = nbformat.read(key, as_version=4)
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
            client.execute(env=plain())
        except (asyncio.CancelledError, DeadKernelError):
            if client.interrupted:
                raise KeyboardInterrupt from None
            raise
    return compared(key.stem, stored, ran)


def compared(lesson: str, stored: Any, ran: Any) -> Shown:
    """Compare the outputs of a key that ran with the stored ones."""
    pairs = code_cells(stored, ran)
    made = ran.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    views = [data[WIDGET_VIEW] for _, after in pairs for data in datas(after) if WIDGET_VIEW in data]
    results = [data for _, after in pairs for data in datas(after) if RESULT_MIME in data]
    return Shown(
        lesson,
        different(pairs),
        (sum(view["model_id"] in made for view in views), len(views)),
        (passes(after for _, after in pairs), passes(before for before, _ in pairs)),
        (sum("text/html" in data for data in results), len(results)),
        tuple(after.id for _, after in pairs if refused(after)),
    )


def code_cells(stored: Any, ran: Any) -> list[tuple[Any, Any]]:
    """Return the cells of code of a stored key beside those of the key that ran."""
    return [pair for pair in zip(stored.cells, ran.cells, strict=True) if pair[0].cell_type == "code"]


def different(pairs: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    """Return the ids of the cells whose texts or HTML differ, without those that need torch and say so."""
    return tuple(before.id for before, after in pairs if not refused(after) and said(before) != said(after))


def refused(cell: Any) -> bool:
    """Return whether a cell says that it needs torch."""
    return any(output.output_type == "error" and output.ename == NoTorchError.__name__ for output in cell.outputs)


def datas(cell: Any) -> list[Any]:
    """Return the MIME bundles of a cell's outputs."""
    return [output.data for output in cell.outputs if "data" in output]


def said(cell: Any) -> list[tuple[str, str]]:
    """Return a cell's texts and HTML, its printed lines and its errors, in order.

    A still has a random name where a kernel made it, and none in a stored key.
    """
    found: list[tuple[str, str]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append((output.name, output.text))
        elif output.output_type == "error":
            found.append((output.ename, output.evalue))
        else:
            found.extend((kind, NAME.sub("", output.data[kind])) for kind in COMPARED if kind in output.data)
    return found


def passes(cells: Any) -> int:
    """Count the results with the verdict that all is right."""
    return sum(
        data[RESULT_MIME].get("verdict") == "passed" for cell in cells for data in datas(cell) if RESULT_MIME in data
    )
