"""Check whether all words of a picture stay on its page."""

from __future__ import annotations

from matplotlib.text import Text

from ncl_course.viz.picture import Picture


def words_that_leave(picture: Picture) -> list[str]:
    """Return the titles, labels, notes and legends of a picture that cross its edge by more than a pixel."""
    picture.canvas.draw()
    page, hidden = picture.bbox.padded(1), labels_out_of_view(picture)
    gone = []
    for said in picture.findobj(Text):
        if said not in hidden and said.get_text():  # type: ignore[attr-defined]
            box = said.get_window_extent()
            if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1:
                gone.append(said.get_text())  # type: ignore[attr-defined]
    return gone


def labels_out_of_view(picture: Picture) -> list[object]:
    """Return the tick labels beyond the ends of their axes, which exist but are not drawn."""
    hidden: list[object] = []
    for ax in picture.axes:
        for labels, ends, n in ((ax.get_xticklabels(), ax.get_xlim(), 0), (ax.get_yticklabels(), ax.get_ylim(), 1)):
            hidden += [said for said in labels if not min(ends) <= said.get_position()[n] <= max(ends)]
    return hidden
