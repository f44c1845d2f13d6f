"""A progress bar over trainings: tqdm's widget in a notebook, its line elsewhere, and nothing left behind.

In a stored notebook there stands a sentence in the widget's place, the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def counting(total: int, words: str) -> Iterator[Callable[[], Any]]:
    """Show a bar while the block runs; what it yields is called after each of ``total`` pieces of work."""
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
    """Display a widget that reads as these words where there are no widgets."""
    from IPython.display import display

    display({**box._repr_mimebundle_(), "text/plain": words}, raw=True)
