"""Both languages have the same messages, and the Russian ones are in Russian."""

from __future__ import annotations

import importlib
import re
import string
from pathlib import Path

import pytest

from ncl_course.language import COMPLETE, LANGUAGES, current, find, language, messages, text

FIELD = string.Formatter()
SENTENCES_OF = {"en": messages("en"), "ru": {"checking": {"panel": {"expected": "должно быть"}}}}


def flat(node, prefix=""):
    for key, value in node.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from flat(value, f"{path}.")
        else:
            yield path, value


BEGUN = [lang for lang in LANGUAGES if lang not in COMPLETE]
SENTENCES = {lang: dict(flat(messages(lang))) for lang in LANGUAGES}


def test_every_sentence_has_a_twin():
    assert SENTENCES["en"].keys() == SENTENCES["ru"].keys()


def fields(sentence):
    """Return the names that a sentence fills in, or what is wrong with its braces."""
    try:
        return {name for _, name, _, _ in FIELD.parse(sentence) if name}
    except ValueError as error:
        return str(error)


def unlike(sentences):
    """Return the keys of twins that fill in names that differ from the English sentence's, with what each fills in."""
    found = {
        key: {lang: fields(sentences[lang][key]) for lang in sentences if key in sentences[lang]}
        for key in sentences["en"]
    }
    return {
        key: names
        for key, names in found.items()
        if any(isinstance(one, str) or one != names["en"] for one in names.values())
    }


MENDED = {
    "сворачива": "convolve; an axis is reduced: «берёте максимум по осям»",
    "жреби": "случайные числа",
    "поверье": "заблуждение",
    "уполза": "стоят не на своих местах",
    "выученн(ые|ых) цифр": "обучающие цифры",
    r"\bпотер[яиюе]\b": "функция потерь",
    r"умножен\w* на вес\b": "матрица весов",
    r"(?<!коэффициент )скорост\w+ обучения": "темп обучения (learning rate)",
    "тишина": "без предупреждений",
}
"""Words that the lessons used in another sense than readers do, and what to write instead."""
ROOMS = ("pooling", "activations", "linear", "dropout", "normalization", "training")


@pytest.mark.parametrize("mended", MENDED)
def test_russian_words_that_were_mended_do_not_come_back(mended):
    lessons = sorted((Path(__file__).parents[1] / "lessons").glob("*.py"))
    read = {path.name: path.read_text(encoding="utf-8") for path in lessons}
    read |= {key: said for key, said in SENTENCES["ru"].items() if key.startswith(ROOMS)}
    assert len(read) > 500
    assert not [place for place, said in read.items() if re.search(mended, said, re.IGNORECASE)], MENDED[mended]


def test_twins_fill_in_the_same_names():
    assert len(SENTENCES["en"]) > 1500
    assert unlike(SENTENCES) == {}


def test_twins_with_other_names_or_a_broken_brace_are_all_found():
    english = {"same": "{n} of {total}", "other": "{n} cells", "broken": "{n}", "alone": "{n}"}
    russian = {"same": "{total}: {n}", "other": "{m} ячеек", "broken": "{n"}
    assert unlike({"en": english, "ru": russian}) == {
        "other": {"en": {"n"}, "ru": {"m"}},
        "broken": {"en": {"n"}, "ru": "expected '}' before end of string"},
    }


def test_an_incomplete_language_has_no_message_that_english_does_not_have():
    assert not [key for lang in BEGUN for key in SENTENCES[lang] if key not in SENTENCES["en"]]


def test_a_message_missing_from_an_incomplete_language_is_in_english(monkeypatch):
    module = importlib.import_module("ncl_course.language")
    monkeypatch.setattr(module, "COMPLETE", ("en",))
    monkeypatch.setattr(module, "messages", lambda lang: SENTENCES_OF[lang])
    assert find("checking.panel.expected", "ru") == "должно быть"
    assert find("checking.panel.yours", "ru") == SENTENCES["en"]["checking.panel.yours"]
    assert find("checking.nonsense", "ru") is None


def test_russian_sentences_are_written_in_russian():
    """Code and formulas are excepted, since they are the same in English."""
    latin = {key for key, value in SENTENCES["ru"].items() if not re.search("[а-яё]", value, re.IGNORECASE)}
    assert not [key for key in latin if SENTENCES["ru"][key] != SENTENCES["en"][key]]


def test_a_message_is_in_the_chosen_language():
    language("ru")
    assert text("checking.panel.expected") == "должно быть"
    language("en")
    assert text("checking.panel.expected") == "expected"


@pytest.mark.parametrize("said", ["ru", "RU", "ru_RU.UTF-8", " ru "])
def test_the_environment_overrides_the_notebook(monkeypatch, said):
    language("en")
    monkeypatch.setenv("NCL_LANG", said)
    assert current() == "ru"


@pytest.mark.parametrize("said", ["", "fr", "russian", "C.UTF-8", "1"])
def test_a_language_in_the_environment_that_the_course_does_not_have_changes_nothing(monkeypatch, said):
    language("ru")
    monkeypatch.setenv("NCL_LANG", said)
    assert current() == "ru"


def test_an_unknown_language_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ValueError, match=f"the course speaks {', '.join(LANGUAGES)}, not 'xx'"):
        language("xx")


def test_an_unknown_message_is_an_error_and_find_returns_none():
    with pytest.raises(KeyError, match=r"no message 'checking\.nonsense' in messages/en/"):
        text("checking.nonsense")
    assert find("checking.nonsense") is None
