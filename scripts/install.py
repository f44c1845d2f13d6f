"""Make .venv and install the course into it, explaining each step, and skipping what is already there.

`install.py` only makes .venv, `install.py lab` adds the packages for students, `install.py instructor` also those for
grading and releasing, and `install.py test` also those for the tests. On Linux it takes torch's build for the CPU if
there is no NVIDIA GPU. The environment variable NCL_TORCH_INDEX names another index for torch, such as a mirror. The
script needs only the standard library, so it runs under the user's own Python.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHAT_FOR = {"lab": ".[lab]", "instructor": ".[instructor]", "test": ".[test]"}
SECONDS = 5
"""The time in which the index of torch's builds must answer; asking it takes four times that at most."""
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


def torch_pin() -> str:
    """Return the line of constraints.txt that names torch's version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("torch=="))


def has_torch(pin: str) -> bool:
    """Return whether .venv has that version of torch, whatever its build."""
    ask = "from importlib.metadata import version; print('torch==' + version('torch').partition('+')[0])"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == pin


def run_pip(*arguments: str) -> int:
    """Run pip of .venv and return its status. On a terminal it shows its progress; in a log only its errors.

    Python compiles a module when it is first imported. Compiling all of them now would take time, and half as much
    space again.
    """
    options = ["--disable-pip-version-check", "--no-compile", *([] if sys.stdout.isatty() else ["--quiet"])]
    return subprocess.run([str(PYTHON), "-m", "pip", "install", *options, *arguments], cwd=ROOT, check=False).returncode


def install_torch() -> None:
    """On Linux, install torch without CUDA if there is no NVIDIA GPU; say what it costs if that cannot be done."""
    pin = torch_pin()
    if sys.platform != "linux" or has_torch(pin):
        return
    index = os.environ.get("NCL_TORCH_INDEX", "")
    say("Installing torch first: its build for the CPU if there is no NVIDIA GPU.")
    if from_index(pin, index) if index else by_uv(pin):
        return
    where = f"The index {index} of NCL_TORCH_INDEX" if index else "The index of torch's builds"
    say(f"{where} cannot be reached or has no {pin}, so torch comes from PyPI. For Linux on PCs that is the build with")
    say("CUDA: some gigabytes to download and to store, which the course does not use.")


def from_index(pin: str, index: str) -> bool:
    """Install torch from an index; return whether that was done."""
    try:
        with urlopen(f"{index.rstrip('/')}/torch/", timeout=SECONDS):
            pass
    except (OSError, URLError, ValueError):
        return False
    return run_pip("--no-deps", "--index-url", index, pin) == 0


def by_uv(pin: str) -> bool:
    """Install the build of torch that uv finds to fit this machine; return whether that was done.

    uv itself is not kept. A trial with short time limits comes first, so that a closed network is noticed in seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        if run_pip("--target", folder, "uv"):
            return False
        options = ["--python", str(PYTHON), "--no-deps", "--torch-backend=auto", pin]
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
        environment = os.environ | {"PYTHONPATH": folder}
        hurry = environment | {"UV_HTTP_TIMEOUT": str(SECONDS), "UV_HTTP_RETRIES": "0"}
        try:
            asked = subprocess.run(
                [*command, "--dry-run", *options], env=hurry, capture_output=True, timeout=4 * SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if asked.returncode:
            return False
        return subprocess.run([*command, *options], env=environment, check=False).returncode == 0


def fingerprint() -> str:
    """Return what an installation depends on: this Python, this folder, and the two files that list the packages."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return f"Python {VERSION}\n{VENV}\n{hashlib.sha256(files).hexdigest()}\n"


def pip_install(requirement: str) -> None:
    """Install the course itself, editable, with the packages of an extra."""
    status = run_pip("-c", "constraints.txt", "-e", requirement)
    if status:
        sys.exit(f"pip could not install the packages (status {status}); the lines above say why.")


def install(what: str) -> None:
    """Call pip only if something relevant has changed since the last time, according to .venv/.deps-*."""
    stamp, wanted = VENV / f".deps-{what}", fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        say("Packages are in place: neither pyproject.toml nor constraints.txt has changed.")
        return
    install_torch()
    say("Installing the packages of pyproject.toml in the exact versions of constraints.txt: once, for some minutes.")
    pip_install(WHAT_FOR[what])
    for done in {"lab", what}:  # the packages for the tests include those for the lab
        (VENV / f".deps-{done}").write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    make_venv()
    for what in sys.argv[1:]:
        install(what)
