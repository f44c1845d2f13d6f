"""Print what the wrong layers are called on two seeds: ``python -m tests.checking.naming.outside [ROOM ...]``."""

from __future__ import annotations

import sys

from tests.checking.naming.outside import LATER, ROOMS
from tests.checking.naming.outside.made import edited, judged, rows

for room in sys.argv[1:] or (*ROOMS, *LATER):
    unnamed = total = 0
    for cause, _, source, *changes in rows(room):
        results = [judged(edited(source, *changes), seed) for seed in (0, 7)]
        parts = [{part.part: ", ".join(part.misconceptions) for part in result.parts} for result in results]
        total, unnamed = total + 1, unnamed + (not all(any(names.values()) for names in parts))
        print(results[0].exercise, cause, parts[0], "" if parts[0] == parts[1] else parts[1])
    print(f"{room}: {total} wrong answers, {unnamed} without a name")
