"""Show progress bars for trainings: tqdm's widget in a notebook, a line elsewhere. The bar disappears at the end.

A stored notebook shows a sentence instead of the widget, always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ncl_course.still import WIDGET_VIEW, view_of


@contextmanager
def counting(total: int, words: str) -> Iterator[Callable[[], Any]]:
    """Show a bar while the block runs; call the yielded function after each of ``total`` pieces of work."""
    from tqdm.auto import tqdm
    from tqdm.notebook import tqdm_notebook

    if issubclass(tqdm, tqdm_notebook):
        bar = tqdm(total=total, leave=False, display=False)
        show(bar.container, words)
    else:
        bar = tqdm(total=total, desc=words, leave=False)
    try:
        yield bar.update
    finally:
        bar.close()


def show(box: Any, words: str) -> None:
    """Display a widget, with these words as the text for pages without widgets."""
    from IPython.display import display

    display({WIDGET_VIEW: view_of(box), "text/plain": words}, raw=True)
