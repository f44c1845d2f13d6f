"""Modules that are not there while a notebook is graded: they can be imported, and raise when they are used.

So an import that nothing needs costs nothing, and torch still cannot do the work. Code that asks whether a module is
there (``try: import torch`` with ``except ImportError``) hears at once that it is not.

It runs inside the sandbox: only the standard library, NumPy and the course's protocol are there.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import linecache
import sys
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

from ncl_course.nn.sentences import Sentence, said
from ncl_course.protocol.raised import is_students

REASONS = {
    "requests": said("refused.requests", "there is no network, and nothing can be downloaded"),
    "google": said("refused.google", "this is not Colab, and there is no Drive"),
}
"""Further words on modules that students use for something else than computing."""

CATCHING = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")

notes: list[str] = []
"""Sentences on imports that bound nothing; the worker reports them."""


class Absent:
    """A module that is not there, or a name in it. Names can be taken from it; any other use raises ImportError."""

    def __init__(self, name: str, inner: str = "") -> None:
        self.__dict__.update(_module=name, _inner=inner, __name__=inner or name, __all__=())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(sentence(self))
        return Absent(self._module, f"{self._inner}.{name}" if self._inner else name)

    def __repr__(self) -> str:
        return f"<{self._inner or self._module}: {sentence(self)}>"

    def __or__(self, _other: Any) -> Any:
        """Return a part of an annotation, such as ``torch.Tensor | None``."""
        return self

    __ror__ = __or__


def refused(self: Any, *_args: Any, **_options: Any) -> NoReturn:
    """Refuse to be used.

    Raises:
        ImportError: always.
    """
    raise ImportError(sentence(self), name=self._module)


USES = """\
call setattr delattr getitem setitem delitem iter next len bool contains enter exit aenter aexit aiter anext await
mro_entries instancecheck subclasscheck array array_ufunc array_function float int complex index format hash
eq ne lt le gt ge neg pos abs invert round add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod
pow rpow matmul rmatmul and rand xor rxor lshift rlshift rshift rrshift divmod rdivmod reversed bytes fspath
"""
for _use in USES.split():
    setattr(Absent, f"__{_use}__", refused)


def sentence(absent: Absent) -> Sentence:
    """Say that a module is not there, and which of its names was used."""
    module, used = absent._module, absent._inner
    numpy = said("refused.numpy", "exercises are written in NumPy alone")
    why = REASONS.get(module.partition(".")[0], numpy)
    if not used:
        return said("refused.module", "{module} is not there while a notebook is graded: {why}", module=module, why=why)
    return said(
        "refused.used",
        "{module} is not there while a notebook is graded ({name} was used): {why}",
        module=module,
        name=used,
        why=why,
    )


def install() -> None:
    """Have imports of absent modules in a student's code return ``Absent``."""
    real, real_module = builtins.__import__, importlib.import_module

    def importing(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        try:
            return real(name, globals, locals, fromlist, level)
        except ImportError as error:
            if level or not excused(error, name, sys._getframe(1)):
                raise
        return absent_module(name, fromlist)

    def import_module(name: str, package: str | None = None) -> Any:
        try:
            return real_module(name, package)
        except ImportError as error:
            if name.startswith(".") or not excused(error, name, sys._getframe(1)):
                raise
        return Absent(name)

    builtins.__import__ = importing
    importlib.import_module = import_module


def excused(error: ImportError, name: str, frame: types.FrameType) -> bool:
    """Return whether an import that failed may pass: the module is absent, and no student's code asks whether it is."""
    missing = error.name or name
    absent = name == missing or name.startswith(f"{missing}.") or missing.startswith("_")
    if not absent or name.partition(".")[0] == "numpy" or not is_students(frame.f_code.co_filename):
        return False
    above: types.FrameType | None = frame
    while above is not None:
        if is_students(above.f_code.co_filename) and asks(above):
            return False
        above = above.f_back
    return True


def absent_module(name: str, fromlist: Any) -> Any:
    """Return what an import statement binds."""
    if fromlist and "*" in fromlist:
        bound_nothing = said(
            "refused.star",
            "from {name} import * has bound nothing, since {module} is not there while a notebook is graded",
            name=name,
            module=name.partition(".")[0],
        )
        notes.append(bound_nothing)
    return Absent(name if fromlist else name.partition(".")[0])


def asks(frame: types.FrameType) -> bool:
    """Return whether a frame is inside a ``try`` that catches ImportError, or inside ``suppress(ImportError)``."""
    line = frame.f_lineno
    return any(
        first <= line <= last and any(catches(one, frame) for one in caught)
        for first, last, caught in tries(frame.f_code.co_filename)
    )


@cache
def tries(filename: str) -> tuple[tuple[int, int, tuple[ast.expr | None, ...]], ...]:
    """Return the first and the last line of each ``try`` in a file, with the exceptions that it catches."""
    try:
        tree = compile(
            "".join(linecache.getlines(filename)), filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        )
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar) and node.handlers:
            found.append((*lines(node.body), tuple(handler.type for handler in node.handlers)))
        elif isinstance(node, ast.With):
            calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
            names = [call for call in calls if ast.unparse(call.func).endswith("suppress")]
            found += [(*lines(node.body), tuple(call.args)) for call in names]
    return tuple(found)


def lines(body: list[ast.stmt]) -> tuple[int, int]:
    """Return the first and the last line of a block."""
    return body[0].lineno, body[-1].end_lineno or body[-1].lineno


def catches(caught: ast.expr | None, frame: types.FrameType) -> bool:
    """Return whether a handler for these exceptions catches ImportError."""
    if caught is None:
        return True
    if isinstance(caught, ast.Tuple):
        return any(catches(one, frame) for one in caught.elts)
    name = caught.attr if isinstance(caught, ast.Attribute) else getattr(caught, "id", "")
    if name in CATCHING:
        return True
    value: Any = frame.f_locals.get(name, frame.f_globals.get(name))
    kinds = value if isinstance(value, tuple) else (value,)
    return any(isinstance(kind, type) and issubclass(ModuleNotFoundError, kind) for kind in kinds)
