"""Both languages have the same messages, and the Russian ones are in Russian."""

from __future__ import annotations

import importlib
import re
import string

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


@pytest.mark.parametrize("key", SENTENCES["en"])
def test_twins_fill_in_the_same_names(key):
    def fields(lang):
        return {name for _, name, _, _ in FIELD.parse(SENTENCES[lang][key]) if name}

    assert all(fields(lang) == fields("en") for lang in LANGUAGES if key in SENTENCES[lang])


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


def test_the_environment_overrides_the_notebook(monkeypatch):
    language("en")
    monkeypatch.setenv("NCL_LANG", "ru")
    assert current() == "ru"


def test_an_unknown_language_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ValueError, match=f"the course speaks {', '.join(LANGUAGES)}, not 'xx'"):
        language("xx")


def test_an_unknown_message_is_an_error_and_find_returns_none():
    with pytest.raises(KeyError, match=r"no message 'checking\.nonsense' in messages/en/"):
        text("checking.nonsense")
    assert find("checking.nonsense") is None
