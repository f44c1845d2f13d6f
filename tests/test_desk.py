"""The user's desk: NCL_HOME, a checkout of one's own, or one's home; never a folder beside an installed package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import cli, desk, lab, terminal
from ncl_course.desk import blank_folder, desk_folder
from ncl_course.doctor import machine


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that looks like the course's own."""
    (tmp_path / "checkout" / "notebooks" / "en").mkdir(parents=True)
    (tmp_path / "checkout" / "pyproject.toml").write_text("", encoding="utf-8")
    return tmp_path / "checkout"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder, which is the user's."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path / "home"


def test_ncl_home_comes_first(checkout: Path, home: Path) -> None:
    assert desk_folder(checkout, "ru", {"NCL_HOME": "/data/anna"}) == Path("/data/anna/ru")
    assert desk_folder(checkout, "en", {"NCL_HOME": "~/course"}) == home / "course" / "en"


def test_a_relative_ncl_home_does_not_depend_on_where_jupyterlab_starts(checkout: Path) -> None:
    assert desk_folder(checkout, "en", {"NCL_HOME": "mine"}) == Path.cwd() / "mine" / "en"


def test_the_users_own_checkout_has_the_desk_in_work(checkout: Path) -> None:
    assert desk_folder(checkout, "en", {}) == checkout / "work" / "en"
    assert blank_folder(checkout, "en") == checkout / "notebooks" / "en"


def test_a_checkout_of_somebody_else_has_no_desk(checkout: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: checkout.stat().st_uid + 1, raising=False)

    assert desk_folder(checkout, "en", {}) == home / "ncl_course" / "en"


def test_an_installed_package_has_its_notebooks_inside_and_no_desk_beside_it(tmp_path: Path, home: Path) -> None:
    (tmp_path / "notebooks").mkdir()  # somebody else's, in site-packages

    assert desk_folder(tmp_path, "ru", {}) == home / "ncl_course" / "ru"
    assert blank_folder(tmp_path, "ru") == desk.PACKAGE / "notebooks" / "ru"


def become(number: int) -> list[str]:
    """Return the command that runs another as a user who can read every file but write only their own."""
    capability = "+dac_read_search"
    options = ["--inh-caps", capability, "--ambient-caps", capability]
    return ["setpriv", "--reuid", str(number), "--regid", str(number), "--clear-groups", *options]


@pytest.mark.skipif(os.name == "nt", reason="Windows always knows a home folder")
@pytest.mark.parametrize("arguments", [["lab", "--no-open"], ["doctor"], ["hand-in"]], ids=" ".join)
@pytest.mark.parametrize("named", ["", "~/course"])
def test_a_user_without_a_home_gets_one_line_with_the_fix(
    arguments: list[str], named: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", unknown)  # as in a container whose user has no account
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("NCL_HOME", named)
    monkeypatch.setattr(os, "geteuid", lambda: checkout.stat().st_uid + 1)  # the checkout is somebody else's
    for module in (lab, machine):
        monkeypatch.setattr(module, "ROOT", checkout)
    (checkout / "notebooks" / "en" / "01_pooling.ipynb").write_text("{}")
    monkeypatch.chdir(checkout)
    result = CliRunner().invoke(cli.app, arguments)

    assert result.exit_code == terminal.WRONG_USAGE
    assert "HOME=/tmp/me ncl-course lab" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can become two other users, with setpriv",
)
def test_two_users_of_one_read_only_installation_have_two_desks(tmp_path: Path) -> None:
    """Run the real command as two users who can read the course and write only at home."""
    written = {}
    for number, name in ((54321, "anna"), (54322, "boris")):
        home = tmp_path / name
        home.mkdir()
        os.chown(home, number, number)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NCL_")}
        done = subprocess.run(
            [*become(number), sys.executable, "-m", "ncl_course", "lab", "--no-open"],
            env=environment | {"HOME": str(home)},
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        written[name] = sorted(path.relative_to(home).as_posix() for path in home.rglob("*.ipynb"))
        (home / "ncl_course" / "en" / "01_pooling.ipynb").write_text(name, encoding="utf-8")

    assert written["anna"] == written["boris"]
    assert "ncl_course/en/01_pooling.ipynb" in written["anna"]
    assert (tmp_path / "anna" / "ncl_course" / "en" / "01_pooling.ipynb").read_text(encoding="utf-8") == "anna"
