"""Every sentence on a case, a rule or a misconception belongs to something in the code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import ncl_course
from ncl_course.checking.answers import generator
from ncl_course.checking.naming.measured import NAMES as MEASURED
from ncl_course.checking.naming.raised import NAMES
from ncl_course.checking.verdict import NAMED_BY_FAULT
from ncl_course.checking.view import key_about
from ncl_course.exercises import EXERCISES, ROOMS
from ncl_course.language import messages

PACKAGE = Path(ncl_course.__file__).parent
SENTENCES = messages("en")
every_file = pytest.mark.parametrize("file", [*ROOMS.values(), "checking"])


@cache
def words() -> tuple[re.Pattern[str], ...]:
    """Return every string in the code that makes remarks; any word may replace the values of an f-string."""
    found = set()
    for path in (*(PACKAGE / "exercises").rglob("*.py"), *(PACKAGE / "checking").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            if isinstance(node, ast.JoinedStr):
                found.add("".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values))
    return tuple(re.compile(word) for word in found if re.search(r"[a-z]{4}", word))


def is_remarked(word):
    return any(pattern.fullmatch(word) for pattern in words())


def case_names(exercise):
    return {case.name for part in exercise.parts for case in part.cases(generator(0, exercise.name, part.name))}


@every_file
def test_every_sentence_on_a_case_is_that_of_a_case(file):
    said = {key_about(exercise.name, f"case.{name}") for exercise in EXERCISES for name in case_names(exercise)}
    assert not [name for name in SENTENCES[file].get("case", {}) if f"{file}.case.{name}" not in said]


@every_file
def test_every_sentence_on_a_rule_is_that_of_a_remark(file):
    assert not [name for name in SENTENCES[file].get("rule", {}) if not is_remarked(name)]


@every_file
def test_every_misconception_with_a_title_is_one_of_an_exercise(file):
    names = {e.name: {m.name for m in e.misconceptions} for e in EXERCISES if file in (e.room, "checking")}
    entries = SENTENCES[file]["misconception"]
    shared = {name for name, words in entries.items() if "title" in words}
    own = {(exercise, name) for exercise in entries.keys() - shared for name in entries[exercise]}
    anywhere = set().union(*names.values(), NAMED_BY_FAULT.values(), NAMES, MEASURED)
    assert not [name for name in shared - anywhere if not is_remarked(name)]
    assert not [(e, n) for e, n in own if n not in names[e] | {*NAMED_BY_FAULT.values()} and not is_remarked(n)]


def test_a_word_that_no_code_says_is_found_to_be_unsaid():
    assert not is_remarked("weights_painted_green")
    assert is_remarked("weights_constant")
    assert is_remarked("gamma-shape")
