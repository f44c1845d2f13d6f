"""A question as HTML and as text, before and after it is answered: pure functions of the question and the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from ncl_course.checking.asking.answer import LETTERS, Answer
from ncl_course.checking.render import GREEN, GREY, ORANGE, template
from ncl_course.exercises import Question
from ncl_course.exercises.asked import RIGHT, Value
from ncl_course.language import current, numeral, text

CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Choice:
    """One choice as the reader sees it, with the sentence about it."""

    name: str
    letter: str
    shown: str
    why: str


def sentence(asked: Question, name: str) -> str:
    """Return one sentence of a question."""
    return text(f"{asked.room}.ask.{asked.name.partition('.')[2]}.{name}")


def choices(asked: Question) -> list[Choice]:
    """Return the choices in the order in which they are shown."""
    return [
        Choice(name, letter, shown(asked, name), sentence(asked, f"why.{name}"))
        for name, letter in zip(asked.order, LETTERS.get(current(), LETTERS["en"]), strict=False)
    ]


def shown(asked: Question, name: str) -> str:
    """Return the words of a choice, or its value."""
    value = asked.choices[name]
    return sentence(asked, f"choice.{name}") if value is None else written(value)


def written(value: Value) -> str:
    """Return numbers as the reader's language writes them.

    Example:
        >>> written((-1.5, 2))
        '−1.5  2'
    """
    if isinstance(value, tuple):
        return "  ".join(written(one) for one in value)
    digits = f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return numeral(digits.replace(",", "\N{NARROW NO-BREAK SPACE}"))


def marked_up(words: str) -> Markup:
    """Return a sentence as HTML: what stands between backticks is code."""
    return Markup(CODE.sub(r"<code>\1</code>", escape(words, quote=False)))


def verdict(answer: Answer) -> str:
    """Return the sentence that says whether an answer is right, and what was given."""
    given = shown(answer.question, answer.given) if isinstance(answer.given, str) else written(answer.given)
    return text(f"checking.ask.{'is_right' if answer.is_right else 'is_wrong'}", given=given)


def reason(answer: Answer) -> str:
    """Return why somebody would give this wrong answer; empty for a right one."""
    if answer.is_right:
        return ""
    return sentence(answer.question, f"why.{answer.choice}") if answer.choice else text("checking.ask.other")


def head(asked: Question) -> str:
    """Return the question alone as HTML, for the form."""
    words = marked_up(sentence(asked, "question"))
    title = escape(text("checking.ask.title"))
    return f'<p style="margin: 0; font-size: 14px; line-height: 1.5; max-width: 60em"><b>{title}.</b> {words}</p>'


def html(asked: Question, answer: Answer | None = None) -> str:
    """Return a question as HTML; without an answer, a fold holds the right one."""
    listed = choices(asked)
    taken = answer.choice if answer else ""
    return template("ask.html").render(
        question=marked_up(sentence(asked, "question")),
        listed=[] if asked.typed else [(one, marked_up(one.shown)) for one in listed],
        taken=taken,
        answered=answer is not None,
        verdict=marked_up(verdict(answer)) if answer else "",
        reason=marked_up(reason(answer)) if answer else "",
        so=marked_up(solution(asked)),
        others=[(marked_up(one.shown), marked_up(one.why)) for one in listed if one.name not in (RIGHT, taken)],
        words={name: text(f"checking.ask.{name}") for name in ("title", "fold", "others")},
        colour=GREY if answer is None else GREEN if answer.is_right else ORANGE,
        right=RIGHT,
    )


def solution(asked: Question) -> str:
    """Return the right answer with its explanation."""
    return text("checking.ask.solution", answer=shown(asked, RIGHT), why=sentence(asked, f"why.{RIGHT}"))


def plain(asked: Question, answer: Answer | None = None) -> str:
    """Return a question as text; without an answer, it says how to give one."""
    lines = [f"{text('checking.ask.title')}: {sentence(asked, 'question')}"]
    lines += [f"  {one.letter}) {one.shown}" for one in choices(asked) if not asked.typed]
    if answer is None:
        how = "how_number" if asked.typed else "how_letter"
        return "\n".join([*lines, text(f"checking.ask.{how}", name=asked.name)])
    return "\n".join([*lines, verdict(answer), *filter(None, [reason(answer)]), solution(asked)])
