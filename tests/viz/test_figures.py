"""The whole figures of the pooling lesson, as a notebook shows them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from html import escape
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image

from ncl_course import viz
from ncl_course.data.photo import sample_photo
from ncl_course.viz.palette import BRIGHTER, INK, OKABE_ITO, TEXT, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.dimensions import draw_dimensions
from ncl_course.viz.pooling.figures import draw_photo
from ncl_course.viz.pooling.ruler import draw_output_size

FIGURES: dict[str, Callable[[], Picture]] = {
    "pooling": viz.show_pooling,
    "overlap": lambda: viz.show_pooling(kernel_size=3, stride=1, mode="average"),
    "gradient": viz.show_gradient,
    "size": lambda: viz.show_output_size(11, 4, 3),
    "photo": viz.show_photo,
    "dimensions": viz.show_dimensions,
}


@pytest.fixture(params=["en", "ru"])
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    chosen: str = request.param
    monkeypatch.setenv("NCL_LANG", chosen)
    return chosen


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_itself_as_one_sharp_image_with_a_sentence(name: str, lang: str) -> None:
    picture = FIGURES[name]()
    data = picture._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == picture.alt
    assert f'alt="{escape(picture.alt)}"' in data["text/html"]
    assert any("а" <= letter <= "я" for letter in picture.alt) == (lang == "ru")
    width, height = (int(size) for size in re.findall(r'(?:width|height)="(\d+)"', data["text/html"]))
    image = Image.open(BytesIO(picture.png()))
    assert image.size == pytest.approx((2 * width, 2 * height), abs=2)
    assert image.getpixel((0, 0))[3] == 0, "the page shows through"  # type: ignore[index]


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_leave_the_figure(name: str, lang: str) -> None:
    picture = FIGURES[name]()
    picture.canvas.draw()
    page = picture.bbox.padded(1)
    renderer = picture.canvas.get_renderer()  # type: ignore[attr-defined]
    for ax in picture.axes:
        for said in [*ax.texts, ax.title, ax._left_title]:  # type: ignore[attr-defined]
            box = said.get_window_extent(renderer)
            if said.get_text():
                assert page.x0 <= box.x0 <= box.x1 <= page.x1, (lang, said.get_text())
                assert page.y0 <= box.y0 <= box.y1 <= page.y1, (lang, said.get_text())


def test_a_picture_does_not_become_pyplots() -> None:
    script = "import sys, ncl_course.viz as viz; viz.show_pooling().png();assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_names_of_viz_load_matplotlib_only_when_used() -> None:
    script = (
        "import sys, ncl_course.viz as viz; assert {'matplotlib', 'torch'}.isdisjoint(sys.modules);"
        "from ncl_course.viz import pooling_explorer;"
        "assert callable(pooling_explorer) and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_ruler_hatches_what_is_dropped_and_dashes_the_window_that_does_not_fit() -> None:
    ruler = draw_output_size(11, 4, 3, Figure().subplots())
    assert [bar.get_x() for bar in ruler.windows] == pytest.approx([0.07, 3.07, 6.07])
    assert [cell.get_x() for cell in ruler.dropped] == [10]
    assert ruler.dropped[0].get_hatch()
    assert ruler.too_long is not None
    assert ruler.too_long.get_x() == pytest.approx(9.07)
    assert len(ruler.cells) == 11


def test_overlapping_windows_of_a_ruler_never_touch() -> None:
    ruler = draw_output_size(8, 3, 1, Figure().subplots())
    spans = sorted((bar.get_y(), bar.get_x(), bar.get_x() + bar.get_width()) for bar in ruler.windows)
    assert len(spans) == 6
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(spans))
    assert ruler.too_long is None


def test_the_ruler_says_its_numbers(lang: str) -> None:
    ruler = draw_output_size(7, 2, 2, Figure().subplots())
    assert ruler.title is not None
    words = {"en": "size 7, kernel_size 2, stride 2: windows that fit: 3"}
    words["ru"] = "размер 7, размер фильтра 2, шаг 2: помещается окон: 3"
    assert ruler.title.get_text() == words[lang]


def test_the_photo_is_pooled_by_the_oracle_and_named_with_its_shape() -> None:
    photo = sample_photo()
    assert photo.shape == (192, 288, 3)
    assert 0 <= photo.min() < 0.1
    assert 0.9 < photo.max() <= 1
    axes = Figure().subplots(2, 2)
    images = draw_photo(photo, (4, 8), axes)
    assert [ax.get_title() for ax in axes.ravel()] == [
        "max 4×4 → 48×72",
        "max 8×8 → 24×36",
        "avg 4×4 → 48×72",
        "avg 8×8 → 24×36",
    ]
    drawn = np.asarray(images["max", 8].get_array())
    assert np.allclose(drawn[0, 0], photo[:8, :8].max((0, 1)))
    assert np.allclose(images["average", 4].get_array()[2, 3], photo[8:12, 12:16].mean((0, 1)))  # type: ignore[index]


def test_all_panels_of_the_photo_have_one_printed_size() -> None:
    sizes = {tuple(np.round(ax.get_position().size, 6)) for ax in viz.show_photo().axes}
    assert len(sizes) == 1


def test_the_dimensions_name_the_batch_and_the_frames(lang: str) -> None:
    blocks = draw_dimensions(Figure(figsize=(8.2, 6)).subplots())
    said = [word.get_text() for word in blocks.words]
    assert {"(C, H, W)", "(N, C, H, W)", "(N, T, C, H, W)"} <= set(said)
    assert (said.count("N"), said.count("T")) == (2, 2)
    assert {"en": "4: a batch of images", "ru": "4: пакет картинок"}[lang] in said
    assert len(blocks.faces) == 7 * (1 + 4 + 8)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_ink_reads_on_a_light_page_and_on_a_dark_one() -> None:
    assert contrast(INK, "#ffffff") > 4.5
    brighter = tuple(min(BRIGHTER * part, 1.0) for part in to_rgb(INK))
    assert contrast(to_hex(brighter), "#111111") > 4.5, "as a dark page shows it"


@pytest.mark.parametrize("colour", OKABE_ITO)
def test_text_reads_in_a_cell_of_any_colour(colour: str) -> None:
    assert contrast(TEXT, tint(colour)) > 7
