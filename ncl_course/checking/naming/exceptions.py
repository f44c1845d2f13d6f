"""The names of mistakes by the type and the message of the exception that Python, NumPy or a given piece raises."""

from __future__ import annotations

import re

NONE = ("none-used", r"NoneType")
SHAPES = (
    "shapes-do-not-fit",
    r"broadcast|not aligned|mismatch in its core dimension|inhomogeneous shape|must match exactly|must have the same "
    r"shape|boolean array indexing assignment|boolean index did not match|window shape cannot be larger",
)
FLOAT = (
    "float-as-index",
    r"only integers, slices|'(\w+\.)?float\d*' object cannot be interpreted as an integer|slice indices must be|"
    r"arrays used as indices must be of integer|indices must be integers or slices, not (numpy\.)?float|"
    r"can't multiply sequence by non-int of type '(numpy\.)?float",
)
SUBSCRIPTS = ("subscripts-do-not-fit", r"einstein sum|for collapsing index")
AXES = (
    "axes-miscounted",
    r"too many indices|values to unpack|is out of bounds for array of dimension|axes don't match|repeated axis|"
    r"duplicate value in 'axis'|same number of dimensions|cannot select an axis to squeeze",
)
LIST = r"'(list|tuple|dict|dict_\w+|range|generator|map|zip)'"
FUNCTION = r"'(function|method|builtin_function_or_method|type|module|method_descriptor|numpy\.ufunc)'"
NUMBER = r"'(numpy\.)?(int|float|bool)\d*'"

PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("RecursionError", "endless-recursion", ""),
    ("UnboundLocalError", "variable-unset", ""),
    ("ZeroDivisionError", "number-out-of-range", ""),
    ("OverflowError", "number-out-of-range", ""),
    ("KeyError", "key-missing", r"\A'?[\w.]+'?\Z"),
    ("AxisError", *AXES),
    ("UFuncTypeError", "integer-array", r"Cannot cast ufunc '\w+' output from dtype\('float"),
    ("AttributeError", "zero-grad-invented", r"object has no attribute 'zero_grad'"),
    ("AttributeError", *NONE),
    ("AttributeError", "list-as-array", rf"{LIST} object has no attribute '(shape|ndim|dtype|T|mean|max|sum|reshape)'"),
    ("AttributeError", "number-as-array", rf"{NUMBER} object has no attribute"),
    ("AttributeError", "attribute-unknown", r"has no attribute '"),
    ("IndexError", *FLOAT),
    ("IndexError", *AXES),
    ("IndexError", *SHAPES),
    ("IndexError", "number-as-array", r"invalid index to scalar"),
    ("IndexError", "index-out-of-range", r"out of (bounds|range)"),
    ("TypeError", *NONE),
    ("TypeError", *FLOAT),
    ("TypeError", "list-without-star", r"Sequential expects layers but number 0 is (list|tuple) "),
    ("TypeError", "layer-not-made", r"Sequential expects objects but got the class"),
    ("TypeError", "unhashable", r"unhashable type|cannot use '[\w.]+' as a (dict key|set element)"),
    ("TypeError", "arguments-differ", r"\(\) (takes |missing \d|got an unexpected|got multiple values)"),
    (
        "TypeError",
        "function-not-called",
        rf"{FUNCTION} object is not|operand type.*{FUNCTION}|instances of.*{FUNCTION}",
    ),
    ("TypeError", "not-a-function", r"object is not callable"),
    ("TypeError", "array-as-number", r"can be converted to Python scalars|only integer scalar arrays"),
    ("TypeError", "shape-in-brackets", r"Cannot interpret '.*' as a data type"),
    ("TypeError", "shape-in-brackets", r"'(tuple|list)' object cannot be interpreted as an integer"),
    ("TypeError", "mask-arithmetic", r"numpy boolean|ufunc 'invert' not supported"),
    ("TypeError", "integer-array", r"Cannot cast .*from dtype\('float"),
    ("TypeError", "list-as-array", rf"operand type.*{LIST}|instances of.*{LIST}|can't multiply sequence"),
    ("TypeError", "list-as-array", r"(list|tuple) indices must be integers|'tuple' object does not support item"),
    ("TypeError", "number-as-array", rf"{NUMBER} object (is not|does not support)|of type {NUMBER} has no len"),
    ("TypeError", "number-as-array", r"cannot unpack non-iterable"),
    ("ValueError", "update-before-backward", r"SGD\.step expects a gradient for every parameter"),
    ("ValueError", "gradient-of-another-shape", r"SGD\.step expects the gradient of"),
    ("ValueError", "layer-twice", r"Sequential expects an object of its own"),
    ("ValueError", *SUBSCRIPTS),
    ("ValueError", "number-as-array", r"does not have enough dimensions"),
    ("ValueError", "array-as-number", r"setting an array element with a sequence"),
    ("ValueError", "reshape-does-not-fit", r"cannot reshape array|can only specify one unknown dimension"),
    ("ValueError", *AXES),
    ("ValueError", *SHAPES),
    ("ValueError", "if-on-array", r"truth value of an array"),
    ("ValueError", "empty-array", r"zero-size array|empty sequence|negative dimensions|arg is an empty"),
    ("ValueError", "read-only-written", r"destination is read-only|array is read-only"),
    ("ValueError", "number-out-of-range", r"math domain error|cannot convert float|negative integer powers"),
)
"""The exception's type, the misconception, and what its message contains; the first row that fits gives the name."""

NAMES = frozenset(name for _, name, _ in PATTERNS)
"""All misconceptions that this table can name."""

DEPENDENT = frozenset(
    {
        NONE[0],
        SHAPES[0],
        AXES[0],
        "attribute-not-kept",
        "empty-array",
        "index-out-of-range",
        "key-missing",
        "number-as-array",
        "number-out-of-range",
        "reshape-does-not-fit",
    }
)
"""Those that another mistake may have caused: one in the forward pass, which has kept a wrong value or none."""


def name_in(type_name: str, message: str) -> str:
    """Return the misconception that an exception shows by its type and its message, or an empty string."""
    found = (name for kind, name, text in PATTERNS if kind == type_name and re.search(text, message, re.DOTALL))
    return next(found, "")
