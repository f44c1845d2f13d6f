"""Sources that are nested more deeply than a parser likes, or that cost it much: what a hostile student hands in."""

from __future__ import annotations

TIMES = 20_000

DEEP = {
    "elif": "if a:\n    pass\n" + "elif b:\n    pass\n" * TIMES,
    "parentheses": "(" * TIMES + ")" * TIMES,
    "unclosed parentheses": "(" * TIMES,
    "minus": "a = " + "-" * TIMES + "1",
    "not": "a = " + "not " * TIMES + "b",
    "attributes": "a = b" + ".c" * TIMES,
    "calls": "a = b" + "()" * TIMES,
    "subscripts": "a" + "[0]" * TIMES + " = 1",
    "sum": "a = 1" + "+1" * TIMES,
    "power": "a = " + "1**" * TIMES + "1",
    "conditions": "a = " + "a if b else " * TIMES + "c",
    "lambdas": "a = " + "lambda:" * TIMES + "1",
    "targets": "a = " * TIMES + "1",
    "f-string": "a = f'" + "{b}" * TIMES + "'",
    "nested f-strings": "a = " + "f'{" * 140 + "b" + "}'" * 140,
    "brackets in an f-string": "a = f'{" + "[" * TIMES + "]" * TIMES + "}'",
    "decorators": "@a\n" * TIMES + "def f(): pass",
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(200)) + " " * 200 + "pass",
    "magics": "%magic\n" * TIMES,
    "assigned magics": "a = %magic\n" * TIMES,
    "open quotes": "'''" + "%magic\n" * TIMES,
    "backslashes": "\\\n" * TIMES + "a = 1",
    "zero byte": "a = 1\0",
    "lone surrogate": "a = '\ud800'",
    "large number": "a = " + "9" * TIMES,
}
"""Texts that are large or deep, each under a name for what it repeats."""
