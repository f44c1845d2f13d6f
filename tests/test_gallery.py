"""The gallery matches the built lessons, and shows every picture that ``ncl_course.viz`` offers."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from ncl_course import viz
from scripts import gallery

AGAIN = "run `make gallery`"
SHOWN = [shown for lesson in gallery.lessons() for shown in gallery.pictures(lesson)]


def test_the_page_matches_the_lessons() -> None:
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.page(), AGAIN


def test_every_picture_has_an_image_in_both_languages_and_there_are_no_others() -> None:
    assert {shown.file(lang) for shown in SHOWN for lang in ("en", "ru")} == set(gallery.IMAGES.iterdir()), AGAIN


def test_every_name_of_viz_that_shows_something_is_in_the_gallery() -> None:
    page = gallery.PAGE.read_text(encoding="utf-8")
    offered = [name for name in viz.__all__ if gallery.shows(name)]
    assert len(offered) > 50
    assert [name for name in offered if f"`{name}`" not in page] == [], "no built lesson shows it"


def test_every_picture_has_a_sentence_in_each_language() -> None:
    for shown in SHOWN:
        assert len(shown.alts["en"]) > 20, shown.cell
        assert any("а" <= letter <= "я" for letter in shown.alts["ru"]), shown.cell


def test_the_images_are_small_and_say_that_they_are_generated() -> None:
    sizes = [path.stat().st_size for path in gallery.IMAGES.iterdir()]
    assert max(sizes) < 30_000
    assert sum(sizes) < 2_000_000
    assert {Image.open(path).text["Comment"] for path in gallery.IMAGES.iterdir()} == {gallery.SAID}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("lang", "corner"), [("en", (255, 255, 255)), ("ru", (17, 17, 17))])
def test_english_pictures_are_on_the_light_page_and_russian_ones_on_the_dark_page(
    lang: str, corner: tuple[int, int, int]
) -> None:
    shown = next(one for one in SHOWN if "show_pooling" in one.names)
    for png in (shown.file(lang).read_bytes(), gallery.small(shown.pngs[lang], gallery.GROUND[lang])):
        assert Image.open(BytesIO(png)).convert("RGB").getpixel((0, 0)) == pytest.approx(corner, abs=2)


def test_a_sentence_cannot_break_the_page() -> None:
    assert gallery.plain("a *b*\n[c](d) `e` |") == r"a \*b\* \[c\](d) \`e\` \|"
