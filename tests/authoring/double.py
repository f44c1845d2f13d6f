"""A lesson of one function, with a solution of three lines, one of them long."""

from __future__ import annotations

import json

LESSON = '''\
# %% id="double" solves="double"
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    first = x + 0
    second = first + x
    return np.asarray(second).astype(np.asarray(x).dtype, copy=False)
    ### END SOLUTION
'''
WINDOW = "first = x + 0\nsecond = first + x\nreturn np.asarray(second).astype(np.asarray(x).dtype, copy=False)"
LONG_LINE = WINDOW.splitlines()[-1]


def notebook(source: str) -> bytes:
    """Return a notebook with one code cell."""
    return json.dumps({"cells": [{"cell_type": "code", "source": source.splitlines(keepends=True)}]}).encode()
