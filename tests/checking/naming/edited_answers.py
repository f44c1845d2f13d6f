"""Right answers of every exercise with a line that raises an exception, or with another line ``def``."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ncl_course.exercises import EXERCISES
from tests.answers import RIGHT

LINES = (
    ("name-undefined", "rounded_up(1.5)"),
    ("none-used", "None + np.ones(3)"),
    ("none-used", "np.exp(None)"),
    ("if-on-array", "if np.arange(3) > 1: pass"),
    ("float-as-index", "np.arange(6)[6 / 2]"),
    ("float-as-index", "np.zeros((4 / 2, 2))"),
    ("float-as-index", "np.arange(6)[np.ones(2)]"),
    ("shapes-do-not-fit", "np.ones((2, 3)) + np.ones((2, 4))"),
    ("shapes-do-not-fit", "np.ones((2, 3)) @ np.ones((2, 3))"),
    ("shapes-do-not-fit", "np.dot(np.ones((2, 3)), np.ones((2, 3)))"),
    ("shapes-do-not-fit", "np.einsum('ij,jk->ik', np.ones((2, 3)), np.ones((4, 5)))"),
    ("shapes-do-not-fit", "np.stack([np.ones(3), np.ones(4)])"),
    ("subscripts-do-not-fit", "np.einsum('ij->ik', np.ones((2, 3)))"),
    ("subscripts-do-not-fit", "np.einsum('ijk->i', np.ones((2, 3)))"),
    ("axes-miscounted", "np.ones((2, 3))[0, 0, 0]"),
    ("axes-miscounted", "N, C, H, W = np.ones((2, 3)).shape"),
    ("axes-miscounted", "N, C = np.ones((2, 3, 4)).shape"),
    ("axes-miscounted", "np.ones((2, 3)).sum(axis=2)"),
    ("axes-miscounted", "np.ones((2, 3)).transpose(0, 2, 1)"),
    ("index-out-of-range", "np.ones(3)[3]"),
    ("index-out-of-range", "[0, 1][2]"),
    ("reshape-does-not-fit", "np.ones((2, 3)).reshape(2, 4)"),
    ("unhashable", "{np.ones(3): 1}"),
    ("key-missing", "{'weight': 1}['weights']"),
    ("variable-unset", "if None: total = 0\ntotal + 1"),
    ("attribute-unknown", "np.zeroes(3)"),
    ("attribute-unknown", "np.ones(3).shap"),
    ("attribute-unknown", "np.ones((2, 3)).permute(1, 0)"),
    ("arguments-differ", "np.ones((2, 3)).sum(dim=1)"),
    ("arguments-differ", "(lambda window: window)()"),
    ("endless-recursion", "def again(): return again()\nagain()"),
    ("not-a-function", "np.ones(3)(0)"),
    ("not-a-function", "np.ones((2, 3)).size(0)"),
    ("function-not-called", "np.zeros[3]"),
    ("function-not-called", "np.ones(3).sum * 2"),
    ("list-as-array", "[1, 2] / 2"),
    ("list-as-array", "np.ones((2, 3)).shape - 1"),
    ("list-as-array", "sizes = [[1, 2]]\nsizes[0, 1]"),
    ("list-as-array", "[1, 2].shape"),
    ("number-as-array", "N, C = 3"),
    ("number-as-array", "(2 + 1).shape"),
    ("number-as-array", "len(2 + 1)"),
    ("number-as-array", "np.ones(3)[0][0]"),
    ("array-as-number", "float(np.ones(3))"),
    ("array-as-number", "total = np.zeros(3)\ntotal[0] = np.ones(3)"),
    ("integer-array", "total = np.zeros(3, int)\ntotal += 0.5"),
    ("mask-arithmetic", "-(np.ones(3) > 0)"),
    ("mask-arithmetic", "~np.ones(3)"),
    ("number-out-of-range", "1 / 0"),
    ("number-out-of-range", "int(float('nan'))"),
    ("number-out-of-range", "np.zeros(3, np.uint8) + 300"),
    ("empty-array", "np.zeros((2, 0)).max()"),
    ("empty-array", "np.zeros(-1)"),
    ("read-only-written", "np.broadcast_to(np.ones(3), (2, 3))[:] = 0"),
    ("shape-in-brackets", "np.zeros(2, 3)"),
)
"""The name of each mistake, and lines that make it in any method."""

Edit = Callable[[ast.FunctionDef], bool]
"""Changes a method in place, and returns whether there was anything to change."""


def with_line(line: str) -> Edit:
    """Return the edit that puts a line before all others."""

    def edit(method: ast.FunctionDef) -> bool:
        method.body[:0] = ast.parse(line).body
        return True

    return edit


def without_return(method: ast.FunctionDef) -> bool:
    """Forget every return of a method."""
    returns = [node for node in ast.walk(method) if isinstance(node, ast.Return) and node.value is not None]
    for node in returns:
        node.value = ast.BoolOp(ast.And(), [ast.Tuple([node.value], ast.Load()), ast.Constant(None)])
    return bool(returns) and method.name != "__init__"


def without_self(method: ast.FunctionDef) -> bool:
    """Forget the parameter self."""
    return bool(method.args.args) and method.args.args.pop(0).arg == "self"


def without_last(method: ast.FunctionDef) -> bool:
    """Forget the last parameter without a default value, but not self."""
    found = method.args.args
    place = len(found) - len(method.args.defaults) - 1
    return place >= 0 and found[place].arg != "self" and bool(found.pop(place))


def with_another(method: ast.FunctionDef) -> bool:
    """Add a parameter that no caller gives."""
    method.args.kwonlyargs.append(ast.arg("another"))
    method.args.kw_defaults.append(None)
    return True


def with_line_on_self(line: str) -> Edit:
    """Return the edit that puts a line about self before all others of a method."""

    def edit(method: ast.FunctionDef) -> bool:
        return [one.arg for one in method.args.args[:1]] == ["self"] and with_line(line)(method)

    return edit


DEFINITIONS = (
    ("return-forgotten", without_return),
    ("self-forgotten", without_self),
    ("arguments-differ", without_last),
    ("arguments-differ", with_another),
    ("self-forgotten", with_line_on_self("self.kept = 1\nkept + 1")),
    ("attribute-not-kept", with_line_on_self("self.kept_earlier")),
)
METHODS = ("__init__", "forward", "backward", "")
"""The methods; "" stands for a function."""


def methods(name: str) -> Iterator[tuple[type | Callable[..., Any], str]]:
    """Yield the right answers of an exercise to edit, each with one of its methods, or "" for a function."""
    for method in METHODS:
        for answer in RIGHT[name]:
            own = vars(answer).get(method) if isinstance(answer, type) else None
            if inspect.isfunction(own) or (not method and inspect.isfunction(answer)):
                yield answer, method
                break


@cache
def source_of(answer: Any) -> str:
    """Return the source of a right answer; to find it, its whole module is read."""
    return textwrap.dedent(inspect.getsource(answer))


def edited(answer: Any, method: str, edit: Edit) -> Any:
    """Return a right answer with one of its methods edited; None if there is nothing to edit."""
    tree = ast.parse(source_of(answer))
    body = tree.body[0].body if method else tree.body
    function = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == (method or node.name))
    if not edit(function):
        return None
    namespace = dict(vars(sys.modules[answer.__module__]))
    exec(compile(ast.fix_missing_locations(tree), "<cell 1>", "exec"), namespace)
    return namespace[answer.__name__]


EVERY = [(exercise, answer, method) for exercise in EXERCISES for answer, method in methods(exercise.name)]
"""Every exercise with each of its methods."""
SHARE = 3
"""Each method gets one line of so many; all of the table ``LINES`` are tried in many exercises."""


def edits(number: int) -> list[tuple[str, Edit]]:
    """Return the edits of the method with that number in ``EVERY``, each with the name of its mistake."""
    return [*((name, with_line(line)) for name, line in LINES[number % SHARE :: SHARE]), *DEFINITIONS]
