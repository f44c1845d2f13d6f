"""Update constraints.txt: the newest release of every package that `ncl-course[test]` needs, on every system.

`make constraints` runs this with uv in .venv. Nothing is installed: uv reads the requirements of each release.
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
# The exact version of every package that the course and its tests need, so that next year's course is the same.
# `make constraints` writes this file: the newest releases that pyproject.toml and its oldest Python allow,
# for Linux, macOS and Windows. Only torch keeps its version: to update it, edit its line first.
"""
TORCH = re.compile(r"^torch==.*", re.MULTILINE)

# Packages that a CUDA build of torch requires in exact versions. Pinned here, they would require that build.
TORCH_BRINGS = re.compile(r"nvidia-|cuda-|triton")


def oldest_python() -> str:
    """Return `3.11`, from pyproject.toml: a release that needs a newer Python cannot be pinned for everybody."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["requires-python"]).removeprefix(">=")


def resolve(torch: str) -> list[str]:
    """Return uv's answer, one pin per line, with a marker after a pin that only some systems need."""
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
    """Return the new contents of the file, given the old."""
    torch = TORCH.search(before)
    pins = [line for line in resolve(torch[0] if torch else "torch") if not TORCH_BRINGS.match(line)]
    return HEADER + "\n".join(pins) + "\n"


if __name__ == "__main__":
    FILE.write_text(renewed(FILE.read_text(encoding="utf-8")), encoding="utf-8")
