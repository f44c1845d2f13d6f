"""The normal form of a formula: formulas that differ in names, notation or the order of operands have the same one.

Every chain of names, such as ``self.x`` or ``self.params["weight"]``, counts as one name. NumPy's functions, methods,
built-in functions and constants stay as they are.

Example:
    >>> right, copy = "x * self.mask / self.keep_prob", "np.where(kept, values / keep_prob, 0)"
    >>> formula(expression(right)).form == formula(expression(copy)).form
    True
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LIBRARIES = {"np", "numpy", "math"}
ABOUT_ARRAYS = {"shape", "dtype", "size", "ndim", "T"}
"""Attributes that NumPy defines, so they do not count as the author's names."""

OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Subscript)
SHORTEST_WORD = 3

Naming = Callable[[str], str]
Operand = tuple[str, ast.AST]


@dataclass(frozen=True)
class Formula:
    """A formula without its names.

    Attributes:
        form: the formula with a number in place of each name; names that could be exchanged have the same number.
        words: the number and the last word of each name (``keep_prob`` of ``self.keep_prob``); words of one or two
            letters are left out.
    """

    form: str
    words: frozenset[tuple[int, str]]


def expression(text: str) -> ast.expr:
    """Return the syntax tree of one expression."""
    return ast.parse(text, mode="eval").body


def formula(node: ast.AST) -> Formula:
    """Return the normal form of a tree.

    A name's number depends on the form of the formula with only this name marked, so neither names nor the order of
    operands count.
    """
    names: set[str] = set()
    written(node, lambda name: names.add(name) or "")  # type: ignore[func-returns-value]
    looks = {one: written(node, lambda name, one=one: "*" if name == one else "v") for one in names}  # type: ignore[misc]
    order = sorted(set(looks.values()))
    numbers = {name: order.index(look) for name, look in looks.items()}
    form = f"{written(node, lambda name: f'v{numbers[name]}')}, {len(numbers)} names"
    last = {name: name.rpartition(".")[2].lower() for name in numbers}
    return Formula(form, frozenset((numbers[name], word) for name, word in last.items() if len(word) >= SHORTEST_WORD))


def skeleton(node: ast.AST) -> str:
    """Return the formula with all names alike: quicker than the normal form, and equal if that is equal."""
    return written(node, lambda _: "v")


def weight(node: ast.AST) -> int:
    """Return the amount of information in a formula: the number of its operations, names and constants."""
    node = plain(node)
    if name_of(node) or isinstance(node, ast.Constant):
        return 1
    return isinstance(node, OPERATIONS) + sum(weight(child) for child in ast.iter_child_nodes(node))


def written(node: ast.AST, naming: Naming) -> str:
    """Return a tree as text, with names from ``naming`` and the operands of sums and products sorted."""
    node = plain(node)
    if name := name_of(node):
        return naming(name)
    if isinstance(node, ast.Constant):
        return repr(float(node.value) if type(node.value) is int else node.value)
    if operands := operands_of(node):
        return f"({' '.join(sorted(sign + written(operand, naming) for sign, operand in operands))})"
    label, parts = parts_of(node)
    return f"{label}({' '.join(written(part, naming) for part in parts)})"


def plain(node: ast.AST) -> ast.AST:
    """Return the same tree in one of several equal notations: no cast around it, ``<`` for ``>``, masks as factors."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="astype" | "copy")):
            return plain(value)
        case ast.Call(func=ast.Attribute(attr="where"), args=[mask, kept, ast.Constant(value=0)]):
            return ast.BinOp(mask, ast.Mult(), kept)
        case ast.Compare(left=left, ops=[ast.Gt()], comparators=[right]):
            return ast.Compare(right, [ast.Lt()], [left])
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[right]):
            return ast.Compare(right, [ast.LtE()], [left])
        case ast.AugAssign(target=target, op=op, value=value):
            return ast.Assign([target], ast.BinOp(target, op, value))
    return node


def name_of(node: ast.AST) -> str:
    """Return the name of a chain of names, ``self.x`` or ``self.params["weight"]``, or "" for any other tree."""
    match node:
        case ast.Name(id=name) if not is_library(node) and not hasattr(builtins, name):
            return name
        case ast.arg(arg=name):
            return name
        case ast.Attribute(value=value, attr=attribute) if attribute not in ABOUT_ARRAYS:
            return f"{owner}.{attribute}" if (owner := name_of(value)) else ""
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
            return f"{owner}.{key}" if (owner := name_of(value)) else ""
    return ""


def is_library(node: ast.AST) -> bool:
    """Return whether a tree is the name of NumPy or of the standard library's mathematics."""
    return isinstance(node, ast.Name) and node.id in LIBRARIES


def operands_of(node: ast.AST) -> list[Operand]:
    """Return the operands of a sum, a product or a matrix product, each with a sign; empty for any other tree."""
    match node:
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return list(factors(node))
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.USub()):
            return list(terms(node))
        case ast.BinOp(op=ast.MatMult(), left=left, right=right):
            return [("@", upright(left)), ("@", upright(right))]
    return []


def factors(node: ast.AST, sign: str = "*") -> Iterator[Operand]:
    """Yield the factors of a product, and its divisors with the sign ``/``."""
    match plain(node):
        case ast.BinOp(op=ast.Mult() | ast.Div() as op, left=left, right=right):
            yield from factors(left, sign)
            yield from factors(right, sign if isinstance(op, ast.Mult) else "/" if sign == "*" else "*")
        case other:
            yield sign, other


def terms(node: ast.AST, sign: str = "+") -> Iterator[Operand]:
    """Yield the terms of a sum, with the sign ``-`` if they are subtracted."""
    turned = "-" if sign == "+" else "+"
    match plain(node):
        case ast.BinOp(op=ast.Add() | ast.Sub() as op, left=left, right=right):
            yield from terms(left, sign)
            yield from terms(right, sign if isinstance(op, ast.Add) else turned)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from terms(operand, turned)
        case other:
            yield sign, other


def upright(node: ast.AST) -> ast.AST:
    """Return a matrix without its transposition, because solutions may transpose either operand of a product."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node


def parts_of(node: ast.AST) -> tuple[str, list[ast.AST]]:
    """Return the kind of a tree in a word, such as the method that is called, and the parts of the tree."""
    match node:
        case ast.Attribute(value=value, attr=attribute):
            return attribute, [] if is_library(value) else [value]
        case ast.Call(func=ast.Attribute(value=value, attr=method), args=args, keywords=keywords):
            by_name = sorted(keywords, key=lambda keyword: str(keyword.arg))
            return method, [*([] if is_library(value) else [value]), *args, *by_name]
        case ast.keyword(arg=argument, value=value):
            return f"{argument}=", [value]
        case ast.Name(id=builtin):
            return builtin, []
    parts = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr_context)]
    return type(node).__name__, parts
