"""The form of a question in a running notebook: choose or type, lock the answer, and read the explanation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ncl_course.checking.asking import view
from ncl_course.checking.asking.answer import Answer, read
from ncl_course.exercises import Question
from ncl_course.language import text

STYLE = (
    "<style>.ncl-ask .widget-radio-box label {height: auto; white-space: normal; line-height: 1.5; "
    "margin-bottom: 0.3em}</style>"
)
"""Let a long choice have several lines."""


class Form:
    """The widgets of one question.

    Args:
        asked: the question.
        locked: a function that is called once, with the answer, when the reader locks it.

    Attributes:
        box: everything as one widget.
        field: the choices, or the field for a number.
        lock: the button that locks the answer; it waits for an answer.
        said: what is wrong with the text in the field.
    """

    def __init__(self, asked: Question, locked: Callable[[Answer], None]) -> None:
        import ipywidgets as widgets

        self.asked, self.locked = asked, locked
        head = widgets.HTML(STYLE + view.head(asked))
        wide = widgets.Layout(width="auto", max_width="60em")
        if asked.typed:
            described = {"description": text("checking.ask.number"), "style": {"description_width": "initial"}}
            self.field = widgets.Text(**described, continuous_update=True, layout=widgets.Layout(width="18em"))
        else:
            options = [(f"{one.letter}) {one.shown.replace('`', '')}", one.letter) for one in view.choices(asked)]
            self.field = widgets.RadioButtons(options=options, value=None, layout=wide)
            self.field.add_class("ncl-ask")
        self.lock = widgets.Button(
            description=text("checking.ask.lock"),
            tooltip=text("checking.ask.lock_tooltip"),
            disabled=True,
            layout=widgets.Layout(width="auto"),
        )
        self.said = widgets.HTML()
        self.box = widgets.VBox([head, self.field, self.lock, self.said])
        self.field.observe(self.changed, "value")
        self.lock.on_click(self.clicked)

    def changed(self, _change: Any = None) -> None:
        """Let the reader lock an answer as soon as there is one."""
        self.lock.disabled = self.field.value in (None, "")

    def clicked(self, _button: Any = None) -> None:
        """Lock the answer; say so if it is not a number."""
        answer = read(self.asked, self.field.value or "")
        if answer is None:
            self.said.value = f'<p role="status">{text("checking.ask.not_a_number")}</p>'
            return
        self.field.disabled = self.lock.disabled = True
        self.locked(answer)
