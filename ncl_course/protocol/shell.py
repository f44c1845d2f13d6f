"""The object that ``get_ipython()`` returns where there is no IPython: it runs Python and keeps written modules.

A module that ``%%writefile m.py`` writes can be imported by the cells that follow. All else that a shell does is inert.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, NoReturn

from ncl_course.nn.sentences import said
from ncl_course.protocol.inert import Inert, silent
from ncl_course.protocol.statements import remember_source

WRITING = ("writefile", "file")
RUNNING = ("time", "capture", "prun")
PYLAB = "import numpy\nimport numpy as np\nfrom numpy import *\n"
"""The imports of ``%pylab``, without the names that draw."""

Keep = Callable[[str, str], None]


class Written(MetaPathFinder, Loader):
    """The files that a notebook's cells have written, and the modules among them."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module or a folder of modules that a cell has written."""
        place = fullname.replace(".", "/")
        package = self.has(f"{place}/__init__.py") or any(name.startswith(f"{place}/") for name in self.files)
        if not package and not self.has(f"{place}.py"):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=package)

    def has(self, path: str) -> bool:
        """Return whether there is such a file: written by a cell, or in the working folder."""
        return path in self.files or Path(path).is_file()

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave the making of the module to Python."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's source; its lines count as the student's own."""
        place = module.__name__.replace(".", "/")
        file = f"{place}/__init__.py" if self.has(f"{place}/__init__.py") else f"{place}.py"
        on_disk = Path(file).read_text(encoding="utf-8") if self.has(file) and file not in self.files else ""
        source = self.files.get(file, on_disk)
        exec(compile(source, remember_source(f"<cell {file}>", source), "exec", dont_inherit=True), module.__dict__)

    def write(self, path: str, text: str, *, append: bool = False) -> None:
        """Keep the text of a file."""
        before = self.files.get(path, "") if append else ""
        self.files[path] = before + text


class Shell(Inert):
    """An inert shell, except for the magics that run Python or write files.

    Args:
        names: the namespace of the notebook.
        written: where files are kept.
        keep: called with the path and the text of each file that is written.
    """

    def __init__(self, names: dict[str, Any], written: Written, keep: Keep | None = None) -> None:
        super().__init__()
        self.__dict__.update(names=names, written=written, keep=keep)

    def run_cell_magic(self, name: str, line: str, body: str) -> Any:
        """Run a cell magic: write a file, or run the cell's body."""
        if name in WRITING:
            append, path = written_to(line)
            self.written.write(path, body if body.endswith("\n") else f"{body}\n", append=append)
            if self.keep is not None:
                self.keep(path, self.written.files[path])
        elif name in RUNNING:
            self.run(body, f"<cell %%{name}>")
        return None

    def run_line_magic(self, name: str, line: str, *_more: Any) -> Any:
        """Run a line magic: a file that a cell has written, a statement, or the imports of ``%pylab``."""
        path = written_to(line)[1]
        if name == "run" and path in self.written.files:
            self.run(self.written.files[path], f"<cell {path}>")
        elif name == "time":
            self.run(line, "<cell %time>")
        elif name == "pylab":
            self.run(PYLAB, "<cell %pylab>")
        return Inert()

    def run(self, source: str, name: str) -> None:
        """Run Python code in the notebook's namespace."""
        exec(compile(source, remember_source(name, source), "exec", dont_inherit=True), self.names)


def cell_builtins(shell: Shell) -> dict[str, Any]:
    """Return the names that a notebook's cell finds without importing them."""
    return {"display": silent, "get_ipython": lambda: shell, "input": no_input, "breakpoint": silent}


def no_input(*_args: Any, **_options: Any) -> NoReturn:
    """Stand for ``input``.

    Raises:
        EOFError: always.
    """
    raise EOFError(said("refused.input", "input() gets no answer while a notebook is checked or graded"))


def written_to(line: str) -> tuple[bool, str]:
    """Return whether ``%%writefile`` appends to the file, and the file's path."""
    words = line.split()
    path = " ".join(word for word in words if word not in ("-a", "--append")).strip("\"'")
    return len(words) > 1 and words[0] in ("-a", "--append"), path.removeprefix("./")


@contextlib.contextmanager
def importable(written: Written) -> Iterator[None]:
    """Let written modules be imported; at the end, forget those that were, so that no other notebook meets them."""
    sys.meta_path.insert(0, written)
    before = set(sys.modules)
    try:
        yield
    finally:
        sys.meta_path.remove(written)
        for name in set(sys.modules) - before:
            if getattr(getattr(sys.modules[name], "__spec__", None), "loader", None) is written:
                del sys.modules[name]
