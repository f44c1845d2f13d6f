"""Both languages say the same things, and the Russian is Russian."""

from __future__ import annotations

import re
import string

import pytest

from ncl_course.language import LANGUAGES, current, find, language, messages, text

FIELD = string.Formatter()


def flat(node, prefix=""):
    for key, value in node.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from flat(value, f"{path}.")
        else:
            yield path, value


SENTENCES = {lang: dict(flat(messages(lang))) for lang in LANGUAGES}


def test_every_sentence_has_a_twin():
    assert SENTENCES["en"].keys() == SENTENCES["ru"].keys()


@pytest.mark.parametrize("key", SENTENCES["en"])
def test_twins_fill_in_the_same_names(key):
    def fields(lang):
        return {name for _, name, _, _ in FIELD.parse(SENTENCES[lang][key]) if name}

    assert fields("en") == fields("ru")


def test_russian_sentences_are_written_in_russian():
    """All but what is code or a formula, which reads the same in English."""
    latin = {key for key, value in SENTENCES["ru"].items() if not re.search("[а-яё]", value, re.IGNORECASE)}
    assert not [key for key in latin if SENTENCES["ru"][key] != SENTENCES["en"][key]]


def test_a_sentence_is_said_in_the_chosen_language():
    language("ru")
    assert text("panel.expected") == "должно быть"
    language("en")
    assert text("panel.expected") == "expected"


def test_the_environment_overrides_the_notebook(monkeypatch):
    language("en")
    monkeypatch.setenv("NCL_LANG", "ru")
    assert current() == "ru"


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="the course speaks en and ru, not 'de'"):
        language("de")


def test_a_sentence_that_does_not_exist_is_an_error_and_find_says_none():
    with pytest.raises(KeyError, match=r"no message 'panel\.nonsense' in en\.toml"):
        text("panel.nonsense")
    assert find("panel.nonsense") is None
