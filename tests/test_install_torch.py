"""The installer takes torch from an index of CPU builds, here one on this machine, or says what PyPI's build costs."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_environment import script

WHEEL = "torch-9.8.7+cpu-py3-none-any.whl"


def little_wheel() -> bytes:
    """Return a wheel that is called torch 9.8.7+cpu and holds one line."""
    about = "torch-9.8.7+cpu.dist-info"
    files = {
        "torch/__init__.py": "BUILD = 'cpu'\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: torch\nVersion: 9.8.7+cpu\nRequires-Dist: no-such-package\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    sums = {name: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for name, text in files.items()}
    lines = [f"{name},sha256={sums[name].rstrip(b'=').decode()},{len(text)}" for name, text in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,", ""])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that prints nothing."""

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """Serve an index with that wheel on this machine, and return its address."""
    page = tmp_path / "index" / "torch"
    page.mkdir(parents=True)
    (page / WHEEL).write_bytes(little_wheel())
    (page / "index.html").write_text(f'<a href="{WHEEL.replace("+", "%2B")}">{WHEEL}</a>', encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "index")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return scripts/install.py for a folder that pins torch 9.8.7, which this Python does not have.

    pip has none of this machine's settings.
    """
    module = script("install")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    (tmp_path / "constraints.txt").write_text("numpy==2.0.0\ntorch==9.8.7\n", encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return module


@pytest.mark.skipif(sys.platform != "linux", reason="PyPI's torch for other systems has no CUDA")
def test_torch_comes_from_the_index_that_the_variable_names_and_once_is_enough(
    installer: ModuleType, index: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NCL_TORCH_INDEX", index)
    subprocess.run([sys.executable, "-m", "venv", installer.VENV], check=True)
    monkeypatch.setattr(installer, "PYTHON", installer.VENV / "bin" / "python")
    installer.install_torch()
    ask = [installer.PYTHON, "-c", "import torch; print(torch.BUILD)"]

    assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == "cpu\n"
    assert "CUDA: some gigabytes" not in capfd.readouterr().out
    installer.install_torch()
    assert capfd.readouterr().out == "", "the right version is there"


@pytest.mark.skipif(sys.platform != "linux", reason="PyPI's torch for other systems has no CUDA")
@pytest.mark.parametrize("trouble", ["closed", "another version", "no address"])
def test_an_index_that_does_not_help_is_named_with_the_cost(
    installer: ModuleType,
    index: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    trouble: str,
) -> None:
    named = {"closed": "http://127.0.0.1:9", "another version": index, "no address": "torch please"}[trouble]
    monkeypatch.setenv("NCL_TORCH_INDEX", named)
    if trouble == "another version":
        (installer.ROOT / "constraints.txt").write_text("torch==9.8.6\n", encoding="utf-8")
    installer.install_torch()
    said = capfd.readouterr().out

    assert f"The index {named} of NCL_TORCH_INDEX cannot be reached or has no torch==9.8." in said
    assert "so torch comes from PyPI" in said
    assert "CUDA: some gigabytes to download" in said


@pytest.mark.skipif(sys.platform != "linux", reason="PyPI's torch for other systems has no CUDA")
@pytest.mark.parametrize("answers", [True, False])
def test_without_the_variable_uv_chooses_the_build_after_a_trial_that_is_limited_in_time(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], answers: bool
) -> None:
    ran: list[tuple[list[str], str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        words = list(map(str, command))
        environment = options.get("env")
        ran.append((words, environment.get("UV_HTTP_TIMEOUT", "") if isinstance(environment, dict) else ""))
        return subprocess.CompletedProcess(words, 0 if answers or "uv" not in words[2:3] else 2, "", "")

    monkeypatch.delenv("NCL_TORCH_INDEX", raising=False)
    monkeypatch.delenv("UV_HTTP_TIMEOUT", raising=False)
    monkeypatch.setattr(installer.subprocess, "run", run)
    installer.install_torch()
    uv = [(words, limit) for words, limit in ran if words[1:4] == ["-m", "uv", "pip"]]

    assert [("--dry-run" in words, limit) for words, limit in uv] == [(True, "5"), (False, "")][: 1 + answers]
    assert all({"--torch-backend=auto", "--no-deps", "torch==9.8.7"} <= set(words) for words, _ in uv)
    assert ("CUDA: some gigabytes" in capfd.readouterr().out) is not answers


def test_other_systems_need_nothing_special(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer.sys, "platform", "darwin")
    monkeypatch.setattr(installer, "run_pip", lambda *_: pytest.fail("pip ran"))
    installer.install_torch()
