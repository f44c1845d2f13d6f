"""The names that are easily taken for one another: operators, functions, methods, dtypes and words."""

from __future__ import annotations

import ast

BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Mod, ast.Div),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.GtE),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

FAMILIES = (
    "max min mean",
    "maximum minimum",
    "sum mean max",
    "argmax argmin",
    "zeros ones empty",
    "zeros_like ones_like empty_like",
    "full empty",
    "exp expm1",
    "log log1p log2",
    "sqrt square",
    "floor ceil round",
    "floor_divide true_divide",
    "multiply add",
    "var std",
    "any all",
    "cumsum cumprod",
    "hstack vstack",
    "tanh sinh",
    "repeat tile",
    "float64 float32",
    "int64 int8 float64",
    "bool float64",
    "int float",
    "diag diagonal",
    "outer inner",
    "dot multiply",
    "random standard_normal",
    "normal uniform",
    "ascontiguousarray asfortranarray",
    "asarray array",
    "range reversed",
    "train eval",
    "training trained",
    "append extend",
    "ones zeros",
    "gamma beta",
    "weight bias",
    "running_mean running_var",
    "forward backward",
)
"""Each line is a family: a name may be taken for the others of its line."""

SIBLINGS: dict[str, tuple[str, ...]] = {}
for _family in FAMILIES:
    for _name in _family.split():
        others = (other for other in _family.split() if other != _name)
        SIBLINGS[_name] = tuple(dict.fromkeys((*SIBLINGS.get(_name, ()), *others)))
