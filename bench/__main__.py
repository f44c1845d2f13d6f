"""Run every benchmark, or only the named ones: ``python -m bench warm_check``."""

from __future__ import annotations

import importlib
import sys

PARTS = ("warm_check", "convolution", "training_step", "live_view", "first_step", "frames", "grading", "term")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them; return 2 if a name is unknown."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in names or PARTS:
        importlib.import_module(f"bench.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
