"""Show a bundle in the notebook: HTML and text, and with them the record that other tools read from the file."""

from __future__ import annotations

from typing import Any

RESULT_MIME = "application/vnd.ncl-course.result+json"


def show(result: Any) -> None:
    """Show a result as a panel, with the record, so that other tools can read it from the notebook."""
    from ncl_course.checking import render

    display({"text/plain": render.plain(result), "text/html": render.html(result), RESULT_MIME: result.record()})


def display(bundle: dict[str, Any]) -> None:
    """Display a bundle in the notebook, or print its text outside of one."""
    try:
        from IPython import get_ipython
        from IPython.display import publish_display_data
    except ImportError:
        get_ipython = None
    if get_ipython is None or get_ipython() is None:
        print(bundle["text/plain"])
    else:
        publish_display_data(bundle)
