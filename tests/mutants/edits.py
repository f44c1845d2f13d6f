"""Every single edit of a syntax tree that a slip of the hand or of the mind could make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.mutants.expressions import changed
from tests.mutants.statements import changed_statements, exchanged

Function = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True)
class Edit:
    """One edit: a field of one node gets another value.

    Attributes:
        place: the qualified name of the function or class that is edited.
        line: the line in the answer's file.
        before: the code before the edit; ``after`` is the code after it.
    """

    place: str
    line: int
    before: str
    after: str
    node: ast.AST
    field: str
    value: Any

    @property
    def label(self) -> str:
        """The edit as a reader sees it."""
        return f"{self.place}: {self.before} => {self.after}"

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Change the tree for the block, and change it back."""
        old = getattr(self.node, self.field)
        setattr(self.node, self.field, self.value)
        try:
            yield
        finally:
            setattr(self.node, self.field, old)


def edits(definition: ast.stmt) -> Iterator[Edit]:
    """Yield every edit of a function, a class or an assignment of a module."""
    seen: set[tuple[int, str, int, str]] = set()
    for edit in every_edit(definition, getattr(definition, "name", ""), frozenset()):
        key = id(edit.node), edit.field, edit.line, f"{edit.before} => {edit.after}"
        if edit.before != edit.after and key not in seen:
            seen.add(key)
            yield edit


def every_edit(node: ast.AST, place: str, names: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits of a node and of all that is below it."""
    kept = {name for name in names if name.startswith("self.")}
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        names = frozenset({*local_names(node), *kept})
    elif isinstance(node, ast.ClassDef):
        names = frozenset(own_attributes(node))
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            for new in changed(value, names, parent=node, field=field):
                yield made(place, value, new, node, field, new)
            yield from every_edit(value, below(place, value), names)
        elif isinstance(value, list):
            yield from edits_of_list(node, field, value, place, names)


def edits_of_list(node: ast.AST, field: str, items: list[Any], place: str, names: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits of a list of nodes: one item changed, or the list itself."""
    for number, item in enumerate(items):
        if not isinstance(item, ast.AST):
            continue
        around = items[:number], items[number + 1 :]
        for new in changed(item, names, parent=node, field=field):
            yield made(place, item, new, node, field, [*around[0], new, *around[1]])
        if isinstance(item, ast.stmt):
            for news in changed_statements(item, items[number + 1 :]):
                yield made(place, item, news, node, field, [*around[0], *news, *around[1]])
        yield from every_edit(item, below(place, item), names)
    if field in ("body", "orelse"):
        for block in exchanged(items):
            before, after = ("; ".join(map(text, some)) for some in (items, block))
            yield Edit(place, items[0].lineno, before, after, node, field, block)
    if field in ("elts", "args", "keywords") and isinstance(node, ast.Tuple | ast.List | ast.Call):
        for new in changed_list(items, field):
            before, after = (text(with_field(node, field, some)) for some in (items, new))
            yield Edit(place, getattr(node, "lineno", 0), before, after, node, field, new)


def changed_list(items: list[Any], field: str) -> Iterator[list[Any]]:
    """Yield the list with one item lost, and with two neighbours exchanged."""
    for number in range(len(items)):
        yield [*items[:number], *items[number + 1 :]]
        if field != "keywords" and number + 1 < len(items):
            yield [*items[:number], items[number + 1], items[number], *items[number + 2 :]]


def with_field(node: ast.AST, field: str, value: Any) -> ast.AST:
    """Return a shallow copy of a node with another value in one field."""
    return type(node)(**{**dict(ast.iter_fields(node)), field: value})


def made(place: str, old: ast.AST, new: Any, node: ast.AST, field: str, value: Any) -> Edit:
    """Return the edit that puts ``new``, a node or a list of statements, where ``old`` was."""
    line = getattr(old, "lineno", None) or getattr(node, "lineno", 0)
    if isinstance(old, ast.operator | ast.cmpop | ast.boolop | ast.unaryop):
        texts = text(node), text(with_field(node, field, value))
        return Edit(place, line, *texts, node, field, value)
    after = "; ".join(text(part) for part in new) if isinstance(new, list) else text(new)
    return Edit(place, line, text(old), after, node, field, value)


def below(place: str, node: ast.AST) -> str:
    """Return the qualified name inside a node."""
    inner = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""
    return f"{place}.{inner}" if inner else place


def local_names(function: Function) -> list[str]:
    """Return the names of a function's arguments and variables, without ``self``."""
    given = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    stored = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return [name for name in dict.fromkeys((*given, *stored)) if name != "self"]


def own_attributes(kind: ast.ClassDef) -> list[str]:
    """Return the attributes that a class sets on ``self``, as in ``self.x``."""
    stored = [node for node in ast.walk(kind) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return list(dict.fromkeys(text(node) for node in stored if text(node.value) == "self"))


def text(node: ast.AST) -> str:
    """Return the code of a node."""
    return ast.unparse(ast.fix_missing_locations(node))
