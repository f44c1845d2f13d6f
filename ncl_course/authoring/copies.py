"""Search the code that students get for copies of a solution with other names, in syntax trees.

Three things count: a rich formula anywhere; a short formula if it shares a name with the solution or is everything
that a function returns; and three consecutive statements. The code that students are given does not count.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ncl_course.authoring.formulas import Formula, expression, formula, plain, skeleton, weight
from ncl_course.authoring.source import read
from ncl_course.authoring.variant import BEGIN, END, strip

RICH, SHORT = 7, 5
"""The smallest weights of a rich formula and of a short one; ``return x`` is neither."""

TOGETHER = 3
"""The number of statements that are compared at once. They must be rich: three like ``self.x = x`` have weight 6."""

ORACLES = "ncl_course/oracles/"
"""This room is not searched, because it has the right and the wrong answers, computed by torch."""

NO_EXERCISE: Mapping[str, str] = {
    "ncl_course/data/dataset.py": "(x - mean) / scale",  # standardizes the images once, before any training
}
"""A formula that a file may contain although a solution contains it too."""

ARITHMETIC = (ast.BinOp, ast.UnaryOp, ast.Compare)
BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)


@dataclass(frozen=True)
class Secret:
    """A formula or three statements of a solution.

    Attributes:
        where: the lesson and its cell.
        text: the code as the solution has it.
        returned: whether the solution's function returns this formula.
    """

    where: str
    text: str
    formula: Formula
    weight: int
    returned: bool = False

    def is_in(self, copy: Formula, *, returned: bool) -> bool:
        """Return whether a copy reveals the secret. Short formulas can be equal by chance: ``width * rows / cols``."""
        if copy.form != self.formula.form:
            return False
        return self.weight >= RICH or bool(self.formula.words & copy.words) or (self.returned and returned)


Secrets = dict[str, list[Secret]]
"""The code that no student may be given, by its skeleton."""


def secrets(lessons: Path) -> Secrets:
    """Return the formulas and statements of all solutions in a folder of lessons; cells without points have none."""
    cells = [(path.stem, cell) for path in sorted(lessons.glob("*.py")) for cell in read(path).cells]
    code = [(f"{stem} ({cell.id})", cell) for stem, cell in cells if cell.kind == "code"]
    found: Secrets = {}
    for where, cell in code:
        for secret, key in of_cell(where, cell.text) if cell.role != "own" else ():
            found.setdefault(key, []).append(secret)
    for _, cell in code:
        for key, node, _ in candidates(parsed(strip(cell.text))):
            if key in found:
                form = formula(node).form
                found[key] = [secret for secret in found[key] if secret.formula.form != form]
    return found


def of_cell(where: str, text: str) -> Iterator[tuple[Secret, str]]:
    """Yield the secrets of a cell's solution regions, each with its skeleton."""
    lines = solved_lines(text)
    tree = parsed(text)
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno in lines]
    for statement in inside:
        for node in values(statement):
            if weight(node) >= RICH or (weight(node) >= SHORT and isinstance(plain(node), ARITHMETIC)):
                returned = isinstance(statement, ast.Return)
                yield Secret(where, ast.unparse(node), formula(node), weight(node), returned), skeleton(node)
    for run in runs([node for node in statements(tree) if node.lineno in lines]):
        if weight(run) >= RICH:
            yield Secret(where, on_a_line(run), formula(run), weight(run)), skeleton(run)


def solved_lines(text: str) -> set[int]:
    """Return the numbers of the lines between the marks of a cell; the first line is 1."""
    found, inside = set(), False
    for number, line in enumerate(text.split("\n"), 1):
        inside = line.strip() == BEGIN or (inside and line.strip() != END)
        if inside:
            found.add(number)
    return found


def values(statement: ast.stmt) -> list[ast.expr]:
    """Return the formulas that a statement returns or assigns; the elements of a tuple are separate."""
    match plain(statement):
        case ast.Return(value=ast.Tuple(elts=formulas)) | ast.Assign(value=ast.Tuple(elts=formulas)):
            return formulas
        case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
            return [value]
    return []


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield all statements inside a tree in order, compound ones without their blocks, except docstrings."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt) and not is_text(child):
            fields = {name: [] if is_block(value) else value for name, value in ast.iter_fields(child)}
            yield ast.copy_location(type(child)(**fields), child)
        if isinstance(child, BLOCKS):
            yield from statements(child)


def is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a lone constant, such as a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_block(value: object) -> bool:
    """Return whether a field of a statement has statements of its own."""
    return isinstance(value, list) and any(isinstance(item, BLOCKS) for item in value)


def runs(body: list[ast.stmt]) -> Iterator[ast.Module]:
    """Yield every run of consecutive statements as a module."""
    for start in range(len(body) - TOGETHER + 1):
        yield ast.Module(body[start : start + TOGETHER], [])


def on_a_line(node: ast.AST) -> str:
    """Return code on one line, with a slash between two lines."""
    return " / ".join(line.strip() for line in ast.unparse(node).splitlines() if line.strip())


def candidates(tree: ast.AST) -> Iterator[tuple[str, ast.AST, bool]]:
    """Yield every formula and run of statements in a tree, with its skeleton and whether a function returns it."""
    returned = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            yield skeleton(node), node, id(node) in returned
        if isinstance(node, ast.AugAssign):
            (value,) = values(node)
            yield skeleton(value), value, False
    for run in runs(list(statements(tree))):
        yield skeleton(run), run, False


def trees(name: str, content: bytes) -> Iterator[ast.Module]:
    """Yield the syntax trees of a module, or of a notebook's code cells."""
    text = content.decode("utf-8", "replace")
    sources = [text] if name.endswith(".py") else []
    if name.endswith(".ipynb"):
        sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    yield from map(parsed, sources)


def parsed(source: str) -> ast.Module:
    """Return the syntax tree of some code, or an empty one for a magic command, which is searched only as text."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def copies(files: Mapping[str, bytes], known: Secrets) -> list[str]:
    """Return every copy in a file, as ``FILE copies a solution, LESSON (CELL): CODE, here CODE``."""
    found = []
    for name, content in files.items():
        allowed = formula(expression(NO_EXERCISE[name])).form if name in NO_EXERCISE else ""
        for tree in trees(name, content) if not name.startswith(ORACLES) else ():
            for key, node, returned in candidates(tree):
                told = formula(node) if key in known else None
                secret = next((one for one in known.get(key, ()) if told and one.is_in(told, returned=returned)), None)
                if secret and told and told.form != allowed:
                    found.append(f"{name} copies a solution, {secret.where}: {secret.text}, here {on_a_line(node)}")
    return list(dict.fromkeys(found))
