"""Make .venv and install the course into it, explaining each step, and skipping what is already there.

`install.py` only makes .venv, `install.py lab` adds the packages for students, `install.py instructor` also those for
grading and releasing, and `install.py test` also those for the tests. It needs only the standard library, so it runs
under the user's own Python.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHAT_FOR = {"lab": ".", "instructor": ".[instructor]", "test": ".[test]"}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NO_VENV = """\
This Python cannot make virtual environments. On Debian and Ubuntu, install what is missing and try again:
    sudo apt-get install python3-venv"""


def say(line: str) -> None:
    """Print one plain line immediately: pip takes minutes, and a silent terminal looks broken."""
    print(f"- {line}", flush=True)


def venv_version() -> str:
    """Return `3.12` if .venv has a Python that starts and was made for this folder, else ""."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2], end='')"
    try:
        moved = str(VENV) not in (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
        answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return "" if moved or answer.returncode else answer.stdout


def make_venv() -> None:
    """Keep a .venv that fits; make a new one if another Python made it or if it no longer works."""
    found = venv_version()
    if found == VERSION:
        return
    if VENV.exists():
        was = f"was made by Python {found}" if found else "comes from another folder or no longer starts"
        say(f"The .venv here {was}, so its packages cannot be used: making a new one.")
    say(f"Making .venv with Python {VERSION}: a separate environment for the course, so nothing else changes.")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        sys.exit(NO_VENV)


def fingerprint() -> str:
    """Return what an installation depends on: this Python, this folder, and the two files that list the packages."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return f"Python {VERSION}\n{VENV}\n{hashlib.sha256(files).hexdigest()}\n"


def pip_install(requirement: str) -> None:
    """Run pip. On a terminal it shows its progress; in a log only its errors."""
    options = ["--disable-pip-version-check", *([] if sys.stdout.isatty() else ["--quiet"])]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-c", "constraints.txt", "-e", requirement]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(f"pip could not install the packages (status {status}); the lines above say why.")


def install(what: str) -> None:
    """Call pip only if something relevant has changed since the last time, according to .venv/.deps-*."""
    stamp, wanted = VENV / f".deps-{what}", fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        say("Packages are in place: neither pyproject.toml nor constraints.txt has changed.")
        return
    say("Installing the packages of pyproject.toml in the exact versions of constraints.txt: once, for some minutes.")
    pip_install(WHAT_FOR[what])
    for done in {"lab", what}:  # the packages for the tests include those for the lab
        (VENV / f".deps-{done}").write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    make_venv()
    for what in sys.argv[1:]:
        install(what)
