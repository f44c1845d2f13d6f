"""Whatever is handed in, the others keep their marks, nothing else is touched, and no traceback is shown.

Hypothesis makes the input from the pieces in ``nasty.py``. Here and in CI it makes the same few examples each time, in
about a minute. ``NCL_FUZZ=50 python -m pytest tests/grading/test_fuzzed.py`` makes fifty times as many, all new.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import resource
import shutil
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ncl_course.checking.run import Here, judge
from ncl_course.exercises import EXERCISES, find
from ncl_course.grading import terminal
from ncl_course.grading import verb as module
from ncl_course.grading.errors import GradingError
from ncl_course.grading.grade import Grader
from ncl_course.grading.gradebook import load
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.manual import read_manual
from ncl_course.grading.marks.policy_file import read_policy
from ncl_course.grading.options import Options
from ncl_course.grading.packed import traces_of
from ncl_course.grading.plain import plain
from ncl_course.grading.reports.compare import earlier
from ncl_course.grading.reports.panels import panels_of
from ncl_course.grading.sheets.columns import asked_columns, columns_of
from ncl_course.grading.sheets.fill import fill
from ncl_course.grading.sheets.table import read_sheet
from ncl_course.grading.verb import FINE, SOME_UNGRADED, WRONG_USAGE, grade
from ncl_course.grading.walls.process import Limits, Process
from ncl_course.grading.worded import exercise_entry
from ncl_course.protocol import wire
from ncl_course.protocol.plain import ProtocolError, plain_trace
from ncl_course.protocol.script import Script, Trace
from tests.answers import KIT, RIGHT
from tests.grading import nasty
from tests.grading.conftest import SEED, kept_answers, write_notebook
from tests.grading.given_sheets import graded as entry_of
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

WHERE = ["judged", "other", "all"]
TIMES = float(os.environ.get("NCL_FUZZ", "1"))
pytestmark = [
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),  # the input that failed may be large
    pytest.mark.timeout(1_800 * max(TIMES, 1)),
]
ANSWERS = {}
"""The right answers, computed once for all examples."""

CPU_SECONDS, MEMORY_MB = 60, 800
"""The most that one example may take of this process, which holds torch; it takes about 0.3 s."""


def examples(count):
    """Return Hypothesis's settings for that many examples."""
    return settings(
        max_examples=max(int(count * TIMES), 1),
        derandomize="NCL_FUZZ" not in os.environ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # to make a failing example smaller takes long
    )


@contextlib.contextmanager
def within_budget():
    """Yield what is written to the terminal, and check the cost, and that nothing on the terminal is a control."""
    start, before = time.process_time(), peak_mb()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said
    assert time.process_time() - start < CPU_SECONDS
    assert peak_mb() - before < MEMORY_MB
    assert "Traceback" not in said.getvalue()
    assert not [character for character in said.getvalue() if ord(character) < 32 and character not in "\n\t"]


def peak_mb():
    """Return the largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(scope="module")
def room():
    """Make a folder with the places that a run may know of."""
    folder = Path(tempfile.mkdtemp(prefix="ncl-course-test-"))
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def fresh(room):
    """Yield an empty folder to work in, with its own folder for temporary files; check that nothing is left there."""
    place = room / "place"
    for name in ("cohort", "tmp", "here"):
        (place / name).mkdir(parents=True)
    was, tempfile.tempdir = tempfile.tempdir, str(place / "tmp")
    back = os.getcwd()
    os.chdir(place / "here")
    try:
        yield place
        assert os.listdir(place / "tmp") == os.listdir(place / "here") == []
    finally:
        os.chdir(back)
        tempfile.tempdir = was
        shutil.rmtree(place)


def contents(folder):
    """Return every path below a folder, and the bytes of each file."""
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.fixture
def quick(walls, monkeypatch):
    """Let runs share the right answers, and do not try the walls each time."""
    monkeypatch.setattr(module, "walls_for", lambda _mode, _folder: walls)
    monkeypatch.setattr(module, "key_for", lambda _folder: {})
    monkeypatch.setattr(module, "Grader", lambda *given: Grader(*given, answers=ANSWERS))


HANDED_IN = st.dictionaries(
    st.sampled_from(["01_pooling.ipynb", "02_activations.ipynb", "work.ipynb", "sub/01_pooling.ipynb", "my.zip"]),
    st.tuples(nasty.notebooks(), nasty.archives()),
    min_size=1,
    max_size=2,
)


@pytest.mark.bwrap
@examples(18)
@given(handed=HANDED_IN, packed=st.booleans())
def test_others_keep_their_marks_and_nothing_else_is_touched(quick, room, handed, packed):
    with fresh(room) as place:
        cohort, out = place / "cohort", place / "out"
        write_notebook(cohort / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
        write_notebook(cohort / "zoe" / "01_pooling.ipynb", SETUP, SIZE.replace("+ 1", "+ 2"), MAX)
        for name, (notebook, archive) in handed.items():
            path = cohort / "mallory" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive if name.endswith(".zip") else notebook)
        if packed:
            shutil.make_archive(str(place / "all"), "zip", cohort)
        before = contents(place)
        with within_budget():
            given_path = place / "all.zip" if packed else cohort
            status = grade([given_path], out, Options(jobs=2, timeout=1.0, memory=400, budget=60.0, seed=SEED))
        results = json.loads((out / "results.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
        entries = results["submissions"]
        scores = {one["student"]: one["score"] for one in entries if one["student"] in ("anna", "zoe")}
        assert scores == {"anna": 9.0, "zoe": 4.0}
        unsure = [
            one for one in entries if one["status"] != "graded" or any("certain" in note for note in one["notes"])
        ]
        assert status == FINE or (status == SOME_UNGRADED and unsure)
        assert {one["student"] for one in entries if one["student"] != "mallory"} == {"anna", "zoe"}
        after = {path: raw for path, raw in contents(place).items() if path != out and out not in path.parents}
        assert after == before
        assert sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) < 5 * 2**20


@examples(40)
@given(archive=nasty.archives(), notebook=nasty.notebooks(), platform=nasty.PLATFORM)
def test_whatever_a_zip_holds_it_is_listed_and_read_or_refused_in_words(room, archive, notebook, platform):
    with fresh(room) as place, within_budget() as said:
        honest = write_notebook(place / "cohort" / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
        (place / "cohort" / "mallory").mkdir()
        (place / "cohort" / "mallory" / "my.zip").write_bytes(archive)
        (place / "cohort" / "mallory" / Path(platform).name).write_bytes(notebook)
        (place / "one.zip").write_bytes(archive)
        before = contents(place)
        found = collect([place / "cohort"])
        assert [one.path for one in found if one.student == "anna"] == [honest]
        assert {one.student for one in found} <= {"anna", "mallory"}
        readings = [one.opened().reading for one in found]
        assert all(reading.why or reading.sha256 for reading in readings)
        try:
            alone = collect([place / "one.zip"])
            assert all(one.opened().reading.why or one.reading.sha256 for one in alone)
        except GradingError as error:
            terminal.complain(str(error))
        assert len(said.getvalue()) < 20_000
        assert contents(place) == before


@examples(60)
@given(policy=nasty.POLICIES, table=nasty.TABLES, results=nasty.RESULTS, journal=nasty.RESULTS)
def test_what_a_person_or_an_earlier_run_wrote_is_read_or_refused_in_words(room, policy, table, results, journal):
    with fresh(room) as place:
        names = {"policy.toml": policy, "manual.csv": table, "sheet.csv": table, "results.json": results}
        for name, content in names.items():
            (place / name).write_bytes(content)
        (place / "results.jsonl").write_bytes(journal)
        entries = [entry_of("anna", "11"), entry_of("=1+1", "12", 4.5)]
        acts = (
            lambda: read_policy(place / "policy.toml"),
            lambda: read_manual(place),
            lambda: filled(place / "sheet.csv", entries),
            lambda: load(place),
            lambda: earlier(place),
        )
        with within_budget() as said:
            for act in acts:
                try:
                    act()
                except GradingError as error:
                    terminal.complain(str(error))
        assert len(said.getvalue()) < 20_000


def filled(path, entries):
    """Fill in a sheet, and return its text."""
    sheet = read_sheet(path)
    fill(sheet, columns_of(sheet, asked_columns(""), "01_pooling"), entries)
    return sheet.text()


class NoLife:
    """Stands for the end of a worker that is a thread of this process."""

    cpu = 0.0

    def end(self, patience):
        return 0

    def kill(self):
        pass

    def last_words(self):
        return ""


@dataclass
class Liars:
    """Stands for a site whose workers answer with frames that were drawn."""

    frames: list

    def start(self, slot, limits, cells):
        """Start a worker."""
        ours, theirs = socket.socketpair()
        threading.Thread(target=lie, args=(theirs, self.frames), daemon=True).start()
        return Process(NoLife(), ours, limits, cells)

    def end(self, process):
        """End a worker."""
        process.close()


def lie(channel, frames):
    """Answer the first request as it should be, and the others with the frames in turn."""
    turns = itertools.cycle(frames)
    with contextlib.suppress(OSError, EOFError), channel:
        request, _ = wire.receive(channel)
        wire.send(channel, {"token": request["token"]})
        while True:
            request, _ = wire.receive(channel)
            frame = next(turns)
            channel.sendall(frame if isinstance(frame, bytes) else fitting(frame, request))
            if isinstance(frame, bytes):
                return


def fitting(header, request):
    """Return a frame with the request's token, and with as many traces as it has scripts."""
    scripts = request.get("scripts", [])
    defined = {"defined": request["names"]} if request.get("do") == "defined" else {}
    head = {"raised": None, "failed": [], "hidden": [], **header, **defined, "token": request["token"]}
    if isinstance(head.get("traces"), list) and head["traces"] and isinstance(head.get("arrays"), list):
        head["traces"] = [
            [head["traces"][0]] if len(script) == 1 else head["traces"][:1] * len(script) for script in scripts
        ]
        head["counts"] = [len(head["arrays"]), *[0] * (len(scripts) - 1)][: len(scripts)]
    raw = nasty.as_bytes(head)
    sizes = [8 * max(shape[0] if shape else 1, 0) for _, shape in wellformed(head.get("arrays")) if len(shape) < 2]
    body = bytes(sum(size for size in sizes if size < 2**16))
    return struct.pack(">IQ", len(raw), len(body)) + raw + body


def wellformed(arrays):
    """Return the entries of a list of arrays that are a dtype and a shape."""
    pairs = [one for one in arrays if isinstance(one, list) and len(one) == 2] if isinstance(arrays, list) else []
    return [(name, shape) for name, shape in pairs if isinstance(shape, list) and all(type(n) is int for n in shape)]


OUTCOME_HEADERS = st.builds(
    lambda outcome, arrays: {"traces": [outcome], "arrays": arrays},
    nasty.OUTCOMES,
    st.lists(st.tuples(st.just("<f8"), st.lists(st.sampled_from([0, 1, 3]), max_size=1)).map(list), max_size=2),
)
FAILED = st.fixed_dictionaries(
    {"raised": nasty.RAISED | nasty.TREES, "failed": nasty.TREES, "hidden": nasty.TREES, "arrays": st.just([])}
)


@examples(60)
@given(frames=st.lists(nasty.frames() | nasty.HEADERS | OUTCOME_HEADERS | FAILED, min_size=1, max_size=4))
def test_whatever_a_worker_answers_it_earns_nothing_and_is_no_fault_of_ours(room, frames):
    with fresh(room) as place, within_budget():
        path = write_notebook(place / "cohort" / "mallory" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
        grader = Grader(Liars(frames), SEED, Limits(cpu=2, memory_mb=400), answers=ANSWERS)
        entry = grader(Submission("mallory", path, "mallory/01_pooling.ipynb"), 0)
        assert (entry.status, entry.score) == ("graded", 0.0), entry
        assert len(json.dumps(plain(entry), allow_nan=False)) < 200_000


PARTS = [(exercise.name, part.name) for exercise in EXERCISES for part in exercise.parts]


@dataclass
class Bent:
    """Stands for a right answer behind a channel, with another outcome at some step of each script."""

    here: Here
    bend: Callable[[Script, Trace], Trace]
    hidden: tuple[str, ...] = ()

    def play(self, script):
        """Play a script, and return the trace as it arrives."""
        with np.errstate(all="ignore"):
            tree, arrays = plain_trace(self.bend(script, played(self.here, script)))
        return traces_of({"traces": [tree], "counts": [len(arrays)]}, arrays, [script])[0]

    def play_all(self, scripts):
        """Do so for each script."""
        return [self.play(script) for script in scripts]


KEPT = {}
"""The right traces, and their scripts, by the numbers of the scripts."""


def played(here, script):
    """Return the trace of a right answer; each script is played once."""
    if id(script) not in KEPT:
        KEPT[id(script)] = here.play(script), script
    return KEPT[id(script)][0]


def bending(change, where):
    """Return a function that changes the outcomes of the judged steps, of the other steps, or of all."""

    def bend(script, trace):
        chosen = {"judged": lambda step: step.label, "other": lambda step: not step.label, "all": lambda _: True}[where]
        return tuple(change(outcome) if chosen(step) else outcome for step, outcome in zip(script, trace, strict=False))

    return bend


@examples(250)
@given(of=st.sampled_from(PARTS), value=st.sampled_from(sorted(nasty.BENT)), where=st.sampled_from(WHERE))
@example(of=("Linear", "forward"), value="bools", where="judged")
@example(of=("Linear", "forward"), value="no axes, bool", where="judged")
@example(of=("ClassicDropout", "backward"), value="empty with axes", where="judged")
@example(of=("Softmax", "backward"), value="tiny", where="all")
@example(of=("ELU", "backward"), value="long", where="judged")
@example(of=("train", "value"), value="no axes", where="judged")
@example(of=("train", "value"), value="complex", where="all")
@example(of=("Dropout", "forward"), value="complex", where="all")
def test_whatever_a_right_answer_is_bent_into_it_is_judged_described_and_shown(of, value, where):
    exercise, part = find(of[0]), of[1]
    subject = Bent(
        Here(RIGHT[of[0]][0], KIT), bending(lambda one: replace(one, value=nasty.BENT[value](one.value)), where)
    )
    with within_budget(), np.errstate(all="ignore"):
        result = judge(exercise, subject, [kept_answers(exercise, part, SEED)])
        entry = exercise_entry(result)
        shown = panels_of(result)
    assert len(json.dumps([plain(entry), *map(plain, shown)], allow_nan=False)) < 200_000
    assert result.score in (0.0, exercise.part(part).points)


@pytest.mark.parametrize("places", [(1,), (-1,), (10**9,)])
def test_an_argument_that_is_not_there_is_no_changed_one(places):
    answers = kept_answers(find("pool_output_size"), "value", SEED)
    subject = Bent(Here(RIGHT["pool_output_size"][0]), bending(lambda one: replace(one, changed=places), "all"))
    with pytest.raises(ProtocolError, match="there is no argument with that number"):
        judge(answers.exercise, subject, [answers])


def test_a_file_that_is_not_there_is_wrong_usage(room):
    with fresh(room) as place, within_budget() as said:
        assert grade([place / "\x1b[2J.zip"], place / "out", Options()) == WRONG_USAGE
    assert "There is no" in said.getvalue()
