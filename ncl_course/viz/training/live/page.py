"""The instrument's page as a widget: the files that draw it, what it needs to know first, and its still picture."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ncl_course.language import current, messages, text
from ncl_course.still import noted
from ncl_course.viz.picture import Bundle
from ncl_course.viz.training.live.frame import GRID
from ncl_course.viz.training.live.life import Life
from ncl_course.viz.training.mosaic import TONES
from ncl_course.viz.training.probe import look
from ncl_course.viz.training.scene import TrainingPicture
from ncl_course.viz.training.words import scene_in_words
from ncl_course.widget import Widget, code

HERE = Path(__file__).parent


class Page(Widget):
    """The widget. Frames go to it as messages, and clicks come back as messages.

    Attributes:
        setup: the words, the template, the settings and the images' labels.
        pixels: the images of the grid, one byte for each pixel.
    """

    _esm = code(HERE / "instrument.js")
    _css = HERE / "instrument.css"
    setup = traitlets.Dict().tag(sync=True)
    pixels = traitlets.Bytes().tag(sync=True)

    def __init__(self, made: tuple[dict[str, Any], bytes]) -> None:
        super().__init__(setup=made[0], pixels=made[1])


def setup_of(life: Life) -> tuple[dict[str, Any], bytes]:
    """Return what the page needs to know about a network and its images, and the images' bytes."""
    part = life.data.validation
    images = part.x[:GRID]
    low, high = float(images.min()), float(images.max())
    pixels = (255 * (images - low) / max(high - low, 1e-12)).astype(np.uint8)
    _, maps, height, width = images.shape
    return {
        "words": messages(current())["training"]["live"],
        "lang": current(),
        "classes": list(life.data.classes),
        "settings": asdict(life.settings),
        "config": asdict(life.config),
        "tones": TONES[:, :3].ravel().tolist(),
        "images": {
            "labels": [int(label) for label in part.labels[:GRID]],
            "maps": maps,
            "height": height,
            "width": width,
        },
    }, pixels.tobytes()


def still_of(life: Life, image: int) -> Bundle:
    """Return what a page without running widgets shows: the network as it is now, and how to watch it live.

    Before the first step there is no picture, which would only delay that step.
    """
    words = text("training.live.static")
    part, history = life.data.validation, life.history
    if not history.steps:
        return noted("", words)
    seen = look(life.model, part.x[image], part.labels[image])
    picture = TrainingPicture(history, seen, life.data.classes, history.steps)
    picture.alt = scene_in_words(history, seen, life.data.classes)
    return noted(picture.html(picture.png()), words)
