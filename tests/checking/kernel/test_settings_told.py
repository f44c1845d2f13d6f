"""A right layer passes its check in a kernel in which the student has told torch, NumPy or Python something else."""

from __future__ import annotations

import nbformat
import pytest
from typer.testing import CliRunner

from ncl_course.cli import app
from tests.checking.kernel.running import notebook_of, printed, raised, run
from tests.checking.kernel.test_history import BACKWARD, FORWARD, SETUP

TOLD = (
    "torch.set_grad_enabled(False)",
    "torch.set_grad_enabled(True)\ntorch.set_default_device('meta')",
    "torch.set_default_device('cuda')",
    "torch.set_default_device(None)\ntorch.set_default_dtype(torch.float16)",
    "mode = torch.inference_mode()\nmode.__enter__()",
    "torch.use_deterministic_algorithms(True)\ntorch.set_num_threads(2)",
    "np.seterr(all='raise')",
    "warnings.filterwarnings('error')",
    "np.set_printoptions(precision=1, suppress=True)",
)
OLD_SUPER = "self.k, self.s = kernel_size, stride or kernel_size"


def written(path, *sources):
    """Write a notebook of lesson 01."""
    nbformat.write(notebook_of(*sources, lesson="01_pooling"), path)
    return str(path)


def test_a_right_layer_passes_whatever_the_kernel_was_told_and_a_wrong_one_gets_its_own_hint():
    wrong = BACKWARD.replace("/ k**2", "")
    told = [f"{line}\ncheck(AvgPool2d)" for line in TOLD]
    states = "print(torch.is_inference_mode_enabled(), torch.get_default_dtype(), np.geterr()['over'])"
    cells = run(f"{SETUP}\nimport torch, warnings", FORWARD, BACKWARD, *told, states, wrong, "check(AvgPool2d)")
    assert [raised(cell) for cell in cells[:-1]] == [[]] * (len(cells) - 1)
    assert [printed(cell).count("✔ AvgPool2d") for cell in cells[3:-3]] == [2] * len(told)
    assert printed(cells[-3]) == "True torch.float16 raise\n", "the student's settings stay"
    assert "✔ AvgPool2d · forward pass" in printed(cells[-1])
    assert "the gradient is not divided by the number of cells" in printed(cells[-1])


@pytest.mark.parametrize(
    "line", [TOLD[0], "torch.set_default_device('meta')", "mode = torch.inference_mode()\nmode.__enter__()"]
)
def test_in_the_terminal_it_passes_too(tmp_path, line):
    path = written(tmp_path / "01_pooling.ipynb", f"import torch\n{line}", SETUP, FORWARD, BACKWARD, "check(AvgPool2d)")
    result = CliRunner().invoke(app, ["check", path])
    assert result.output.count("✔ AvgPool2d") == 2
    assert "4 of 9 points" in result.output


@pytest.mark.parametrize("written_so", ["super(AvgPool2d, self)", "super(self.__class__, self)"])
def test_a_super_that_names_the_class_is_explained_in_one_sentence(written_so):
    first = FORWARD.replace(OLD_SUPER, f"{written_so}.__init__()\n        {OLD_SUPER}")
    no_arguments = "class ReLU(Layer):\n    def __init__(self):\n        super(ReLU, self).__init__()"
    cells = run(
        SETUP,
        first,
        BACKWARD,
        "check(AvgPool2d)",
        no_arguments,
        "class ReLU(ReLU):\n    def forward(self, x): return x",
        "check(ReLU, 'forward')",
        "class Tanh(Layer):\n    def __init__(self, x):\n        super(Tanh, self).__init__()",
        "check(Tanh, 'forward')",
    )
    assert f"{written_so} means the class in your last cell" in printed(cells[3])
    assert "super(ReLU, self) means the class in your last cell" in printed(cells[6])
    assert "RecursionError" in printed(cells[6])
    assert "in your last cell" not in printed(cells[8])
