"""Second opinions on answers that pass the checks: torch, or the definition, on random configurations of their own.

A witness shares no case with the checks. It plays random walks (``walk.py``): two layers made with random arguments,
forwards and backwards in random order, dtypes and memory orders, both modes, parameters overwritten in between. Each
room has a file of its own, with the references in torch and what a walk cannot judge: ties, masks, training.
"""

from __future__ import annotations

from tests.mutants.witnesses import activations, dropout, linear, normalization, pooling, training

WITNESSES = (
    pooling.WITNESSES
    | activations.WITNESSES
    | linear.WITNESSES
    | dropout.WITNESSES
    | normalization.WITNESSES
    | training.WITNESSES
)
"""For each exercise, a function that makes its witness; the witness takes an answer."""
