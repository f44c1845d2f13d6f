"""Show a bundle in the notebook: HTML and text, and with them the record that other tools read from the file."""

from __future__ import annotations

from typing import Any

from ncl_course.still import in_notebook

RESULT_MIME = "application/vnd.ncl-course.result+json"
ANSWER_MIME = "application/vnd.ncl-course.answer+json"


def show(result: Any) -> None:
    """Show a result as a panel, with the record, so that other tools can read it from the notebook."""
    from ncl_course.checking import render

    display({"text/plain": render.plain(result), "text/html": render.html(result), RESULT_MIME: result.record()})


def display(bundle: dict[str, Any]) -> None:
    """Display a bundle, which is the content by MIME type, in the notebook, or print its text outside of one."""
    if in_notebook():
        from IPython.display import publish_display_data

        publish_display_data(bundle)
    else:
        print(bundle["text/plain"])
