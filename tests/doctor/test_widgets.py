"""The kernel and the widgets, in the installed JupyterLab and in a running one."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jupyter_server.serverapp
import jupyterlab_server.config
import pytest

from ncl_course.doctor import apart, running, widgets
from tests.doctor.red import Answers, red
from tests.patience import PATIENCE, until


def test_a_kernel_that_does_not_start_is_red(answers: Answers) -> None:
    answers("jupyter_client.kernelspec.NoSuchKernel: No such kernel named python3")

    red(widgets.kernel(), "does not start: jupyter_client.kernelspec.NoSuchKernel", "pip install")


def test_a_kernel_of_another_python_is_red(answers: Answers, tmp_path: Path) -> None:
    answers({"kernel": "python3", "prefix": str(tmp_path)})

    red(widgets.kernel(), f"another Python, {tmp_path}", f'"{sys.executable}" -m ipykernel install --sys-prefix')


def test_a_real_kernelspec_that_names_another_python_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This is the most common broken kernel: someone registered it once, and its Python is gone."""
    spec = {
        "argv": [str(tmp_path / "gone" / "python"), "-m", "ipykernel_launcher"],
        "display_name": "x",
        "language": "python",
    }
    (tmp_path / "kernels" / "python3").mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    apart.answer.cache_clear()

    red(widgets.kernel(), "No such file or directory", "pip install")
    apart.answer.cache_clear()


def test_two_halves_of_the_widgets_that_do_not_fit_together_are_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "requires", lambda name: ["comm>=0.1", "jupyterlab_widgets~=3.0.17"])
    monkeypatch.setattr(widgets, "version", lambda name: {"ipywidgets": "8.1.9", "jupyterlab_widgets": "1.1.0"}[name])

    red(widgets.widgets(), "ipywidgets 8.1.9 asks for jupyterlab_widgets~=3.0.17, and 1.1.0 is here", "pip install")


@pytest.mark.parametrize("name", ["ipywidgets", "jupyterlab_widgets"])
def test_a_missing_half_of_the_widgets_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def version(asked: str) -> str:
        if asked == name:
            raise importlib.metadata.PackageNotFoundError(name)
        return "3.0.17"

    monkeypatch.setattr(widgets, "version", version)

    red(widgets.widgets(), f"{name} is missing: sliders would stay blank", "pip install")


def test_widgets_that_jupyterlab_does_not_load_are_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyterlab_server.config, "get_page_config", lambda path: {"federated_extensions": []})

    red(
        widgets.widgets(),
        "JupyterLab does not load it",
        "jupyter labextension enable @jupyter-widgets/jupyterlab-manager",
    )


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Start a server that Jupyter lists as running; its page has the configuration in the dict."""
    config: dict[str, Any] = {}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/lab?token=a%26b" and config
            body = f'<script id="jupyter-config-data" type="application/json">{json.dumps(config)}</script>'
            self.send_response(200)
            self.end_headers()
            self.wfile.write((body if known else "<p>password</p>").encode())

        def log_message(self, *_: Any) -> None:
            """Print nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        listed = [{"url": url, "token": "a&b"}, {"url": "http://127.0.0.1:9/", "token": ""}]  # nothing answers here
        monkeypatch.setattr(jupyter_server.serverapp, "list_running_servers", lambda: iter(listed))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield config
        server.shutdown()


def test_a_running_jupyterlab_without_widgets_is_red_with_its_address(page: dict[str, Any]) -> None:
    page["federated_extensions"] = [{"name": "jupyterlab_pygments"}]

    red(widgets.widgets(), "The JupyterLab that runs at http://127.0.0.1:", "start the course's own: ncl-course lab")


def test_a_running_jupyterlab_with_widgets_is_green_and_one_that_does_not_answer_is_not_counted(
    page: dict[str, Any],
) -> None:
    page["federated_extensions"] = [{"name": widgets.MANAGER}]
    found = widgets.widgets()

    assert found.ok
    assert "the running one too (servers: 1)" in found.said


def test_a_running_server_that_asks_for_a_password_is_not_judged(page: dict[str, Any]) -> None:
    assert [running.shows(server, widgets.MANAGER) for server in running.servers()] == [None, None]
    assert "running one" not in widgets.widgets().said


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[running.Server]:
    """Start a real JupyterLab and return its entry in Jupyter's list of this user's servers."""
    for name in ("RUNTIME", "CONFIG"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    options = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--notebook-dir={tmp_path}",
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        env=os.environ | {"HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found = until(
            lambda: [one for one in running.servers() if running.shows(one, widgets.MANAGER) is not None],
            "JupyterLab has started",
        )
        yield found[0]
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def test_a_running_real_jupyterlab_reports_what_its_page_loads(real: running.Server) -> None:
    assert running.shows(real, widgets.MANAGER) is True
    assert running.shows(real, "@nobody/nothing") is False
