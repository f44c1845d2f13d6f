"""The command line as a whole: its output, and how little it loads."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ncl_course import cli, terminal

RUNNER = CliRunner()


def test_help_lists_the_verbs() -> None:
    result = RUNNER.invoke(cli.app, ["--help"])

    assert result.exit_code == 0
    assert "lab" in result.output
    assert "build" in result.output


VERBS = ("lab", "notebooks", "check", "hand-in", "doctor", "build", "release", "grade", "policy", "similar", "export")


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_fills_its_lines_and_cuts_no_text(verb: str) -> None:
    result = RUNNER.invoke(cli.app, [verb, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    lines = [line.strip() for line in result.output.split("╭")[0].splitlines()]
    broken = [
        (line, after)
        for line, after in itertools.pairwise(lines)
        if line and after and len(f"{line} {after.split()[0]}") < 76 and not after[0].isdigit()
    ]

    assert result.exit_code == 0
    assert broken == [], "a line ends early, as if its paragraph ended there"
    assert "…" not in result.output


@pytest.mark.parametrize("verb", ["grade", "policy", "similar", "doctor"])
def test_a_verb_that_copies_no_notebooks_says_that_lang_is_the_language_of_its_output(verb: str) -> None:
    shown = " ".join(
        RUNNER.invoke(cli.app, [verb, "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"}).output.split()
    )

    assert "The language of what the command says and writes." in shown
    assert "The language of the notebooks." not in shown


def test_a_command_without_a_verb_shows_the_help_and_counts_as_wrong_usage() -> None:
    result = RUNNER.invoke(cli.app, [])

    assert "Usage" in result.output
    assert result.exit_code == terminal.WRONG_USAGE


def test_version_is_one_line() -> None:
    result = RUNNER.invoke(cli.app, ["--version"])

    assert result.exit_code == 0
    assert result.output.split()[0] == "ncl-course"
    assert len(result.output.splitlines()) == 1


def test_python_m_ncl_course_is_the_same_command() -> None:
    command = [sys.executable, "-m", "ncl_course", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert done.stdout == RUNNER.invoke(cli.app, ["--version"]).output


def test_the_help_loads_neither_torch_nor_matplotlib_nor_jupyter() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from ncl_course.cli import app\n"
        "assert 'Usage' in CliRunner().invoke(app, ['lab', '--help']).output\n"
        "print(sorted({'torch', 'matplotlib', 'jupyterlab'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "[]\n", done.stderr


INTERRUPTED = """
import sys
from importlib.abc import MetaPathFinder
class CtrlC(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "rich.console":
            raise KeyboardInterrupt
sys.meta_path.insert(0, CtrlC())
from ncl_course.__main__ import run
run()
"""


def test_ctrl_c_while_the_verbs_are_loaded_ends_the_command_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_problems_are_printed_one_per_line_with_exit_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stop:
        terminal.fail_on(["notebooks/en/01_pooling.ipynb differs", "no [bold]twin[/bold]"])

    assert stop.value.exit_code == terminal.PROBLEMS
    assert capsys.readouterr().err == "notebooks/en/01_pooling.ipynb differs\nno [bold]twin[/bold]\n"


def test_no_problem_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.fail_on([])

    assert capsys.readouterr().err == ""


def test_an_error_that_was_not_foreseen_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"), terminal.foreseen():
        _ = 1 / 0


@pytest.mark.parametrize(("verb", "package"), [("release", "jupytext"), ("build", "nbclient"), ("build", "jupytext")])
def test_a_verb_whose_package_only_instructors_have_says_how_to_install_it(
    verb: str, package: str, tmp_path: Path
) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from ncl_course.cli import app; app(sys.argv[1:])"
    arguments = [verb, str(tmp_path / "new")] if verb == "release" else [verb, "01", "--check"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)

    assert done.returncode == terminal.WRONG_USAGE, done.stderr
    assert done.stderr.startswith(f"The package {package} is missing")
    assert '-m pip install -c constraints.txt -e ".[instructor]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_package_of_everybodys_keeps_its_traceback() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"), terminal.foreseen():
        import no_such_package  # type: ignore[import-not-found]  # noqa: F401


def test_signs_that_an_encoding_does_not_have_cause_no_traceback() -> None:
    code = "from ncl_course.cli.app import main; from ncl_course.terminal import say; main(); say('верно \u2713')"
    env = {**os.environ, "PYTHONIOENCODING": "cp1251"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)

    assert done.stdout.decode("cp1251").rstrip() == "верно ?", done.stderr


def test_a_file_that_cannot_be_written_is_named_with_its_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(typer.Exit), terminal.foreseen():
        (tmp_path / "nowhere" / "file").write_text("")

    assert capsys.readouterr().err == f"{tmp_path / 'nowhere' / 'file'}: No such file or directory\n"
