"""Make .venv and install the course into it, saying each thing that is done and why; do only what is missing.

`install.py` makes .venv alone, `install.py lab` adds what a student needs, `install.py test` what the tests
need too. Standard library only: it runs under the Python that the user has.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHAT_FOR = {"lab": ".", "test": ".[test]"}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NO_VENV = """\
This Python cannot make virtual environments. On Debian and Ubuntu, install what is missing and try again:
    sudo apt-get install python3-venv"""


def say(line: str) -> None:
    """One plain line, at once: pip takes minutes, and a silent terminal looks broken."""
    print(f"- {line}", flush=True)


def venv_version() -> str:
    """`3.12` where .venv has a Python that starts and was made for this folder, else an empty string."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2], end='')"
    try:
        moved = str(VENV) not in (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
        answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return "" if moved or answer.returncode else answer.stdout


def make_venv() -> None:
    """Keep a .venv that fits; make it anew where another Python made it, or where it no longer works."""
    found = venv_version()
    if found == VERSION:
        return
    if VENV.exists():
        was = f"was made by Python {found}" if found else "comes from another folder or no longer starts"
        say(f"The .venv here {was}, so its packages are of no use: making it anew.")
    say(f"Making .venv with Python {VERSION}: an environment of the course's own, so nothing else changes.")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        sys.exit(NO_VENV)


def fingerprint() -> str:
    """What an installation depends on: this Python, this folder, and the two files that list the packages."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return f"Python {VERSION}\n{VENV}\n{hashlib.sha256(files).hexdigest()}\n"


def pip_install(requirement: str) -> None:
    """pip as it is on a terminal, where its progress is a sign of life; in a log only its errors."""
    options = ["--disable-pip-version-check", *([] if sys.stdout.isatty() else ["--quiet"])]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-c", "constraints.txt", "-e", requirement]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(f"pip could not install the packages (status {status}); the lines above say why.")


def install(what: str) -> None:
    """Ask pip only if something that matters changed since the last time (.venv/.deps-* remembers it)."""
    stamp, wanted = VENV / f".deps-{what}", fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        say("Packages are in place: neither pyproject.toml nor constraints.txt has changed.")
        return
    say("Installing what pyproject.toml lists, in the exact versions of constraints.txt: minutes, but once.")
    pip_install(WHAT_FOR[what])
    for done in {"lab", what}:  # the tests' packages include the lab's
        (VENV / f".deps-{done}").write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    make_venv()
    for what in sys.argv[1:]:
        install(what)
