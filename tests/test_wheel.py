"""Every wheel holds the whole package and the blank notebooks, and no key; its command works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.places.environments import build_wheel

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the whole repository."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Return the names of the wheel's files, without those about the wheel itself."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def known_to_git(folder: str) -> set[str]:
    """Return the files of a folder that are in the repository or would be added to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def test_it_holds_the_package_and_the_blank_notebooks_and_nothing_else(names: set[str]) -> None:
    blank = {f"ncl_course/{name}" for name in known_to_git("notebooks")}

    assert len(blank) == 14
    assert names == known_to_git("ncl_course") | blank


def test_its_notebooks_are_the_blank_ones(wheel: Path) -> None:
    for name in known_to_git("notebooks"):
        with zipfile.ZipFile(wheel) as archive:
            assert archive.read(f"ncl_course/{name}") == (ROOT / name).read_bytes()


def test_its_command_copies_the_notebooks_to_a_desk_in_the_users_home(wheel: Path, tmp_path: Path) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    zipfile.ZipFile(wheel).extractall(site)
    home.mkdir()
    paths = {"PYTHONPATH": os.pathsep.join([str(site), sysconfig.get_path("purelib")]), "HOME": str(home)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NCL_")} | paths

    def run(*arguments: str) -> str:
        command = [sys.executable, "-S", "-m", "ncl_course", *arguments]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert f"Your notebooks are in {home / 'ncl_course' / 'en'}" in run("lab", "--no-open").replace("\n", "")
    run("notebooks", "mine", "--lang", "ru")
    assert len(list((home / "ncl_course" / "en").glob("*.ipynb"))) == 7
    assert (home / "mine" / "01_pooling.ipynb").read_bytes() == (ROOT / "notebooks/ru/01_pooling.ipynb").read_bytes()
    assert not (site / "work").exists()
