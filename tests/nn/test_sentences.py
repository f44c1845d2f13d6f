"""The errors of the given pieces: English by themselves, and in the language of a student who reads them."""

from __future__ import annotations

import ast
import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

import ncl_course.nn
from ncl_course.language import language, messages
from ncl_course.nn import SGD, CNNConfig, Conv2d, Layer, Sequential, compare_gradients
from ncl_course.nn.sentences import Sentence, said, words_of
from ncl_course.worded import error_in_words, worded

NN = Path(ncl_course.nn.__file__).parent
BESIDE = [NN.parent / "grading" / "inside", NN.parent / "protocol"]
"""The modules that run beside a student's code speak as the given pieces do."""


class Plain(Layer):
    """A layer that returns a given answer, or raises it."""

    def __init__(self, answer):
        self.answer = answer

    def forward(self, x):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    backward = forward


class Random(Layer):
    def forward(self, x):
        return np.random.default_rng().random(2)


def sentences_of_nn() -> dict[str, str]:
    """Every sentence in the source of the given pieces, by its key."""
    found: dict[str, str] = {}
    for path in sorted(path for folder in (NN, *BESIDE) for path in folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
                key, english = (ast.literal_eval(argument) for argument in node.args)
                assert found.setdefault(key, english) == english, f"{key} says two things"
    return found


def flat(node: dict, prefix: str = "") -> dict[str, str]:
    inner = [flat(v, f"{prefix}{k}.") if isinstance(v, dict) else {f"{prefix}{k}": v} for k, v in node.items()]
    return {key: value for one in inner for key, value in one.items()}


def test_the_english_messages_are_the_given_pieces_own_words():
    assert flat(messages("en")["checking"]["nn"]) == sentences_of_nn()


def test_nothing_is_raised_without_a_sentence():
    """Every ``raise`` has ``said(...)``, a function that returns a Sentence, or an exception at hand."""
    makers = ("said", "unwritten", "no_array")
    for path in sorted(NN.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                first = node.exc.args[0]
                made = isinstance(first, ast.Call) and isinstance(first.func, ast.Name) and first.func.id in makers
                assert made or ast.unparse(node.exc.func) == "explained", f"{path.name}:{node.lineno}"


RAISED = {
    "keep_prob": (lambda: CNNConfig(1, 8, 10, (4,), keep_prob=0), "это вероятность ОСТАВИТЬ нейрон"),
    "image": (lambda: CNNConfig(1, 8, 10, (4, 4, 4, 4)), "изображения нужны не меньше 16×16"),
    "whole": (lambda: CNNConfig(1.5, 8, 10, (4,)), "in_channels — целое число, а получил 1.5"),
    "convolution": (
        lambda: Conv2d(3, 4, 3)(np.zeros((2, 8, 8, 3))),
        "формы (N, 3, H, W), а получил (2, 8, 8, 3); каналы",
    ),
    "dtype": (lambda: Conv2d(1, 4, 3)(np.zeros((2, 1, 8, 8), int)), "ждёт float32 или float64, а получил int64"),
    "backward first": (lambda: Conv2d(1, 4, 3).backward(np.zeros(1)), "нужен сначала прямой проход"),
    "optimizer": (lambda: SGD(Layer(), lr=-1), "темп обучения (learning rate) не меньше 0"),
    "unwritten": (lambda: Layer().forward(np.zeros(1)), "Layer.forward ещё не написан"),
    "live arrays": (lambda: Sequential(Conv2d(1, 1, 1)).params.update(w=1), "массива 'w' здесь нет; есть: 0.weight"),
    "a class": (lambda: Sequential(Layer), "под номером 0 получил класс Layer"),
    "a list": (lambda: Sequential([]), "стоит list без forward и backward"),
    "no array": (lambda: Sequential(Plain(None))(np.zeros(1)), "а ответил: NoneType None; есть ли return в конце?"),
    "two answers": (lambda: compare_gradients(Random(), np.zeros(2)), "Random отвечает на один и тот же x каждый раз"),
}


def raised_by(action) -> Exception:
    try:
        action()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(("action", "russian"), RAISED.values(), ids=RAISED)
def test_an_error_is_english_by_itself_and_russian_to_a_reader_of_russian(action, russian):
    error = raised_by(action)
    language("ru")
    assert russian in error_in_words(error)
    assert russian not in str(error)
    language("en")
    assert error_in_words(error) == f"{type(error).__name__}: {words_of(error)}"


def test_a_network_says_in_russian_what_a_layer_inside_a_layer_raised():
    net = Sequential(Sequential(Conv2d(3, 4, 3)))
    language("ru")
    words = error_in_words(raised_by(lambda: net(np.zeros((2, 1, 8, 8)))))
    assert words.startswith("ValueError: слой 0 (Sequential) в Sequential: ValueError в forward: слой 0 (Conv2d)")
    assert "Conv2d ждёт x формы (N, 3, H, W), а получил (2, 1, 8, 8); тот ли слой" in words
    assert "Слой получил вход формы (2, 1, 8, 8), float64" in words


def test_a_students_own_error_in_a_network_keeps_its_words():
    language("ru")
    words = error_in_words(raised_by(lambda: Sequential(Plain(ValueError("shapes {a} and {b}")))(np.zeros(1))))
    assert "слой 0 (Plain) в Sequential: ValueError в forward: shapes {a} and {b}" in words


def test_a_sentence_survives_a_copy_and_a_pickle():
    sentence = said("conv.images", "{a} {b}", a=1, b=said("conv.one_image", "one"))
    for other in (copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert (str(other), other.key, other.values) == ("1 one", "conv.images", {"a": "1", "b": "one"})
        assert other.values["b"].key == "conv.one_image"


@pytest.mark.parametrize(
    "made_up",
    [
        Sentence("English", "no.such.key"),
        Sentence("English", "conv.images", {"channels": "3"}),
        Sentence("English", ""),
        Sentence("English", "conv"),
    ],
    ids=["unknown key", "a value is missing", "no key", "a table"],
)
def test_a_made_up_sentence_stays_as_it_is(made_up):
    language("ru")
    assert worded(made_up) == "English"


def test_an_exception_that_cannot_say_what_it_is_leaves_its_type():
    class MuteError(Exception):
        def __str__(self):
            raise ValueError

    assert error_in_words(MuteError()) == "MuteError"
    assert error_in_words(ValueError()) == "ValueError"
