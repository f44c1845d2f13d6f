"""The content of a panel, in words and small tables: made from a result, and rendered by ``render``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ncl_course.checking.compare import Difference, holds_nothing
from ncl_course.checking.grids import SIDE, Grid, grids, number
from ncl_course.checking.naming.raised import shapes, sizes
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.snippet import argument_names, snippet
from ncl_course.checking.verdict import Fault, Verdict
from ncl_course.exercises import find
from ncl_course.language import find as find_text
from ncl_course.language import messages, numeral, text
from ncl_course.protocol.script import Layers, Numbers, Opaque, Remark
from ncl_course.worded import worded

NAMED_SUPER = re.compile(r"super\(\s*(?:\w+|self\.__class__|type\(self\))\s*,\s*\w+\s*\)")
"""Matches a ``super`` that looks its class up when it runs, and then finds the class of the last cell."""


FRACTION = re.compile(r"[-−]?\d+\.\d+(e[-+−]?\d+)?%?")
"""Matches a number with a decimal point."""


@dataclass(frozen=True)
class Named:
    """The title and the hint of a misconception."""

    title: str
    hint: str


@dataclass(frozen=True)
class PartView:
    """One part of a panel."""

    verdict: Verdict
    title: str
    state: str
    points: str
    lead: str = ""
    code: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    sentences: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    printed: str = ""


def panel(result: ExerciseResult) -> tuple[PartView, ...]:
    """Return the panel of a result, part by part, in the current language."""
    return tuple(part_view(result, part) for part in result.parts)


def part_view(result: ExerciseResult, part: PartResult) -> PartView:
    """Return everything that the panel shows about one part."""
    difference = part.difference
    said = sentences(result.exercise, difference) if difference else []
    return PartView(
        verdict=part.verdict,
        title=f"{result.exercise} · {text(f'checking.part.{part.part}')}",
        state=text(f"checking.panel.{part.state or part.verdict}"),
        points=text("checking.panel.points", score=number(part.score), max_score=number(part.max_score)),
        lead=lead(result.exercise, part),
        code=code_of(result, difference) if difference else (),
        grids=grids(difference, result.exercise) if difference else (),
        sentences=(*said, part.note) if part.note else tuple(said),
        named=tuple(with_found(result.exercise, name, part) for name in part.misconceptions),
        printed=difference.outcome.printed if difference and difference.outcome else "",
    )


def lead(exercise: str, part: PartResult) -> str:
    """Return the first sentence: how many cases pass, and which one is shown."""
    if part.verdict is Verdict.MISSING:
        return "" if part.note else text("checking.panel.missing_hint")
    if part.verdict is Verdict.PASSED:
        return text("checking.panel.all_cases", cases=part.cases)
    if part.difference is None:
        return ""
    key = "checking.panel.only_case" if part.failing == 1 else "checking.panel.some_cases"
    why = about(exercise, f"case.{part.difference.case.name}")
    return text(key, failing=part.failing, cases=part.cases, why=why)


def named(exercise: str, name: str) -> Named:
    """Return a misconception's title and hint; an exercise may have its own words for a common one."""
    own = f"misconception.{exercise}.{name}"
    key = own if find_text(key_about(exercise, f"{own}.title")) is not None else f"misconception.{name}"
    return Named(about(exercise, f"{key}.title"), about(exercise, f"{key}.hint"))


PATHS = re.compile(r"(?<!\w)[DMV](?!\w)")
"""The letters for the paths of a normalization's gradient in formulas."""


def with_found(exercise: str, name: str, part: PartResult) -> Named:
    """Return a misconception's words with what was measured: a factor, a place, a formula with its letters."""
    words, found = named(exercise, name), [remark for remark in part.found if remark.name == name]
    said = [measured_sentence(remark) for remark in found]
    legend = find_text(key_about(exercise, "relation.paths"))
    if legend and any(PATHS.search(str(remark.values.get("formula", ""))) for remark in found):
        said.append(legend)
    return replace(words, hint=" ".join([*said, words.hint]))


def measured_sentence(remark: Remark) -> str:
    """Return the sentence on a relation, and on the side of 0 where it holds."""
    values = {name: localized(spoken(value)) for name, value in remark.values.items()}
    where = "" if remark.key == "side" or "side" not in values else text("checking.relation.where", **values)
    return where + text(f"checking.relation.{remark.key}", **values)


def spoken(formula: str) -> str:
    """Return a formula with its words in the current language; longer phrases are translated before their parts."""
    for name, words in sorted(messages("en")["checking"]["fragment"].items(), key=lambda one: -len(one[1])):
        formula = formula.replace(words, text(f"checking.fragment.{name}"))
    return formula


def key_about(exercise: str, key: str) -> str:
    """Return the full key of a sentence on a case, a rule or a misconception: the lesson's own, or the shared one."""
    found = find(exercise)
    own = f"{found.room}.{key}" if found else ""
    return own if find_text(own) is not None else f"checking.{key}"


def about(exercise: str, key: str, /, **values: Any) -> str:
    """Return the sentence on a case, a rule or a misconception of an exercise."""
    return text(key_about(exercise, key), **values)


def code_of(result: ExerciseResult, difference: Difference) -> tuple[str, ...]:
    """Return the lines of code that repeat the failing case."""
    exercise = find(result.exercise)
    return snippet(exercise, difference.case, difference.step) if exercise else ()


def sentences(exercise: str, difference: Difference) -> list[str]:
    """Explain in words what is wrong."""
    right, got = difference.expected, difference.got
    match difference.fault:
        case Fault.RAISED:
            return raised_sentences(exercise, difference)
        case Fault.TYPE:
            said = type_sentence(right, got)
        case Fault.DTYPE:
            said = text("checking.panel.dtype", got=got.dtype, right=right.dtype)
        case Fault.SHAPE:
            said = shape_sentence(right, got)
        case Fault.RULE if difference.remark is not None:
            values = {name: localized(value) for name, value in difference.remark.values.items()}
            said = about(exercise, f"rule.{difference.remark.key}", **values)
        case Fault.WARNED if difference.outcome is not None:
            said = text("checking.panel.warned", warning=difference.outcome.warnings[0])
        case Fault.INPUT_CHANGED:
            said = text("checking.panel.input_changed", name=changed_name(difference))
        case Fault.RESULT_OVERWRITTEN:
            said = text("checking.panel.result_overwritten")
        case _:
            return value_sentences(difference)
    return [said]


def raised_sentences(exercise: str, difference: Difference) -> list[str]:
    """Return the exception, the student's line that raised it, and the reason where the line shows it."""
    raised = difference.outcome.raised if difference.outcome else None
    if raised is None:
        return []
    said = [text("checking.panel.raised", type_name=raised.type_name, message=worded(raised.message))]
    if raised.where:
        said.append(text("checking.panel.raised_where", where=raised.where))
    close = raised.hint.removeprefix("close ") if raised.hint.startswith("close ") else ""
    if close.isidentifier():
        said.append(text("checking.panel.close", name=close))
    said += [text("checking.panel.axes", shape=shape, meaning=meaning) for shape, meaning in shapes(difference, raised)]
    said += [text("checking.panel.sizes", size=size, meaning=meaning) for size, meaning in sizes(difference, raised)]
    written = NAMED_SUPER.search(raised.where)
    if written and (raised.type_name == "RecursionError" or f"{exercise}.__init__()" in raised.message):
        said.append(text("checking.panel.old_super", written=written[0]))
    return said


def type_sentence(right: Any, got: Any) -> str:
    """Explain that a value of another type was returned."""
    if got is None:
        return text("checking.panel.type_none")
    if isinstance(right, Numbers) and holds_nothing(got):
        return text("checking.panel.list_length", got=0, right=len(right.values))
    return text("checking.panel.type", got=type_name(got), right=text(f"checking.panel.{kind_of(right)}"))


def shape_sentence(right: Any, got: Any) -> str:
    """Explain that an array has a wrong shape, or a list a wrong length."""
    if isinstance(right, Numbers):
        return text("checking.panel.list_length", got=len(got.values), right=len(right.values))
    return text("checking.panel.shape", got=got.shape, right=right.shape)


def localized(value: Any) -> Any:
    """Return a number of a sentence with the language's decimal mark, and any other value as it is."""
    if isinstance(value, float):
        return number(value)
    return numeral(value) if isinstance(value, str) and FRACTION.fullmatch(value) else value


def kind_of(right: Any) -> str:
    """Return the kind of a right value; the message ``panel.KIND`` names it."""
    if isinstance(right, np.ndarray):
        return "numpy_array"
    if isinstance(right, Numbers):
        return "number_list"
    if isinstance(right, Opaque):
        return "empty_list"
    return "whole_number" if isinstance(right, int) else "number"


def type_name(got: Any) -> str:
    """Return the name of a value's type, together with the value if it is a number."""
    if isinstance(got, Opaque):
        return got.type_name + (f" ({', '.join(got.items[:SIDE])})" if got.items else "")
    if isinstance(got, Numbers):
        return "list"
    return f"{number(got)} ({type(got).__name__})" if np.ndim(got) == 0 else type(got).__name__


def value_sentences(difference: Difference) -> list[str]:
    """Explain where the numbers first differ, by how much, and in how many places."""
    right, got, wrong = difference.expected, difference.got, difference.wrong
    if wrong is None:
        return [text("checking.panel.scalar", got=number(got), right=number(right))]
    key = "checking.panel.not_finite" if difference.fault is Fault.FINITE else "checking.panel.first_wrong"
    index = difference.index
    said = [text(key, index=place(index), got=number(got[index]), right=number(right[index]))]
    if difference.fault is Fault.VALUES:
        error = number(difference.max_error)
        said.append(text("checking.panel.errors", wrong=int(wrong.sum()), total=wrong.size, max_error=error))
    return said


def changed_name(difference: Difference) -> str:
    """Return the name of the argument that the call changed."""
    step = difference.case.script[difference.step]
    changed = difference.outcome.changed if difference.outcome else ()
    argument = step.args[changed[0]] if changed else None
    return argument_names(difference.case).get(id(argument), "layers" if isinstance(argument, Layers) else "x")


def place(index: tuple[int, ...]) -> str:
    """Return an index as Python writes it."""
    return f"[{', '.join(map(str, index))}]"
