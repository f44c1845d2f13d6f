"""One line costs itself and not its cell: what students really hand in, graded and checked with the same result."""

from __future__ import annotations

import pytest

from ncl_course.grading.walls.process import Process
from ncl_course.language import language
from ncl_course.selfcheck import check_notebook
from tests.grading.conftest import write_notebook
from tests.submissions.beside import CELLS, MESSAGES, ONLY_GRADED, REFUSED, REFUSED_IN_RUSSIAN, RIGHT, USES, inside
from tests.submissions.pooling import SETUP, SIZE

pytestmark = pytest.mark.bwrap


def size(record):
    """Return the entry of pool_output_size."""
    return next(one for one in record.exercises if one.exercise == "pool_output_size")


@pytest.mark.parametrize("cells", [*CELLS.values(), *ONLY_GRADED.values()], ids=[*CELLS, *ONLY_GRADED])
def test_a_line_beside_a_definition_costs_nothing_but_itself(graded, cells):
    assert size(graded(*cells)).message == "Everything is right."


def test_a_shell_is_there_under_its_name_in_ipython(graded):
    assert not [note for note in graded(*CELLS["shell-of-ipython-alone"]).notes if "raised" in note]


@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_the_students_own_check_agrees(tmp_path, cells):
    checked = check_notebook(write_notebook(tmp_path / "01_pooling.ipynb", *cells))
    assert (checked.results[0].verdict, checked.troubles) == ("passed", checked.troubles)


@pytest.mark.parametrize("cell", USES.values(), ids=USES)
def test_a_module_that_is_not_there_raises_when_it_is_used(graded, cell):
    entry = size(graded(cell))
    assert (entry.verdict, entry.score) == ("error", 0)
    assert "which is not available when a notebook is graded: exercises use NumPy only." in entry.message


@pytest.mark.parametrize(("cells", "words"), MESSAGES.values(), ids=MESSAGES)
def test_the_message_names_the_first_failure_and_its_cell(graded, cells, words):
    entry = size(graded(*cells))
    assert words in entry.message
    assert entry.score == 0


def test_a_bad_redefinition_names_both(graded):
    record = graded(*CELLS["redefined-badly"])
    assert record.notes[-1] == (
        "Code cell 2 raised an exception: NameError: name 'UNDEFINED' is not defined (line 1). "
        "pool_output_size keeps its earlier definition, from code cell 1."
    )


def test_an_import_of_all_names_says_that_it_bound_nothing(graded):
    assert "from scipy.special import * has bound nothing" in graded(*CELLS["scipy-and-star"]).notes[-1]


def test_a_statement_for_which_the_memory_is_too_little_costs_itself_alone(graded):
    notes = [note for note in graded(*ONLY_GRADED["too-large-twice-and-an-end"]).notes if "emory" in note]
    assert [note.rpartition("(line ")[2] for note in notes] == ["2). Left undefined: x.", "4). Left undefined: z."]


def test_a_cell_that_hangs_ends_there(graded):
    note = graded(*ONLY_GRADED["hang-behind-it"]).notes[-1]
    assert note.startswith("Code cell 1 was run as far as line 3, and the rest was left out: It")


@pytest.mark.parametrize(("line", "words"), REFUSED)
def test_what_a_notebook_cannot_have_is_said_in_a_sentence(graded, line, words):
    assert words in graded(line + "\n" + RIGHT).notes[-1]


@pytest.mark.parametrize(("line", "words"), REFUSED_IN_RUSSIAN)
def test_a_russian_reader_gets_the_sentence_in_russian(graded, line, words):
    language("ru")
    assert words in " ".join(graded(line + "\n" + RIGHT).notes)


def test_files_are_small_private_and_gone_afterwards(graded):
    looks = inside("import os\nassert not os.path.exists('left')\nopen('left', 'w').close()")
    too_large = "for n in range(8):\n    open(f'big{n}', 'wb').write(b'x' * 4_000_000)\n"
    record = graded(too_large + looks, "class MaxPool2d:\n    pass", "class AvgPool2d:\n    pass")
    assert "No space left on device" in record.notes[-1]
    assert size(record).message == "value: It raised AssertionError." or size(record).score == 1


BUSY = """
import time
end = time.process_time() + 0.4
while time.process_time() < end:
    pass
"""


def test_the_processor_time_of_a_notebook_is_that_of_its_own_processes_and_no_waiting(graded):
    waiting = graded(SETUP, "import time; time.sleep(0.4)", SIZE)
    busy = graded(SETUP, BUSY, SIZE, student="boris")
    assert busy.cpu >= 3 * 0.4  # its cells run once for each exercise
    assert 0 < waiting.cpu < busy.cpu - 0.4


def test_a_worker_that_tells_nonsense_about_its_time_is_believed_nothing():
    process = object.__new__(Process)
    process.cpu = 0.5
    for said in (None, "1", -1.0, 0.1, float("nan"), float("inf"), 1e9, 10**400, [1]):
        process.note_cpu(said)
        assert process.cpu == 0.5
    process.note_cpu(0.75)
    assert process.cpu == 0.75
