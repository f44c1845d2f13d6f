"""A per cent sign follows its number directly in English, and after a no-break space in Russian."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ncl_course.authoring.source import read
from ncl_course.language import LANGUAGES, percentage

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"```.*?```|`[^`]*`|\$\$?[^$]*\$\$?", re.DOTALL)
WRONG = {"en": re.compile(r"[0-9}]\s%"), "ru": re.compile(r"[0-9}](?:%|[^\S\u00a0]%)")}
every_language = pytest.mark.parametrize("lang", LANGUAGES)


def texts(lang: str) -> dict[str, str]:
    """Return what a reader reads in a language, by place: messages, lessons and guides, without code and formulas."""
    found = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / f"ncl_course/messages/{lang}").glob("*.toml")
    }
    for path in (ROOT / "lessons").glob("*.py"):
        cells = (cell for cell in read(path).in_language(lang) if cell.kind == "markdown")
        found |= {f"{path.stem}/{cell.id}": cell.text for cell in cells}
    guides = [ROOT / "README.ru.md"] if lang == "ru" else [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    found |= {path.name: path.read_text(encoding="utf-8") for path in guides if path.name != "gallery.md"}
    return {name: CODE.sub("", text) for name, text in found.items()}


@every_language
def test_every_per_cent_sign_stands_as_the_language_writes_it(lang: str) -> None:
    wrong = {name: match[0] for name, text in texts(lang).items() if (match := WRONG[lang].search(text))}
    assert not wrong


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", "84 %"),
        ("en", "84\N{NO-BREAK SPACE}%"),
        ("en", "{share} %"),
        ("ru", "84%"),
        ("ru", "84 %"),
        ("ru", "{share}%"),
    ],
)
def test_the_other_ways_are_found(lang: str, written: str) -> None:
    assert WRONG[lang].search(written)


def test_computed_percentages_are_written_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    assert percentage("-72.2") == "−72.2%"
    monkeypatch.setenv("NCL_LANG", "ru")
    assert percentage("72.2") == "72,2\N{NO-BREAK SPACE}%"
