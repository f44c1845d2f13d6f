"""Random input for the grader, made of nasty pieces: cells, notebooks, zips, tables, settings and protocol answers."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile

import numpy as np
from hypothesis import strategies as st

from ncl_course.protocol.script import Numbers, Opaque
from tests.grading.zips import entry, locked
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

WORDS = st.sampled_from(
    [
        *(
            "",
            "x",
            "01_pooling",
            "MaxPool2d",
            "Анна",
            "e\u0301",
            "\u202egnp.",
            "\x1b[2J",
            "\x00",
            "\ud800",
            "=1+1",
            "@x",
            "\t=2",
        ),
        *(
            '<script>alert("1")</script>',
            "{{ 7 * 7 }}",
            "{x}",
            "%s",
            "a" * 300,
            "../../x",
            "C:\\x",
            "/etc/passwd",
            "\r\n",
            "\u2028",
        ),
        *(
            "nan",
            "1e999",
            "9" * 5_000,
            "-0",
            "٣",
            "²",
            "9999-12-31",
            "]]>",
            "-->",
            "\ufeff",
            "\u200b=1",
            "CON",
            "results.json",
        ),
    ]
)
NUMBERS = st.sampled_from([0, 1, -1, 4, 4.5, 1e308, float("nan"), float("inf"), 10**20, -(2**63), True, None])
TREES = st.recursive(
    WORDS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)

PIECES = [
    *(
        "",
        " ",
        "\t",
        "\f",
        "\\",
        "\x00",
        "\ud800",
        "#",
        "'",
        '"""',
        "pass",
        "1 / 0",
        "raise SystemExit",
        "x = = 1",
        "\u200bx = 1",
    ),
    *(
        "%matplotlib inline",
        "%cd ..",
        "!ls /",
        "%%bash\nls",
        "%%writefile ../../left\nx",
        "%run other.ipynb",
        "?x",
        "x = !ls",
        "%%time",
    ),
    *(
        "(" * 300,
        "[" * 5_000,
        "-" * 3_000 + "1",
        "x = " + "9" * 6_000,
        "f'" + "{" * 200,
        "lambda: " * 500 + "0",
        "a" * 20_000,
    ),
    *(
        "if x:\n" + "".join("    " * n + "if x:\n" for n in range(1, 90)),
        "if x: pass\n" + "elif x: pass\n" * 800,
        "x = 1" + "   \n" * 5_000 + "y = 2",
        "%x\n" * 600,
    ),
    *(
        "import torch",
        "import os\nos.fork()",
        "import os\nos._exit(3)",
        "from ncl_course import *",
        "check(MaxPool2d)",
        "await x",
    ),
    *(
        "print('spam ' * 100_000)",
        "print('\x1b[2J')",
        "raise ValueError('\x1b]0;x\x07' * 1000)",
        "raise type('\u202eX', (Exception,), {})",
    ),
    *(
        "import sys\nsys.setrecursionlimit(10**6)",
        "del Layer",
        "np = None",
        "MaxPool2d = 3",
        "class MaxPool2d: pass",
        "__name__ = 3",
    ),
    *(
        "import builtins\nbuiltins.print = None",
        "open('x', 'w').write('x' * 10**7)",
        "x = [0] * 10**9",
        "### BEGIN SOLUTION",
        "<<<<<<< HEAD",
    ),
    *(
        "def pool_output_size(*x):\n    raise KeyError(x)",
        "def pool_output_size(*x):\n    return float('nan')",
        "exit()",
        "globals().clear()",
    ),
    *(SETUP, SIZE, MAX, AVG, MAX.replace("self.k", "self.s"), SIZE.replace("+ 1", "+ 2")),
]
"""Code that is right, wrong, or made to go wrong somewhere between the file and the report."""

CELLS = st.lists(st.sampled_from(PIECES) | WORDS, max_size=3).map("\n".join)


@st.composite
def trees_of_notebooks(draw):
    """A notebook as JSON: mostly well formed, with values of other kinds in some places."""
    cells = [draw(nodes()) for _ in range(draw(st.integers(0, 6)))]
    tree = {"cells": cells, "metadata": draw(METADATA), "nbformat": 4, "nbformat_minor": 5}
    for name in draw(st.lists(st.sampled_from(sorted(tree)), max_size=1)):
        tree[name] = draw(TREES)
    return tree


METADATA = st.just({"ncl_course": {"lesson": "01_pooling", "language": "en"}}) | st.fixed_dictionaries(
    {}, optional={"ncl_course": TREES, "kernelspec": TREES, "language_info": TREES, "name": WORDS}
)


@st.composite
def nodes(draw):
    """One cell."""
    source = draw(CELLS)
    node = {
        "cell_type": draw(st.sampled_from(["code"] * 5 + ["markdown", "raw", "x"])),
        "metadata": {},
        "source": source,
    }
    kinds = {"lines": lambda: source.splitlines(keepends=True), "tree": lambda: draw(TREES), "text": lambda: source}
    node["source"] = kinds[draw(st.sampled_from(["text"] * 4 + ["lines", "tree"]))]()
    for name in draw(
        st.lists(st.sampled_from(["cell_type", "metadata", "outputs", "id", "execution_count"]), max_size=1)
    ):
        node[name] = draw(TREES)
    return node


def as_bytes(tree):
    """Return JSON with lone surrogates kept as escapes."""
    return json.dumps(tree).encode()


@st.composite
def notebooks(draw):
    """The bytes of a notebook's file, sometimes damaged."""
    raw = as_bytes(draw(trees_of_notebooks()))
    damage = draw(st.sampled_from(["", "", "", "cut", "bom", "utf-16", "twice", "bytes", "deep", "keys"]))
    if damage == "cut":
        return raw[: draw(st.integers(0, len(raw)))]
    if damage == "bytes":
        return draw(st.binary(max_size=200))
    changed = {
        "bom": lambda: b"\xef\xbb\xbf" + raw,
        "utf-16": lambda: raw.decode().encode("utf-16"),
        "twice": lambda: raw + raw,
        "deep": lambda: b"[" * 100_000 + raw,
        "keys": lambda: raw[:-1] + b', "cells": [], "cells": 7}',
    }
    return changed.get(damage, lambda: raw)()


NAMES = (
    st.lists(WORDS.filter(lambda word: "\ud800" not in word), min_size=1, max_size=3)
    .map("/".join)
    .map(lambda name: name or "x")
)
FILES = st.builds(
    lambda name, end: name + end, NAMES, st.sampled_from(["", ".ipynb", ".IPYNB", ".ipynb.txt", ".zip", "/", ".txt"])
)
PLATFORM = st.sampled_from(
    [
        *(
            "01_pooling.ipynb",
            "Anna Petrova_123456_assignsubmission_file_/01_pooling.ipynb",
            "annapetrova_4711_815_01_pooling.ipynb",
        ),
        *(
            "Homework_anna_attempt_2026-10-12-20-41-00_01_pooling.ipynb",
            "timestamp.txt",
            "MANIFEST.sha256",
            "pyvenv.cfg",
            "anna/01_pooling.ipynb",
        ),
    ]
)


@st.composite
def archives(draw, depth=2):
    """The bytes of a zip with such files in it, sometimes damaged, and sometimes with another zip inside."""
    buffer, method = io.BytesIO(), draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(draw(st.integers(0, 4))):
            name = draw(FILES | PLATFORM).replace("\x00", "0")
            inner = archives(depth - 1) if depth and draw(st.integers(0, 3)) == 0 else notebooks()
            kind = draw(st.sampled_from([0o100000] * 6 + [0o120000, 0o010000, 0o020000, 0o040000]))
            content = draw(inner)
            with warnings.catch_warnings(action="ignore"):  # two entries of one name
                archive.writestr(
                    entry(name, kind), content, method
                )  # of 1980: now's time would change an outer zip's size
        archive.comment = draw(st.sampled_from([b"", b"x" * 1_000, b"PK\x05\x06" * 9]))
    raw = buffer.getvalue()
    damage = draw(st.sampled_from(["", "", "", "cut", "locked", "bits", "start"]))
    if damage == "cut":
        return raw[: draw(st.integers(0, len(raw)))]
    if damage == "bits" and raw:
        changed = bytearray(raw)
        for _ in range(draw(st.integers(1, 8))):
            changed[draw(st.integers(0, len(raw) - 1))] ^= draw(st.integers(1, 255))
        return bytes(changed)
    return locked(raw) if damage == "locked" else b"MZ" * 50 + raw if damage == "start" else raw


CELL = (
    WORDS
    | NUMBERS.map(str)
    | st.sampled_from(['"', '""', '"a\nb"', ";", ",", "anna", "01_pooling", "Grade", "Identifier", "Участник11"])
)
TABLES = st.builds(
    lambda rows, sign, end, start: start + end.join(sign.join(row) for row in rows),
    st.lists(st.lists(CELL, max_size=6), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r", ""]),
    st.sampled_from(
        ["", "\ufeff", "Identifier,Full name,Grade,Maximum Grade\n", "student,lesson,exercise,points,comment\n"]
    ),
).map(lambda words: words.encode("utf-8", "surrogatepass"))

VALUE = st.sampled_from(
    [
        *(
            "1",
            "-1",
            "1e999",
            "nan",
            "inf",
            "9" * 5_000,
            "true",
            '"x"',
            '"\\u0000"',
            "[]",
            "{}",
            "[" * 300 + "]" * 300,
            "{a = " * 90 + "1" + "}" * 90,
        ),
        *(
            "9999-12-31",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+14:00",
            "2026-10-12T23:41:00",
            "'Europe/Moscow'",
            "'/etc/passwd'",
        ),
    ]
)
KEY = st.sampled_from(
    [
        "due",
        "late",
        "timezone",
        "clock",
        "lesson",
        "points",
        "grace",
        "drop",
        "x",
        '"\\u001b"',
        "01_pooling",
        "a.b.c",
        "per_day",
        "cap",
        ".".join("a" * 5_000),
    ]
)
LINE = st.builds(lambda key, value: f"{key} = {value}", KEY, VALUE) | st.builds(
    lambda key, marks: f"[{key}]" if marks else f"[[{key}]]", KEY, st.booleans()
)
POLICIES = st.lists(LINE | WORDS, max_size=6).map("\n".join).map(lambda words: words.encode("utf-8", "surrogatepass"))

RESULTS = (
    st.fixed_dictionaries(
        {"schema": st.just(1) | NUMBERS, "seed": st.just(7) | TREES, "submissions": st.lists(TREES, max_size=2) | TREES}
    )
    | TREES
).map(as_bytes) | st.binary(max_size=50)

RAISED = st.none() | st.lists(WORDS | TREES, min_size=3, max_size=4)
OUTCOMES = st.tuples(
    TREES, RAISED, st.lists(NUMBERS, max_size=2), st.lists(WORDS, max_size=2), st.lists(WORDS, max_size=2), WORDS
).map(list)
ARRAYS = st.lists(
    st.tuples(
        st.sampled_from(["<f8", "<i8", "|b1", "|O", "<f2", "<U9", "<c16", "<f16", "<c32"]),
        st.lists(st.sampled_from([0, 1, 2, 3, -1, 2**40]), max_size=3),
    ).map(list),
    max_size=3,
)
HEADERS = st.fixed_dictionaries(
    {"arrays": ARRAYS | TREES},
    optional={
        "traces": st.lists(st.lists(OUTCOMES, max_size=4) | TREES, max_size=3) | TREES,
        "counts": st.lists(NUMBERS, max_size=3) | TREES,
        "too_much": TREES,
        "token": TREES,
        "defined": TREES,
    },
)


@st.composite
def frames(draw):
    """The bytes of an answer, sometimes damaged."""
    head, body = as_bytes(draw(HEADERS)), draw(st.binary(max_size=64))
    sizes = draw(
        st.sampled_from([(len(head), len(body))] * 4 + [(len(head) + 1, 0), (2**32 - 1, 2**63), (0, 0), (4, 2**60)])
    )
    raw = struct.pack(">IQ", *sizes) + head + body
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 9)) == 0 else raw


def like(make):
    """Return a function that makes an array from a right array, or from two rows of numbers."""
    return lambda right: make(np.asarray(right if isinstance(right, np.ndarray | np.generic) else np.ones((2, 3))))


def thirds(right):
    """Return an array of that shape with NaN and both infinities."""
    return np.resize([np.nan, np.inf, -np.inf], right.shape)


BENT = {
    "none": lambda _: None,
    "true": lambda _: True,
    "a number": lambda _: np.float32(-3),
    "infinity": lambda _: float("inf"),
    "10**400": lambda _: 10**400,
    "another type": lambda _: Opaque("x" * 300, ("a", "b")),
    "a list": lambda _: Numbers(np.arange(3.0)),
    "an empty list": lambda _: Numbers(np.zeros(0)),
    "no axes": lambda _: np.array(1.5),
    "no axes, bool": lambda _: np.array(True),
    "empty": lambda _: np.zeros(0),
    "empty with axes": lambda _: np.zeros((0, 3, 0, 2)),
    "eight axes": lambda _: np.zeros((1,) * 8),
    "one axis more": like(lambda right: right[None] * 1),
    "transposed": like(lambda right: right.T * 2),
    "bools": like(lambda right: np.resize([True, False, False], right.shape)),
    "bytes": like(lambda right: np.zeros(right.shape, np.uint8)),
    "large integers": like(lambda right: np.full(right.shape, 2**64 - 1, np.uint64)),
    "complex": like(lambda right: right + 1j),
    "half": like(lambda right: right.real.astype(np.float16)),
    "long": like(lambda right: np.full(right.shape, np.finfo(np.longdouble).max)),
    "NaN": like(lambda right: np.full(right.shape, np.nan)),
    "NaN and infinities": like(thirds),
    "huge": like(lambda right: np.full(right.shape, 1e308)),
    "tiny": like(lambda right: np.full(right.shape, 5e-324)),
}
"""Values in place of a right one, each made from it."""
