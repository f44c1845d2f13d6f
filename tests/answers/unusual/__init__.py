"""Right answers in unusual styles, by an author who had not seen the checks."""

import importlib

ROOMS = ("pooling", "activations", "linear", "dropout", "normalization", "training")


def unusual() -> list[tuple[str, str]]:
    """Return every answer, with what is unusual in it."""
    modules = (importlib.import_module(f"tests.answers.unusual.{room}") for room in ROOMS)
    return [row for module in modules for row in module.RIGHT]
