"""NumPy's error settings and Python's warnings while the course computes, whatever the student has chosen.

With ``np.seterr(all="raise")`` or ``warnings.filterwarnings("error")`` in a notebook, comparing infinite numbers or
importing torch would otherwise raise. The student's own code is heard by ``protocol.play``, which has its own settings.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore warnings and floating-point errors in the block."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
