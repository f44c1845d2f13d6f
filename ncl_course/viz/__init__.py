"""Pictures of the course: pure drawings, figures for a notebook, widgets to move.

Every ``draw_*`` draws given data on given axes and returns the artists; every ``show_*`` makes the whole
figure; an explorer binds sliders to the drawings. A name is loaded with matplotlib when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ncl_course.viz.dimensions import draw_dimensions
    from ncl_course.viz.own_layer import draw_own_layer, show_own_layer
    from ncl_course.viz.photo import draw_photo, sample_photo
    from ncl_course.viz.picture import Picture
    from ncl_course.viz.pooled import SLIDE, pool_map
    from ncl_course.viz.pooling import draw_gradient, draw_pooling, draw_window
    from ncl_course.viz.pooling_figures import (
        show_dimensions,
        show_gradient,
        show_output_size,
        show_photo,
        show_pooling,
    )
    from ncl_course.viz.pooling_widget import pooling_explorer
    from ncl_course.viz.ruler import draw_output_size

__all__ = [
    "SLIDE",
    "Picture",
    "draw_dimensions",
    "draw_gradient",
    "draw_output_size",
    "draw_own_layer",
    "draw_photo",
    "draw_pooling",
    "draw_window",
    "pool_map",
    "pooling_explorer",
    "sample_photo",
    "show_dimensions",
    "show_gradient",
    "show_output_size",
    "show_own_layer",
    "show_photo",
    "show_pooling",
]


HOME = {
    "dimensions": ("draw_dimensions",),
    "own_layer": ("draw_own_layer", "show_own_layer"),
    "photo": ("draw_photo", "sample_photo"),
    "picture": ("Picture",),
    "pooled": ("SLIDE", "pool_map"),
    "pooling": ("draw_gradient", "draw_pooling", "draw_window"),
    "pooling_figures": ("show_dimensions", "show_gradient", "show_output_size", "show_photo", "show_pooling"),
    "pooling_widget": ("pooling_explorer",),
    "ruler": ("draw_output_size",),
}


def __getattr__(name: str) -> Any:
    """The public name from the file it lives in, loaded now.

    Raises:
        AttributeError: viz has no such name.
    """
    for home, names in HOME.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return __all__
