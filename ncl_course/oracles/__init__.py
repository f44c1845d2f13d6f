"""The right answers, computed by torch, and the known wrong answers, as altered oracles.

Where torch is not installed, importing this raises :class:`ncl_course.errors.NoTorchError`.
"""

import sys
from importlib.util import find_spec

from ncl_course.errors import NoTorchError
from ncl_course.language import text

if sys.modules.get("torch") is None and find_spec("torch") is None:
    raise NoTorchError(text("course.no_torch"))
