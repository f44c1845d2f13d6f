"""`ncl-course lab` copies a student's notebooks once, never touches them again, and opens JupyterLab."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from ncl_course import cli, lab, terminal
from tests.patience import PATIENCE

RUNNER = CliRunner()
BLANK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
NAMES = ["01_pooling.ipynb", "02_activations.ipynb"]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small course in a folder of its own, which the command takes for its own course."""
    for lang in ("en", "ru"):
        (tmp_path / "notebooks" / lang).mkdir(parents=True)
        for name in NAMES:
            (tmp_path / "notebooks" / lang / name).write_text(BLANK, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    monkeypatch.delenv("NCL_HOME", raising=False)
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the command lines for JupyterLab instead of starting it."""
    calls: list[list[str]] = []
    monkeypatch.setattr(lab, "open_jupyterlab", calls.append)
    return calls


def run_lab(*arguments: str) -> Result:
    return RUNNER.invoke(cli.app, ["lab", *arguments])


@pytest.mark.usefixtures("opened")
def test_the_first_run_copies_and_names_every_notebook(course: Path) -> None:
    result = run_lab("--no-open")

    assert result.exit_code == 0
    assert sorted(path.name for path in (course / "work" / "en").iterdir()) == NAMES
    assert "copied: 01_pooling.ipynb, 02_activations.ipynb\n" in result.output
    assert "left alone" not in result.output


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(course: Path, opened: list[list[str]]) -> None:
    (course / "work").write_text("a file where the folder should be")
    for lang, advice in (
        ("en", "NCL_HOME=~/course ncl-course lab"),
        ("ru", "NCL_HOME=~/course ncl-course lab --lang ru"),
    ):
        result = run_lab("--lang", lang)

        assert result.exit_code == 2
        assert f"{course / 'work' / lang}: " in result.output
        assert advice in result.output
    assert opened == []


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "nor anything else to your home"), ("ru", "и в домашнюю папку вообще")]
)
def test_another_desk_in_a_home_that_cannot_be_written_is_not_advised(
    course: Path, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    home = course / "home"
    home.write_text("a file where the folder should be")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr("ncl_course.desk.is_owned", lambda root: False)  # the course is somebody else's
    result = run_lab("--lang", lang)

    assert result.exit_code == terminal.WRONG_USAGE
    assert said in result.stderr
    assert "HOME=/tmp/me ncl-course lab" in result.stderr
    assert "NCL_HOME" not in result.stderr


@pytest.mark.usefixtures("course")
def test_a_folder_that_the_user_has_named_is_to_be_named_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = RUNNER.invoke(cli.app, ["notebooks", str(tmp_path / "file" / "mine")])

    assert result.exit_code == terminal.WRONG_USAGE
    assert "Name another folder." in result.stderr
    assert "NCL_HOME" not in result.stderr


def test_a_home_that_cannot_be_written_is_told_before_jupyterlab_starts(
    course: Path, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(course / "home" / "runtime"))
    result = run_lab()

    assert result.exit_code == 2
    assert "JupyterLab cannot write its own files" in result.output
    assert "HOME=/tmp/me ncl-course lab" in result.output
    assert opened == []
    assert run_lab("--no-open").exit_code == 0, "copying the notebooks needs no home folder"


@pytest.mark.usefixtures("opened")
def test_a_student_s_notebook_is_left_alone_and_only_the_missing_one_is_copied(course: Path) -> None:
    mine = course / "work" / "en" / "01_pooling.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("my own work", encoding="utf-8")
    before = mine.stat().st_mtime_ns

    result = run_lab("--no-open")

    assert mine.read_text(encoding="utf-8") == "my own work"
    assert mine.stat().st_mtime_ns == before
    assert "copied: 02_activations.ipynb\n" in result.output
    assert "left alone, since you have them: 01_pooling.ipynb\n" in result.output


def test_no_open_only_copies(course: Path, opened: list[list[str]]) -> None:
    run_lab("--no-open")

    assert (course / "work" / "en" / NAMES[0]).is_file()
    assert opened == []


@pytest.mark.parametrize("lesson", ["02", "activations", "02_activations", "02_activations.ipynb"])
def test_a_lesson_is_recognised_by_number_name_or_file(course: Path, opened: list[list[str]], lesson: str) -> None:
    assert run_lab(lesson).exit_code == 0
    assert "--LabApp.default_url=/lab/tree/02_activations.ipynb" in opened[0]
    assert f"--ServerApp.root_dir={course / 'work' / 'en'}" in opened[0]


@pytest.mark.usefixtures("course")
def test_without_a_lesson_the_first_one_opens(opened: list[list[str]]) -> None:
    run_lab()

    assert "--LabApp.default_url=/lab/tree/01_pooling.ipynb" in opened[0]


def test_without_a_lesson_the_course_s_own_map_opens() -> None:
    notebooks = lab.lessons(lab.ROOT, "ru")

    assert lab.find_lesson("", notebooks) == "00_start.ipynb"
    assert lab.find_lesson("00", notebooks) == lab.find_lesson("start", notebooks) == "00_start.ipynb"


def test_lang_ru_has_its_own_folder(course: Path, opened: list[list[str]]) -> None:
    run_lab("--lang", "ru")

    assert f"--ServerApp.root_dir={course / 'work' / 'ru'}" in opened[0]
    assert not (course / "work" / "en").exists()


@pytest.mark.usefixtures("course", "opened")
def test_a_student_who_asks_for_russian_is_answered_in_russian() -> None:
    assert "скопированы: 01_pooling.ipynb, 02_activations.ipynb\n" in run_lab("--lang", "ru").output
    assert "Занятия «07» нет. Есть такие: 01_pooling, 02_activations\n" in run_lab("07", "--lang", "ru").stderr


def test_an_unknown_lesson_lists_the_lessons_and_copies_nothing(course: Path) -> None:
    result = run_lab("07")

    assert result.exit_code == terminal.WRONG_USAGE
    assert "There is no lesson '07'. The lessons are: 01_pooling, 02_activations\n" in result.stderr
    assert not (course / "work").exists()


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("lesson", [[], ["02"]])
def test_arguments_after_two_dashes_go_to_jupyterlab_unchanged(opened: list[list[str]], lesson: list[str]) -> None:
    extra = ["--no-browser", "--port", "9999", "--ServerApp.token=a b"]
    result = run_lab(*lesson, "--", *extra)

    assert result.exit_code == 0
    assert opened[0][-4:] == extra
    assert f"/{NAMES[len(lesson)]}" in opened[0][1]


@pytest.mark.usefixtures("course", "opened")
def test_two_lessons_at_a_time_are_wrong_usage() -> None:
    result = run_lab("01", "02")

    assert result.exit_code == terminal.WRONG_USAGE
    assert "Name one lesson at a time" in result.stderr


@pytest.mark.parametrize(("uid", "expected"), [(0, True), (1000, False)])
def test_allow_root_is_passed_only_for_the_root_user(monkeypatch: pytest.MonkeyPatch, uid: int, expected: bool) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)

    assert ("--allow-root" in lab.jupyter_arguments(Path("work/en/01_pooling.ipynb"), [])) is expected


def test_windows_has_no_root_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "geteuid", raising=False)

    assert "--allow-root" not in lab.jupyter_arguments(Path("work/en/01_pooling.ipynb"), [])


def test_our_jupyter_defaults_come_after_a_folder_that_the_user_named() -> None:
    environment = lab.jupyter_environment({"JUPYTER_CONFIG_PATH": "mine", "JUPYTER_PREFER_ENV_PATH": "0"})
    first, ours = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)

    assert first == "mine"
    assert environment["JUPYTER_PREFER_ENV_PATH"] == "0"
    assert (Path(ours) / "labconfig" / "default_setting_overrides.json").is_file()


def test_a_terminal_in_jupyterlab_finds_the_command_although_nothing_was_activated() -> None:
    commands, *others = lab.jupyter_environment({"PATH": f"/usr/bin{os.pathsep}/bin"})["PATH"].split(os.pathsep)

    assert (Path(commands) / Path(sys.executable).name).is_file()
    assert others == ["/usr/bin", "/bin"]


def test_a_verb_that_needs_the_courses_folder_says_how_to_get_it(course: Path) -> None:
    with pytest.raises(lab.LabError, match=rf"There is no lessons/ beside .*, in {course}\..*`make lab`"):
        lab.course_root("lessons")


def test_without_jupyterlab_the_notebooks_are_copied_and_the_command_that_installs_it_is_named(
    course: Path, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    result = run_lab()

    assert result.exit_code == terminal.WRONG_USAGE
    assert sorted(path.name for path in (course / "work" / "en").iterdir()) == NAMES
    assert "JupyterLab is not installed in this environment" in result.stderr
    assert '-m pip install -c constraints.txt -e ".[lab]"' in result.stderr
    assert opened == []


def test_notebooks_are_copied_into_any_folder_and_never_overwritten(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / NAMES[0]
    mine.parent.mkdir()
    mine.write_text("my own work", encoding="utf-8")
    result = RUNNER.invoke(cli.app, ["notebooks", str(mine.parent), "--lang", "ru"])

    assert result.exit_code == 0
    assert mine.read_text(encoding="utf-8") == "my own work"
    assert (mine.parent / NAMES[1]).read_text(encoding="utf-8") == BLANK
    assert f"скопированы: {NAMES[1]}\n" in result.output


def test_a_language_without_notebooks_is_an_error_with_a_fix(course: Path) -> None:
    for notebook in (course / "notebooks" / "en").iterdir():
        notebook.unlink()

    with pytest.raises(lab.LabError, match=r"en holds no notebook\. This copy .* unpack, clone or install it"):
        lab.lessons(course, "en")


def test_a_file_instead_of_the_work_folder_gives_one_line_and_no_traceback(course: Path) -> None:
    (course / "work").write_text("", encoding="utf-8")
    result = run_lab("--no-open")

    assert result.exit_code == terminal.WRONG_USAGE
    assert str(course / "work") in result.stderr


def answer(address: str, patience: float = PATIENCE) -> HTTPResponse:
    """Return the server's reply. Jupyter prints its address a moment before it listens on it."""
    end = time.monotonic() + patience
    while True:
        try:
            reply: HTTPResponse = urlopen(address)
        except URLError as error:
            if time.monotonic() > end or not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
        else:
            return reply


@pytest.fixture
def running(course: Path) -> Iterator[str]:
    """Start JupyterLab as `ncl-course lab 02` does, on a free port, and return the address that it prints."""
    code = (
        f"import pathlib; from ncl_course import cli, lab; lab.ROOT = pathlib.Path({str(course)!r})\n"
        "cli.app(['lab', '02', '--', '--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port=0'])"
    )
    environment = os.environ | {"HOME": str(course), "JUPYTER_CONFIG_DIR": str(course / "jupyter")}
    server = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    yield next(found[0] for line in server.stderr if (found := re.search(r"http://127\S+", line)))
    server.terminate()
    server.communicate(timeout=PATIENCE)


def test_jupyterlab_really_starts_on_the_lesson_and_does_not_ask_about_news(running: str) -> None:
    page, _, token = running.partition("?")
    server = page.removesuffix("/lab/tree/02_activations.ipynb")

    def get(path: str) -> Any:
        with answer(f"{server}{path}?{token}") as reply:
            return json.load(reply)

    notification = get("/lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert page != server
    assert [entry["name"] for entry in get("/api/contents")["content"]] == NAMES
    assert notification["schema"]["properties"]["fetchNews"]["default"] == "false"
