"""Lesson 06 runs the cells of other lessons and feels nothing of them."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from ncl_course.checking.kernel.untouched import untouched
from ncl_course.language import chosen, language
from ncl_course.submission.namespace import definitions
from ncl_course.submission.notebook import Cell, Notebook
from tests.checking.kernel.running import printed, raised, run
from tests.checking.kernel.state import state
from tests.submissions.relu import RELU

TOUCHES = (
    "import os, random, sys, warnings, builtins, logging, signal\n"
    "import numpy as np, torch\nimport matplotlib\nimport matplotlib.pyplot as plt",
    "os.makedirs('elsewhere', exist_ok=True); os.chdir('elsewhere')",
    "os.environ['HOME'] = '/'; os.environ['NEW'] = '1'; os.environ.pop('PATH')",
    "sys.path.insert(0, 'mine'); sys.path.pop(); sys.argv[:] = []; sys.setrecursionlimit(5_000)",
    "plt.style.use('dark_background'); plt.rcParams['figure.figsize'] = (20, 1); plt.ion()",
    "plt.plot([1, 2, 3]); plt.figure(); plt.title('mine'); plt.show()",
    "matplotlib.use('svg')",
    "np.seterr(all='raise'); np.set_printoptions(precision=1); np.random.seed(0); random.seed(0)",
    "torch.manual_seed(0); torch.set_grad_enabled(False); torch.set_default_device('meta')",
    "torch.set_default_dtype(torch.float64); torch.set_num_threads(3); torch.use_deterministic_algorithms(True)",
    "torch.autograd.set_detect_anomaly(True)",
    "from ncl_course import language; language('ru')",
    "signal.signal(signal.SIGINT, signal.SIG_IGN)",
    "logging.basicConfig(level=0, force=True); sys.stdout = sys.stderr = None; sys.setprofile(lambda *_: None)",
    "builtins.mine = 1; builtins.print = None",
    "warnings.filterwarnings('error'); warnings.showwarning = None",
)
"""The cells of a notebook that changes all it can."""


def test_cells_that_change_everything_leave_the_process_as_it_was(tmp_path):
    plt.figure()
    before = state()
    try:
        with untouched(tmp_path):
            assert Path.cwd() == tmp_path
            assert plt.get_fignums() == []
            made = definitions(Notebook(tuple(map(Cell, TOUCHES))))
            inside = state()
        assert made.troubles == {}
        after = state()
        assert {name for name in before if before[name] != after[name]} == set()
        same = {name for name in before if before[name] == inside[name]}
        assert same <= {"shell", "signal", "streams", "warnings"}, "each cell restores these by itself"
    finally:
        plt.close("all")


def test_the_students_own_choices_stay_after_the_block(tmp_path):
    torch.set_default_device("meta")
    try:
        with untouched(tmp_path), torch.no_grad():
            torch.set_default_device(None)
        assert torch.zeros(1).device.type == "meta"
    finally:
        torch.set_default_device(None)
    language("ru")
    with untouched(tmp_path):
        language("en")
    assert chosen() == "ru"
    with np.errstate(over="raise"):
        with untouched(tmp_path):
            np.seterr(over="ignore")
        assert np.geterr()["over"] == "raise"


def fail(folder):
    with untouched(folder):
        os.chdir("/")
        warnings.simplefilter("error")
        raise ValueError("inside")


def test_an_error_in_the_block_restores_everything_too(tmp_path):
    folder, filters = Path.cwd(), list(warnings.filters)
    with pytest.raises(ValueError, match="inside"):
        fail(tmp_path)
    assert (Path.cwd(), list(warnings.filters)) == (folder, filters)


DRAWS = """\
import sys
from ncl_course.checking.kernel.untouched import untouched
with untouched(torch=False):
    print("matplotlib" in sys.modules)
    import matplotlib.pyplot as plt
    plt.style.use("dark_background")
    plt.switch_backend("svg")
    plt.figure()
with untouched(torch=False):
    settings = {name: plt.rcParamsOrig[name] for name in plt.rcParamsOrig}
    print(plt.get_fignums(), plt._backend_mod, dict(plt.rcParams.copy()) == settings)
"""


def test_a_matplotlib_that_the_block_loads_is_as_new_afterwards(tmp_path):
    done = subprocess.run([sys.executable, "-c", DRAWS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["False", "[] None True"], done.stderr


@pytest.mark.parametrize(
    ("first", "changed"),
    [
        ("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.style.use('ggplot')", "[]"),
        ("", "['backend', 'shell', 'style']"),  # the first figure of a kernel sets these up
    ],
)
def test_in_a_kernel_lesson_06_takes_the_same_layers_twice_and_feels_nothing_of_the_notebooks_beside_it(first, changed):
    cells = run(
        f"{inspect.getsource(state)}\n{first}",
        "import ncl_course.checking.own\nfrom ncl_course import own_layers",
        "before = state()\nlayers = own_layers()\nafter = state()",
        "sorted(name for name in before if before[name] != after[name])",
        "again = own_layers(quiet=True)\n[[one.name, str(one.state), one.notebook] for one in again.taken]"
        " == [[one.name, str(one.state), one.notebook] for one in layers.taken], layers.ReLU.__module__",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.show()",
        "get_ipython().ast_node_interactivity\nget_ipython().display_formatter.active_types[:0]",
        beside={
            "02_activations": (
                *TOUCHES,
                "from IPython.core.interactiveshell import InteractiveShell as S\nS.ast_node_interactivity = 'all'",
                "from matplotlib_inline.backend_inline import set_matplotlib_formats as f\nf('svg')",
                "from IPython.display import display, HTML\ndisplay(HTML('loud'))",
                "name = input('Who are you?')",
                "try:\n    input()\nexcept EOFError: answer = 1\nassert answer == 1",
                RELU,
            )
        },
    )
    assert [raised(cell) for cell in cells] == [[]] * len(cells)
    assert "✔ ReLU (02_activations.ipynb)" in printed(cells[2])
    shown = [output.data for output in cells[2].outputs if "text/html" in output.data]
    assert len(shown) == 1, "the table alone"
    assert "loud" not in str(cells[2].outputs)
    assert printed(cells[3]) == changed
    assert printed(cells[4]) == "(True, '__main__')"
    figures = [output.data for output in cells[5].outputs if output.output_type == "display_data"]
    assert ["image/png" in figure for figure in figures] == [True]
    assert printed(cells[6]) == "[]", "the last expression alone is shown"
