"""Which language the student reads, and every sentence in it."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ru")
COMPLETE = ("en", "ru")
"""Languages in which everything is said. In another one that has begun, English stands for what is not."""

_chosen = {"language": "en"}


def language(name: str) -> None:
    """Choose the language of panels and pictures; the environment variable ``NCL_LANG`` overrides it.

    Args:
        name: one of ``LANGUAGES``.

    Raises:
        ValueError: the course does not speak that language.
    """
    _chosen["language"] = known(name)


def current() -> str:
    """The language in use."""
    override = os.environ.get("NCL_LANG")
    return known(override) if override else _chosen["language"]


def known(name: str) -> str:
    """The name itself, where the course speaks that language.

    Raises:
        ValueError: it does not.
    """
    if name not in LANGUAGES:
        raise ValueError(f"the course speaks {', '.join(LANGUAGES)}, not {name!r}")
    return name


def text(key: str, lang: str | None = None, /, **values: Any) -> str:
    """The sentence of that dotted key, with ``{names}`` filled in.

    Raises:
        KeyError: there is no such sentence.
    """
    sentence = find(key, lang)
    if sentence is None:
        raise KeyError(f"no message {key!r} in messages/{lang or current()}/")
    return sentence.format(**values) if values else sentence


def find(key: str, lang: str | None = None) -> str | None:
    """The sentence of that dotted key as it stands, or None; the English one where a language has only begun."""
    spoken = lang or current()
    node: Any = messages(spoken)
    for name in key.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    if node is None and spoken not in COMPLETE:
        return find(key, "en")
    return node if isinstance(node, str) else None


@cache
def messages(lang: str) -> dict[str, Any]:
    """All sentences of one language: each file's under its own name, so a key begins with the name of its file."""
    folder = resources.files("ncl_course.messages") / lang
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
