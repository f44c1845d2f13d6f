"""The code of one right answer: the definitions that it needs, and the same with one edit, as objects that can run."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.answers import RIGHT
from tests.mutants.edits import Edit, edits


@dataclass(frozen=True)
class Source:
    """One right answer with its module cut down to what it needs.

    Attributes:
        exercise: the exercise that it answers.
        name: the name of its function or class.
        module: the imports and the definitions that it uses, in their order.
        own: the definitions that are edited: the answer, its base classes, and the functions that it calls unless
            they are answers themselves.
        origin: the dotted name of its module.
    """

    exercise: str
    name: str
    module: ast.Module
    own: tuple[ast.stmt, ...]
    origin: str

    def edits(self) -> Iterator[Edit]:
        """Yield every edit of the answer."""
        for definition in self.own:
            yield from edits(definition)

    def made(self, edit: Edit | None = None) -> Callable[..., Any]:
        """Return the answer with that edit, newly defined.

        Raises:
            Exception: the edited code does not compile, or raises where it is defined.
        """
        if edit is None:
            return self.defined()
        with edit.applied():
            return self.defined()

    def defined(self) -> Callable[..., Any]:
        """Return the answer as the tree is now."""
        code = compile(ast.fix_missing_locations(self.module), f"<{self.name}>", "exec")
        namespace: dict[str, Any] = {"__name__": self.origin}
        exec(code, namespace)
        answer: Callable[..., Any] = namespace[self.name]
        return answer


def source_of(exercise: str, answer: Callable[..., Any]) -> Source:
    """Return the source of one right answer."""
    module = inspect.getmodule(answer)
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    defined = {name: node for node in tree.body for name in names_of(node)}
    needed = {answer.__name__}
    while True:
        used = {n for name in needed for n in used_names(defined[name])} & defined.keys()
        if used <= needed:
            break
        needed |= used
    body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) or names_of(n) & needed]
    others = {one.__name__ for right in RIGHT.values() for one in right} - {answer.__name__}
    bases = base_names(defined, answer.__name__)
    own = [n for n in body if names_of(n) & needed and (names_of(n) & bases or not names_of(n) & others)]
    return Source(exercise, answer.__name__, ast.Module(body, []), tuple(own), module.__name__)


def names_of(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


def used_names(node: ast.AST) -> set[str]:
    """Return the names that a definition reads."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def base_names(defined: dict[str, ast.stmt], name: str) -> set[str]:
    """Return the name of a class and the names of its base classes in the same module."""
    node = defined.get(name)
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return {name}.union(*(base_names(defined, base.id) for base in bases if isinstance(base, ast.Name)))


def every_source(names: list[str] | None = None) -> Iterator[Source]:
    """Yield the source of every right answer to these exercises, or to all."""
    for exercise, answers in RIGHT.items():
        for answer in answers if not names or exercise in names else ():
            yield source_of(exercise, answer)
