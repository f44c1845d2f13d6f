"""An exception's message crosses the wire with its key and its values, so that the other side can say it in Russian."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ncl_course.language import language
from ncl_course.nn import Conv2d, Sequential
from ncl_course.nn.sentences import Sentence, said, words_of
from ncl_course.protocol.plain import ProtocolError, plain_trace, trace_of
from ncl_course.protocol.raised import describe
from ncl_course.protocol.script import Outcome, Raised
from ncl_course.protocol.words import DEEPEST, MOST_VALUES, plain_words, shortened, words_in
from ncl_course.worded import worded


def crossed(raised: Raised) -> Raised:
    """The exception that arrives on the other side."""
    tree, arrays = plain_trace((Outcome(raised=raised),))
    (outcome,) = trace_of(json.loads(json.dumps(tree)), arrays)
    assert outcome.raised is not None
    return outcome.raised


def nested(depth: int) -> Sentence:
    inner: str = "core"
    for _ in range(depth):
        inner = said("sequential.both", "{first} and {second}", first=inner, second="x")
    assert isinstance(inner, Sentence)
    return inner


def test_a_sentence_arrives_with_its_key_and_its_values():
    with pytest.raises(ValueError, match="Conv2d expects x of shape") as caught:
        Sequential(Conv2d(3, 4, 3))(np.zeros((2, 1, 8, 8)))
    arrived = crossed(describe(caught.value))
    assert str(arrived.message) == str(caught.value)
    language("ru")
    assert worded(arrived.message) == worded(words_of(caught.value))
    assert "Conv2d ждёт x формы (N, 3, H, W), а получил (2, 1, 8, 8)" in worded(arrived.message)


def test_any_other_message_arrives_as_plain_text():
    arrived = crossed(describe(ValueError("shapes differ")))
    assert arrived == Raised("ValueError", "shapes differ", "")
    assert type(arrived.message) is str


def test_what_lies_too_deep_arrives_in_english():
    arrived = crossed(Raised("ValueError", nested(DEEPEST + 2)))
    assert str(arrived.message) == str(nested(DEEPEST + 2))
    language("ru")
    assert worded(arrived.message).count(" и ") == DEEPEST
    assert worded(arrived.message).count(" and ") == 2


def test_long_values_are_cut_with_their_sentence():
    sentence = shortened(said("config.whole", "{name} {value}", name="x", value="9" * 1000), 100)
    assert isinstance(sentence, Sentence)
    assert (len(sentence), len(sentence.values["value"])) == (100, 100)


@pytest.mark.parametrize(
    "node",
    [
        7,
        None,
        ["English", "key"],
        ["English", "key", []],
        ["English", 7, {}],
        [["English"], "key", {}],
        ["English", "key", {"name": 7}],
        ["English", "key", {str(n): "" for n in range(MOST_VALUES + 1)}],
    ],
)
def test_anything_else_is_refused(node):
    with pytest.raises(ProtocolError, match="refused: "):
        words_in(node)


def test_sentences_that_lie_too_deep_are_refused():
    node = "core"
    for _ in range(DEEPEST + 1):
        node = ["English", "sequential.both", {"first": node, "second": ""}]
    with pytest.raises(ProtocolError, match="a sentence has three fields"):
        words_in(node)


def test_a_sentence_that_holds_itself_is_written_to_the_last_depth_and_no_further():
    sentence = nested(1)
    sentence.values["first"] = sentence
    assert words_in(json.loads(json.dumps(plain_words(sentence)))) == "core and x"


def in_itself():
    sentence = Sentence("a", "refused.module")
    sentence.values |= {"module": sentence, "why": sentence}
    return sentence


class EndlessArgumentsError(OSError):
    """An exception whose arguments never end."""

    @property
    def args(self):
        return iter(int, 1)


class NoText(Sentence):
    """A sentence that returns a number for a part of its text."""

    __slots__ = ()

    def __getitem__(self, _place):
        return 5


LIARS = {
    "a sentence in itself": lambda: ValueError(in_itself()),
    "endless arguments": lambda: EndlessArgumentsError(30, "x", "y"),
    "no text": lambda: ValueError(NoText("a", "refused.file")),
    "an exception in itself": lambda: (error := ValueError(), setattr(error, "args", (error,)))[0],
}


@pytest.mark.parametrize("liar", LIARS.values(), ids=LIARS)
def test_an_exception_that_lies_about_its_message_is_described_all_the_same(liar):
    raised = describe(liar())
    assert raised.type_name in ("ValueError", "EndlessArgumentsError")
    assert (type(worded(raised.message)), len(raised.message) < 300) == (str, True)


def test_a_sentence_that_another_exception_passes_on_is_found():
    inner = OSError(1, said("refused.file", "a notebook is graded without the other files of your computer"))
    language("ru")
    assert worded(describe(RuntimeError(inner)).message) == "при проверке работ других файлов с вашего компьютера нет"
