"""The edits of one expression, operator or argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tests.mutants.siblings import BINARY, COMPARISONS, SIBLINGS


def changed(  # noqa: PLR0912 - one branch for each kind of node
    node: ast.AST, names: frozenset[str], *, parent: ast.AST, field: str
) -> Iterator[ast.AST]:
    """Yield what may replace a node by mistake; ``names`` are the function's own names."""
    if field == "annotation" or isinstance(node, ast.expr_context):
        return
    if is_docstring(node, parent) or (isinstance(parent, ast.Call) and field == "func" and is_super(parent)):
        return
    match node:
        case ast.operator():
            yield from (other() for other in BINARY.get(type(node), ()))
        case ast.cmpop():
            yield from (other() for other in COMPARISONS.get(type(node), ()))
        case ast.boolop():
            yield ast.And() if isinstance(node, ast.Or) else ast.Or()
        case ast.BinOp(left=left, op=op, right=right):
            yield from (left, right)
            if not isinstance(op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr):
                yield ast.BinOp(right, op, left)
        case ast.BoolOp(values=values):
            yield from values
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare():
            yield ast.UnaryOp(ast.Not(), node)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from (body, orelse, ast.IfExp(test, orelse, body))
        case ast.Constant(value=value):
            yield from (ast.Constant(other) for other in other_constants(value))
        case ast.Name(id=name, ctx=ast.Load()):
            others = sorted(n for n in names - {name} if "." not in n) if name in names else []
            yield from (ast.Name(other, ast.Load()) for other in (*others, *SIBLINGS.get(name, ())))
        case ast.Attribute(value=value, attr=attr, ctx=ctx):
            yield from (
                ast.Attribute(value, other, ctx) for other in (*others_of(node, names), *SIBLINGS.get(attr, ()))
            )
        case ast.Call():
            yield from changed_call(node)
        case ast.Slice():
            yield from changed_slice(node)
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield value
        case ast.comprehension(target=target, iter=things, ifs=ifs) if ifs:
            yield ast.comprehension(target, things, [], 0)
        case ast.arguments(args=[first, second, *rest], defaults=[]) if first.arg != "self":
            yield with_arguments(node, [second, first, *rest])
        case ast.arguments(args=[own, first, second, *rest], defaults=defaults) if len(defaults) < len(rest) + 1:
            yield with_arguments(node, [own, second, first, *rest])


def others_of(node: ast.Attribute, names: frozenset[str]) -> list[str]:
    """Return the other attributes that a class sets on ``self``, for one that is read."""
    whole = ast.unparse(node)
    others = names - {whole} if whole in names and isinstance(node.ctx, ast.Load) else ()
    return sorted(name.removeprefix("self.") for name in others if name.startswith("self."))


def is_docstring(node: ast.AST, parent: ast.AST) -> bool:
    """Return whether a node is a text that is a statement by itself, or part of one."""
    return isinstance(parent, ast.Expr) and isinstance(node, ast.Constant)


def is_super(call: ast.Call) -> bool:
    """Return whether a call is ``super()``."""
    return isinstance(call.func, ast.Name) and call.func.id == "super"


def with_arguments(node: ast.arguments, args: list[ast.arg]) -> ast.arguments:
    """Return a function's arguments in another order."""
    return ast.arguments(
        node.posonlyargs, args, node.vararg, node.kwonlyargs, node.kw_defaults, node.kwarg, node.defaults
    )


def other_constants(value: Any) -> Iterator[Any]:
    """Yield the constants that are easily written for a constant."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value, 0, 2 * value)
    elif isinstance(value, float):
        yield from (2 * value, -value, 0.0, value + 1, 1.001 * value)
    elif isinstance(value, str):
        yield from SIBLINGS.get(value, ())
        if "->" in value:  # einsum: another sum, or another order
            inputs, _, output = value.partition("->")
            yield f"{inputs}->{output[::-1]}"
            yield f"{inputs}->{output[:-1]}"
    elif value is None:
        yield 1


def changed_call(node: ast.Call) -> Iterator[ast.AST]:
    """Yield what may replace a call: its receiver, its only argument, other bounds of a range."""
    if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
        yield node.func.value
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        yield from changed_range(node)
    if isinstance(node.func, ast.Name) and node.func.id in ("float", "int", "bool", "len"):
        yield ast.UnaryOp(ast.USub(), node)


def changed_range(node: ast.Call) -> Iterator[ast.AST]:
    """Yield a range that is one shorter or one longer at either end."""
    start, stop, *step = node.args if len(node.args) > 1 else (ast.Constant(0), *node.args)
    for by in (1, -1):
        yield ast.Call(node.func, [start, plus(stop, by), *step], [])
        yield ast.Call(node.func, [plus(start, by), stop, *step], [])


def changed_slice(node: ast.Slice) -> Iterator[ast.AST]:
    """Yield a slice with a bound moved by one or lost."""
    for name in ("lower", "upper"):
        bound = getattr(node, name)
        if bound is not None:
            yield from (with_bound(node, name, other) for other in (plus(bound, 1), plus(bound, -1), None))
    if node.step is not None:
        yield with_bound(node, "step", None)
    if node.lower is None:
        yield with_bound(node, "lower", ast.Constant(1))
    if node.upper is None:
        yield with_bound(node, "upper", ast.Constant(-1))


def with_bound(node: ast.Slice, name: str, bound: ast.expr | None) -> ast.Slice:
    """Return a slice with another bound."""
    return ast.Slice(**{"lower": node.lower, "upper": node.upper, "step": node.step, name: bound})


def plus(node: ast.expr, by: int) -> ast.expr:
    """Return an expression that is larger by that number."""
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def is_module(node: ast.expr) -> bool:
    """Return whether an expression names a module of these answers, such as ``np`` and ``np.random``."""
    return ast.unparse(node).partition(".")[0] in ("np", "math", "itertools", "functools", "super()")
