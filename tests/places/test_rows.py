"""A row is kept as soon as it is made; a later run goes on with the rows that are missing or have changed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.patience import until
from tests.places import __main__ as verb
from tests.places import environments
from tests.places.environments import ROOT, Place, digest
from tests.places.rows import PAGE, STORED, Rows, page


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(tmp_path / "rows.json", tmp_path / "places.md", ["wheel", "colab"])


class See:
    """A row that is seen as often as it is called, and fails while `error` is set."""

    def __init__(self, shown: str = "equal", fine: bool = True, error: BaseException | None = None) -> None:
        self.shown, self.fine, self.error, self.times = shown, fine, error, 0

    def __call__(self) -> tuple[str, bool]:
        self.times += 1
        if self.error:
            raise self.error
        return self.shown, self.fine


def test_a_row_that_was_fine_is_not_made_again_until_something_changes(rows: Rows) -> None:
    see = See()
    for made_of, times in (("a", 1), ("a", 1), ("b", 2)):
        assert verb.Table(rows).row("colab", "en/01_pooling", made_of, see)
        assert see.times == times

    verb.Table(rows, again=True).row("colab", "en/01_pooling", "b", see)
    assert see.times == 3


def test_a_row_that_differs_is_made_again(rows: Rows) -> None:
    see = See("DIFFERENT: shown", fine=False)
    for _ in range(2):
        table = verb.Table(rows)
        assert not table.row("colab", "en/01_pooling", "a", see)
        assert not table.fine
    assert see.times == 2


def test_what_goes_wrong_in_a_row_costs_that_row_alone(rows: Rows, tmp_path: Path) -> None:
    table = verb.Table(rows)
    table.row("colab", "en/01_pooling", "a", See(error=TimeoutError("no | answer\nin time")))
    table.row("colab", "en/02_activations", "a", See())

    lines = (tmp_path / "places.md").read_text(encoding="utf-8").splitlines()[-2:]
    assert "| COULD NOT BE RUN: TimeoutError: no / answer in time |" in lines[0]
    assert "| equal |" in lines[1]
    assert not table.fine


def test_ctrl_c_keeps_the_rows_before_it(rows: Rows, tmp_path: Path) -> None:
    table = verb.Table(rows)
    table.row("wheel", "en/01_pooling", "a", See())
    with pytest.raises(KeyboardInterrupt):
        table.row("wheel", "en/02_activations", "a", See(error=KeyboardInterrupt()))

    assert rows.made("wheel", "en/01_pooling", "a")
    assert not rows.made("wheel", "en/02_activations", "a")


def test_two_runs_at_a_time_keep_each_other_s_rows_in_the_table_s_order(rows: Rows, tmp_path: Path) -> None:
    other = Rows(tmp_path / "rows.json", tmp_path / "places.md", ["wheel", "colab"])
    verb.Table(other).row("colab", "en/01_pooling", "a", See())
    verb.Table(rows).row("wheel", "en/02_activations", "a", See())
    verb.Table(other).row("wheel", "en/01_pooling", "a", See())

    assert [*other.read()] == [
        ("wheel", "en/01_pooling"),
        ("wheel", "en/02_activations"),
        ("colab", "en/01_pooling"),
    ]


def test_the_page_shows_the_stored_rows() -> None:
    stored = Rows(STORED, PAGE, verb.NAMES).read()

    assert PAGE.read_text(encoding="utf-8") == page(list(stored.values()))
    assert {place for place, _ in stored} <= {*verb.NAMES}


def packed(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "/"), text)
    return path


def test_a_digest_follows_the_wheel_s_files_and_not_the_day_it_was_packed(tmp_path: Path) -> None:
    one = packed(tmp_path / "1.whl", a="1", b="2")
    same = packed(tmp_path / "2.whl", b="2", a="1", **{"ncl-0.1.dist-info_METADATA": "long"})
    other = packed(tmp_path / "3.whl", a="1", b="3")
    key = tmp_path / "key.ipynb"
    key.write_text("{}", encoding="utf-8")

    assert digest(one, "numpy") == digest(same, "numpy")
    assert len({digest(one), digest(other), digest(one, "numpy"), digest(one, key), digest(one, "torch")}) == 5


def test_an_environment_is_made_again_only_when_it_is_incomplete_or_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(place: Place, wheel: Path, folder: Path) -> None:
        made.append(place.name)
        home = environments.home_of(place, folder)
        shutil.rmtree(home, ignore_errors=True)  # as `venv --clear` does
        home.mkdir(parents=True)
        if "fails" in os.environ:
            raise RuntimeError("no network")

    monkeypatch.setattr(environments, "make", make)
    one, other = packed(tmp_path / "1.whl", a="1"), packed(tmp_path / "2.whl", a="2")
    held, free = Place("held", limits=lambda: ["numpy==2.0"]), Place("free")
    for place, wheel in ((held, one), (held, one), (free, one), (free, one), (held, other)):
        environments.build(place, wheel, tmp_path)
    assert made == ["held", "free", "held"]

    monkeypatch.setattr(environments, "date", type("Tomorrow", (), {"today": lambda: "2100-01-01"}))
    for place in (held, free):
        environments.build(place, other if place is held else one, tmp_path)
    assert made[3:] == ["free"], "the newest releases of another day"

    monkeypatch.setenv("fails", "1")
    with pytest.raises(RuntimeError, match="no network"):
        environments.build(held, one, tmp_path)
    monkeypatch.delenv("fails")
    environments.build(held, one, tmp_path)
    assert made[4:] == ["held", "held"]


def test_the_environments_leave_the_wheel_that_they_install_whatever_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*command: str | Path) -> str:
        if "--wheel-dir" in command:
            Path(command[-2]).mkdir(parents=True)
            packed(Path(command[-2], "course.whl"), a="1")
        return ""

    def make(place: Place, wheel: Path, folder: Path) -> None:
        assert wheel.is_file()
        home = environments.home_of(place, folder)
        shutil.rmtree(home, ignore_errors=True)  # as `venv --clear` does
        home.mkdir(parents=True)

    monkeypatch.setattr(environments, "run", run)
    monkeypatch.setattr(environments, "make", make)
    wheel = environments.build_wheel(tmp_path)
    for place in environments.PLACES:
        environments.build(place, wheel, tmp_path)
    assert wheel.is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
def test_ctrl_c_ends_a_key_that_runs_and_its_kernel(tmp_path: Path) -> None:
    """The library's own handler ends the kernel, which looks like one that died, and the run would go on."""
    source = "import os, time\nfrom pathlib import Path\nPath({!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    began = tmp_path / "began"
    cell = nbformat.v4.new_code_cell(source.format(str(began)), id="wait")
    key = tmp_path / "en" / "01_wait.ipynb"
    key.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), key)
    run = (
        "import sys; from pathlib import Path; from tests.places.keys import run_key;"
        "run_key(Path(sys.argv[1]), Path(sys.executable))"
    )
    process = subprocess.Popen([sys.executable, "-c", run, key], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until(lambda: began.is_file() and began.read_text(), "the kernel starts")
    kernel = int(began.read_text())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert said.strip().endswith("KeyboardInterrupt")
    until(lambda: not Path(f"/proc/{kernel}").exists(), "the kernel ends")
