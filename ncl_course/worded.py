"""Errors of the given pieces in the reader's language; ``ncl_course.nn`` itself speaks English."""

from __future__ import annotations

from ncl_course.language import find
from ncl_course.nn.sentences import Sentence, words_of

LONGEST = 1_000
"""Characters of one value in a sentence. Sentences inside one another would double their length with each level."""


def worded(words: str) -> str:
    """A sentence of the given pieces in the reader's language; any other text as it is.

    A sentence that the course does not know, or whose values do not fit, stays English: a student's own code may have
    made it.
    """
    if not isinstance(words, Sentence):
        return words
    template = find(f"checking.nn.{words.key}")
    try:
        values = {name: worded(value)[:LONGEST] for name, value in words.values.items()}
        return template.format(**values) if template else str(words)
    except (LookupError, ValueError):
        return str(words)


def error_in_words(error: BaseException) -> str:
    """An exception as ``ValueError: …`` in the reader's language; its type alone if it has no message."""
    try:
        message = worded(words_of(error))
    except Exception:  # a student's own exception may fail to say what it is
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
