"""The edits of a block of statements: one lost, negated, exchanged, in place, accumulated, or a return too early."""

from __future__ import annotations

import ast
from collections.abc import Iterator

DEFINITION = ast.FunctionDef | ast.ClassDef


def changed_statements(node: ast.stmt, after: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Yield what may replace a statement; ``after`` are the statements that follow it in its block."""
    if isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if not isinstance(node, DEFINITION):
        yield [ast.Pass()]
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
            yield body
            if orelse:
                yield orelse
        case ast.While(test=test, body=body):
            yield [ast.While(ast.UnaryOp(ast.Not(), test), body, [])]
            yield body
        case ast.For(body=body):
            yield [with_body(node, [*body, ast.Break()])]
            if after and isinstance(after[0], ast.Return):
                yield [with_body(node, [*body, after[0]])]
        case ast.AugAssign(target=target, value=value):
            yield [ast.Assign([target], value)]
        case ast.Assign(targets=[target], value=value):
            yield from changed_assignment(target, value)
        case ast.Return(value=ast.expr() as value):
            yield [ast.Return(ast.UnaryOp(ast.USub(), value))]
            yield from in_place(value, ast.Return)
    last = after[-1] if after else None
    if isinstance(last, ast.Return) and len(after) > 1 and not isinstance(node, DEFINITION):
        yield [last]  # the statements after it are never reached
    if after and not isinstance(node, DEFINITION | ast.Return) and isinstance(last, ast.Return):
        yield [node, last]


def changed_assignment(target: ast.expr, value: ast.expr) -> Iterator[list[ast.stmt]]:
    """Yield an assignment that accumulates, or that computes in place."""
    if isinstance(target, ast.Attribute | ast.Subscript):
        yield [ast.AugAssign(target, ast.Add(), value)]
    yield from in_place(value, lambda name: ast.Assign([target], name))


def in_place(value: ast.expr, end: object) -> Iterator[list[ast.stmt]]:
    """Yield ``name op= right`` and the end, for the value ``name op right``: the new array overwrites the old one."""
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and callable(end):
        stored = ast.Name(value.left.id, ast.Store())
        yield [ast.AugAssign(stored, value.op, value.right), end(value.left)]


def exchanged(block: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Yield a block with two neighbours exchanged."""
    for number in range(len(block) - 1):
        one, two = block[number : number + 2]
        if not isinstance(one, DEFINITION) and not isinstance(two, DEFINITION | ast.Return):
            yield [*block[:number], two, one, *block[number + 2 :]]


def with_body(node: ast.For, body: list[ast.stmt]) -> ast.For:
    """Return a loop with another body."""
    return ast.For(node.target, node.iter, body, [])
