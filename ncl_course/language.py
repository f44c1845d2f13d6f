"""The language that the student reads, and the messages in that language."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ru")
COMPLETE = ("en", "ru")
"""Languages in which every message is translated. In any other language, English replaces the missing messages."""

_chosen = {"language": "en"}


def language(name: str) -> None:
    """Choose the language of panels and pictures; the environment variable ``NCL_LANG`` overrides it.

    Args:
        name: one of ``LANGUAGES``.

    Raises:
        ValueError: if the course does not have that language.
    """
    _chosen["language"] = known(name)


def chosen() -> str:
    """Return the language that was chosen by ``language``, whatever ``NCL_LANG`` says."""
    return _chosen["language"]


def current() -> str:
    """Return the language in use.

    ``NCL_LANG`` may be written as systems name a language, such as ``ru_RU.UTF-8``. Any other word there is ignored.
    """
    override = re.match("[a-z]*", os.environ.get("NCL_LANG", "").strip().lower())
    return override[0] if override and override[0] in LANGUAGES else _chosen["language"]


def known(name: str) -> str:
    """Return the name unchanged if the course has that language.

    Raises:
        ValueError: if the course does not have it.
    """
    if name not in LANGUAGES:
        raise ValueError(f"the course speaks {', '.join(LANGUAGES)}, not {name!r}")
    return name


def decimal(digits: str) -> str:
    """Return a number as written, with the decimal mark of the language in use."""
    return digits.replace(".", ",") if current() == "ru" else digits


def numeral(number: str) -> str:
    """Return the number with the language's decimal mark and a true minus sign.

    Example:
        >>> numeral("-72.2")
        '−72.2'
    """
    return decimal(number.replace("-", "\N{MINUS SIGN}"))


def percentage(number: str) -> str:
    """Return a number of per cent with its sign: directly behind it in English, after a no-break space in Russian.

    Example:
        >>> percentage("72.2")
        '72.2%'
    """
    return numeral(number) + ("\N{NO-BREAK SPACE}%" if current() == "ru" else "%")


def text(key: str, lang: str | None = None, /, **values: Any) -> str:
    """Return the message with that dotted key, with ``{names}`` filled in.

    Raises:
        KeyError: if there is no such message.
    """
    sentence = find(key, lang)
    if sentence is None:
        raise KeyError(f"no message {key!r} in messages/{lang or current()}/")
    return sentence.format(**values) if values else sentence


def find(key: str, lang: str | None = None) -> str | None:
    """Return the message with that dotted key unformatted, or None. An incomplete language falls back to English."""
    spoken = lang or current()
    node: Any = messages(spoken)
    for name in key.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    if node is None and spoken not in COMPLETE:
        return find(key, "en")
    return node if isinstance(node, str) else None


@cache
def messages(lang: str) -> dict[str, Any]:
    """Return all messages of one language.

    Each file's messages are under the file's name, so a key begins with that name.
    """
    folder = resources.files("ncl_course") / "messages" / lang
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
