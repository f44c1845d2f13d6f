"""A sentence of an error in English, with a key and values by which others can say it in another language."""

from __future__ import annotations

from collections.abc import Mapping


class Sentence(str):
    """English text with the key and the values that it was made of; a plain ``str`` to all code that only prints it.

    Attributes:
        key: the name of the sentence, the same in every language.
        values: the words that were filled in, by name; some of them are sentences themselves.
    """

    __slots__ = ("key", "values")

    key: str
    values: dict[str, str]

    def __new__(cls, english: str, key: str = "", values: Mapping[str, str] | None = None) -> Sentence:
        sentence = super().__new__(cls, english)
        sentence.key, sentence.values = key, dict(values or {})
        return sentence


def said(key: str, english: str, /, **values: object) -> Sentence:
    """A sentence with its ``{names}`` filled in.

    Example:
        >>> sentence = said("conv.least", "Conv2d expects {name} of at least {least}", name="stride", least=1)
        >>> print(sentence, sentence.key, sentence.values)
        Conv2d expects stride of at least 1 conv.least {'name': 'stride', 'least': '1'}
    """
    words = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
    return Sentence(english.format(**words), key, words)


def words_of(error: BaseException) -> str:
    """The message of an exception; a ``Sentence`` if the exception was raised with one."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Sentence) else str(error)


class LegibleKeyError(KeyError):
    """A KeyError that shows its message as it is; a plain KeyError shows it quoted and on one line."""

    __str__ = Exception.__str__
