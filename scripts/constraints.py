"""Renew constraints.txt: the newest release of everything that `ncl-course[test]` needs, on every system.

`make constraints` runs it with uv in .venv. Nothing is installed: uv reads what each release asks for.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "constraints.txt"
HEADER = """\
# Exact versions of all that the course and its tests need: installed next year, it is the same course.
# `make constraints` writes this file anew: the newest releases that pyproject.toml and its oldest Python admit,
# for Linux, macOS and Windows. Only torch keeps its version: to renew it, edit its line first.
"""
TORCH = re.compile(r"^torch==.*", re.MULTILINE)

# What a CUDA build of torch asks for in exact versions by itself. Pinned here, it would tie all to that build.
TORCH_BRINGS = re.compile(r"nvidia-|cuda-|triton")


def oldest_python() -> str:
    """`3.11`, as pyproject.toml has it: a release that needs more than that cannot be a pin for everybody."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["requires-python"]).removeprefix(">=")


def resolve(torch: str) -> list[str]:
    """uv's answer, one pin a line, a marker behind those that only some systems need."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "torch.txt")
        kept.write_text(torch, encoding="utf-8")
        uv = Path(sys.executable).with_name("uv")
        how = ["--universal", "--fork-strategy", "fewest", "--python-version", oldest_python()]
        plain = ["--quiet", "--no-annotate", "--no-header"]
        what = ["--extra", "test", "--constraint", str(kept), str(ROOT / "pyproject.toml")]
        command = [str(uv), "pip", "compile", *how, *plain, *what]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return answer.stdout.splitlines()


def renewed(before: str) -> str:
    """The whole file, given what it was."""
    torch = TORCH.search(before)
    pins = [line for line in resolve(torch[0] if torch else "torch") if not TORCH_BRINGS.match(line)]
    return HEADER + "\n".join(pins) + "\n"


if __name__ == "__main__":
    FILE.write_text(renewed(FILE.read_text(encoding="utf-8")), encoding="utf-8")
