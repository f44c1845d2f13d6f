"""Print what the wrong layers are called, on two seeds: ``python -m tests.checking.naming.outside.measure [ROOM ...]``."""

from __future__ import annotations

import importlib
import os
import sys

from tests.checking.naming.outside.made import edited, judged

SEEDS = tuple(int(s) for s in os.environ.get("SEEDS", "0 7").split())
ROOMS = ("held_out", "pooling", "activations", "linear", "dropout", "normalization", "training")


def main(rooms):
    """Print one line for each wrong layer."""
    unnamed = total = 0
    only = [r for r in rooms if r not in ROOMS]
    for room in [r for r in rooms if r in ROOMS]:
        module = importlib.import_module(f"tests.checking.naming.outside.{room}")
        for text, value in vars(module).items():
            if text.isupper() and isinstance(value, str):
                result = judged(value, 0)
                if result.score != result.max_score:
                    print(
                        "BASE IS WRONG",
                        room,
                        text,
                        result.verdict,
                        [
                            (
                                p.part,
                                p.misconceptions,
                                p.difference
                                and (
                                    p.difference.case.name if hasattr(p.difference.case, "name") else "",
                                    p.difference.fault,
                                    p.difference.outcome,
                                ),
                            )
                            for p in result.parts
                        ],
                    )
        for cause, source, *changes in module.WRONG:
            if only and not any(o in cause or o in source.split("(")[0].split()[-1] for o in only):
                continue
            name = ""
            lines = []
            for seed in SEEDS:
                result = judged(edited(source, *changes), seed)
                name = result.exercise
                lines.append(
                    "; ".join(
                        f"{p.part}:{p.verdict.value if p.verdict.value != 'passed' else 'ok'}:{','.join(p.misconceptions)}"
                        for p in result.parts
                    )
                )
            total += 1
            named = all(any(part.split(":")[2] for part in line.split("; ")) for line in lines)
            unnamed += not named
            print(
                f"{'  ' if named else '??'} {name} [{cause}]  {lines[0]}"
                + ("" if len(set(lines)) == 1 else f"\n      SECOND SEED: {lines[1]}"),
                flush=True,
            )
    print(total, "wrong layers,", unnamed, "without a name")


main(sys.argv[1:] or ROOMS)
