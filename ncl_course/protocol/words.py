"""An exception's message as plain JSON values: a text, or a sentence of the given pieces with its key and values."""

from __future__ import annotations

from typing import Any

from ncl_course.nn.sentences import Sentence
from ncl_course.protocol.values import cut, demand

MOST_VALUES = 12
"""Values that a sentence may have."""

DEEPEST = 6
"""Sentences inside one another: a layer in a network, which is a layer itself. What lies deeper is English alone."""


def shortened(words: str, most: int) -> str:
    """A text of so many characters at most; a sentence with such texts as its values."""
    if not isinstance(words, Sentence):
        return words[:most]
    return Sentence(words[:most], words.key, {name: shortened(value, most) for name, value in words.values.items()})


def plain_words(words: str, depth: int = DEEPEST) -> Any:
    """A text as it is; a sentence as its English, its key and its values."""
    if not isinstance(words, Sentence) or depth == 0:
        return cut(words)
    return [cut(words), cut(words.key), {cut(name): plain_words(v, depth - 1) for name, v in words.values.items()}]


def words_in(node: Any, depth: int = DEEPEST) -> str:
    """The text or the sentence that ``plain_words`` wrote."""
    if not isinstance(node, list):
        return cut(node)
    demand(len(node) == 3 and depth > 0, "a sentence has three fields")
    english, key, values = node
    demand(isinstance(values, dict) and len(values) <= MOST_VALUES, "a few values were expected")
    return Sentence(cut(english), cut(key), {cut(name): words_in(value, depth - 1) for name, value in values.items()})
