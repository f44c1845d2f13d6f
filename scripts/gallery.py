"""Collect every picture of the built lessons on one page, docs/gallery.md: light in English, dark in Russian.

`make gallery` runs this. It takes the pictures from the executed keys in solutions/ and draws nothing itself.
"""

import ast
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image, PngImagePlugin

from ncl_course import viz

ROOT = Path(__file__).resolve().parents[1]
PAGE, IMAGES = ROOT / "docs" / "gallery.md", ROOT / "docs" / "images" / "gallery"
SAID = "made by `make gallery` from the notebooks in solutions/; do not edit"
GROUND = {"en": "#ffffff", "ru": "#111111"}
"""The background for each language: JupyterLab's light page and its dark page."""

WIDTHS = (520, 440, 360, 280)
"""Widths in pixels, tried in order until the file is small enough."""

IMAGE = re.compile(r'<img class="ncl-picture" alt="(?P<alt>[^"]*)".*?base64,(?P<png>[^"]*)"')
LARGEST = 28_000
HEADER = f"""\
<!-- {SAID} -->

# Every picture of the course

Lesson by lesson, as in the instructor's notebooks: on JupyterLab's light page in English, on its dark page in Russian,
each with the sentence that a screen reader reads. A picture marked ↔ is interactive in JupyterLab. Below each picture
is the function that makes it; all of them are in `ncl_course.viz`.
"""


@dataclass(frozen=True)
class Shown:
    """A picture of a lesson in both languages: the functions that its cell calls, its sentences, its images."""

    lesson: str
    cell: str
    names: tuple[str, ...]
    alts: dict[str, str]
    pngs: dict[str, bytes]

    def file(self, lang: str) -> Path:
        """Return the path of its image in that language."""
        return IMAGES / f"{self.lesson[:2]}-{self.cell}-{lang}.png"


# ---- the pictures in the keys --------------------------------------------------------------------------------------


def lessons() -> list[str]:
    """Return the names of the built lessons, in order."""
    return sorted(path.stem for path in (ROOT / "solutions" / "en").glob("*.ipynb"))


@cache
def key(lesson: str, lang: str) -> Any:
    """Return the executed notebook of a lesson."""
    return nbformat.read(ROOT / "solutions" / lang / f"{lesson}.ipynb", as_version=4)


def title(lesson: str, lang: str) -> str:
    """Return the first heading of a lesson."""
    return next(
        re.findall(r"^# (.+)$", cell.source, re.M)[0] for cell in key(lesson, lang).cells if "# " in cell.source
    )


def picture_of(cell: Any) -> tuple[bytes, str] | None:
    """Return the last picture in a cell's outputs as a PNG file, and its sentence."""
    for output in reversed(cell.get("outputs", [])):
        found = IMAGE.search(output.get("data", {}).get("text/html", ""))
        if found:
            return b64decode(found["png"]), unescape(found["alt"])
    return None


def pictures(lesson: str) -> Iterator[Shown]:
    """Yield the pictures of a lesson from top to bottom."""
    twins = {cell.id: cell for cell in key(lesson, "ru").cells}
    for cell in key(lesson, "en").cells:
        found = {"en": picture_of(cell), "ru": picture_of(twins[cell.id])} if cell.id in twins else {}
        names = called(cell.source) if cell.cell_type == "code" else ()
        if names and all(found.values()):
            alts, pngs = ({lang: one[n] for lang, one in found.items()} for n in (1, 0))  # type: ignore[index]
            yield Shown(lesson, cell.id, names, alts, pngs)


def called(source: str) -> tuple[str, ...]:
    """Return the functions of viz that a cell calls and that show something."""
    calls = (
        node.func.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and hasattr(node.func, "id")
    )
    return tuple(dict.fromkeys(name for name in calls if name in viz.__all__ and shows(name)))


def shows(name: str) -> bool:
    """Return whether that function of viz makes a whole picture."""
    return name.startswith(("show_", "watch_", "scrub_")) or name.endswith("_explorer")


# ---- the page ----------------------------------------------------------------------------------------------------


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEADER, *(section(lesson) for lesson in lessons() if any(pictures(lesson)))])


def section(lesson: str) -> str:
    """Return a lesson's heading and its pictures."""
    return "\n".join(
        [f"## {title(lesson, 'en')} / {title(lesson, 'ru')}\n", *(entry(shown) for shown in pictures(lesson))]
    )


def entry(shown: Shown) -> str:
    """Return a picture in both languages, its sentences, and the functions that make it."""
    images = (
        f"![{plain(shown.alts[lang])}]({shown.file(lang).relative_to(PAGE.parent).as_posix()})" for lang in GROUND
    )
    moves = any(name.endswith("_explorer") or not name.startswith("show_") for name in shown.names)
    sentences = "\n".join(f"- {lang}: {plain(shown.alts[lang])}" for lang in GROUND)
    functions = ", ".join(f"`{name}`" for name in shown.names)
    return f"### {shown.cell}{' ↔' * moves}\n\n{' '.join(images)}\n\n{sentences}\n- {functions}\n"


def plain(sentence: str) -> str:
    """Return a sentence on one line, with Markdown's special characters escaped."""
    return re.sub(r"([\\`*_\[\]<>|$#])", r"\\\1", " ".join(sentence.split()))


def small(png: bytes, ground: str) -> bytes:
    """Return the picture on a page of that colour, as small as the gallery needs it."""
    seen = Image.open(BytesIO(png)).convert("RGBA")
    whole = Image.new("RGBA", seen.size, ground)
    whole.alpha_composite(seen)
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", SAID)
    file = b""
    for width in WIDTHS:
        fitting = whole.convert("RGB")
        fitting.thumbnail((width, whole.height), Image.Resampling.LANCZOS)
        out = BytesIO()
        fitting.quantize(256, Image.Quantize.FASTOCTREE).save(out, "png", optimize=True, pnginfo=note)  # rare ones, too
        file = out.getvalue()
        if len(file) < LARGEST:
            break
    return file


def main() -> None:
    """Write the images and the page, and delete the images of pictures that no longer exist."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    written = set()
    for shown in (one for lesson in lessons() for one in pictures(lesson)):
        for lang, ground in GROUND.items():
            shown.file(lang).write_bytes(small(shown.pngs[lang], ground))
            written.add(shown.file(lang))
    for old in set(IMAGES.glob("*.png")) - written:
        old.unlink()
    PAGE.write_text(page(), encoding="utf-8")
    total = sum(path.stat().st_size for path in written)
    print(f"{len(written)} images, {total / 1e6:.1f} MB, and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
