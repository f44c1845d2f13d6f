"""Find the English sentences in Python files, and print a random sample: ``python -m tests.prose SEED [COUNT]``.

Read a sample without the code beside it: a sentence that has to be read twice must be written again.
"""

from __future__ import annotations

import ast
import io
import random
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bench", "ncl_course", "scripts", "tests")

EXAMPLE = re.compile(r"\n\s*>>> .*?(?=\n\s*\n|$)", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+(?=[A-Z`])|\n\s*\n|\n\s+(?=\w+(?: \([^)]*\))?: )")
NOT_PROSE = re.compile(r"noqa|type: ignore|fmt: skip|-{4}|%%|### ")


def docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each docstring with its line; a string below a constant counts as one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield each comment with its line, without those for tools."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not NOT_PROSE.search(token.string):
            yield token.start[0], token.string.lstrip("# ")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every docstring and comment of a file with its line."""
    source = path.read_text(encoding="utf-8")
    yield from docstrings(ast.parse(source))
    yield from comments(source)


def files() -> list[Path]:
    """Return the project's Python files."""
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def sentences() -> list[str]:
    """Return all sentences of these files, without examples."""
    found = (EXAMPLE.sub("", text) for path in files() for _, text in texts(path))
    parts = (" ".join(part.split()) for text in found for part in SENTENCE_END.split(text))
    return [part for part in parts if " " in part]


if __name__ == "__main__":
    chosen, size = [*map(int, sys.argv[1:]), *(1, 300)[len(sys.argv) - 1 :]]
    for number, sentence in enumerate(random.Random(chosen).sample(sentences(), size), 1):
        print(f"{number:3} {sentence}")
