"""Tell which newer version of Python a cell's syntax needs, if this one cannot parse it.

Colab does not write the version of Python into a notebook, so the cell itself has to show it.
"""

from __future__ import annotations

import re
import sys

ALIAS = r"^[ \t]*+type[ \t]++\w++[ \t]*+(?:\[[^\n]*+|=(?!=))"
PARAMETERS = r"^[ \t]*+(?:async[ \t]++)?(?:def|class)[ \t]++\w++[ \t]*+\["
F_STRING = r"""\b[rR]?[fF][rR]?(["'])(?:(?!\1)[^\n{])*+\{(?:(?!\1)[^\n}\\])*+(?:\\|\1(?:(?!\1)[^\n}])*+\1[^\n{}]*+\})"""
"""An f-string with its own quotes inside its braces, or with a backslash there."""

EXCEPT = r"^[ \t]*+except[ \t]++[\w.]++[ \t]*+,[ \t]*+[\w., \t]++:"
T_STRING = r"""(?:^|[=(,:])[ \t]*+(?:[rR]?[tT]|[tT][rR])["']"""

SYNTAX = (
    ((3, 12), re.compile(f"{ALIAS}|{PARAMETERS}|{F_STRING}", re.MULTILINE)),
    ((3, 14), re.compile(f"{EXCEPT}|{T_STRING}", re.MULTILINE)),
)
"""Type aliases, type parameters and free f-strings; ``except`` without parentheses and t-strings."""


def newer_syntax(source: str) -> str:
    """Return the version whose syntax a cell that does not parse here seems to have, if it is newer than this one."""
    found = (version for version, form in SYNTAX if version > sys.version_info[:2] and form.search(source))
    return ".".join(map(str, next(found, ())))
