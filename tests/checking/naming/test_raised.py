"""An exception of a student's layer gets the name of its mistake, and shapes in its message get their axes."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import notebook_answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.raised import name_of, shapes, sizes
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Fault, Verdict
from ncl_course.exercises import Case, find
from ncl_course.nn import Layer
from ncl_course.protocol.script import Outcome, Raised, Tensor, call, new, put
from tests.answers import RIGHT
from tests.answers.activations_right import MaximumReLU


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        N, C, H, W = x.shape
        self.x = x
        y = np.zeros((N, C, *self.sizes(H, W)), x.dtype)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                window = x[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k]
                y[:, :, i, j] = self.reduced(window)
        return y

    def sizes(self, H, W):
        return (H - self.k) // self.s + 1, (W - self.k) // self.s + 1

    def reduced(self, window):
        return window.mean((2, 3))


class NoSelf(AvgPool2d):
    def reduced(self, window):
        return window.sum((2, 3)) / kernel_size**2  # noqa: F821 - the mistake


class SelfNotInBrackets(AvgPool2d):
    def reduced(window):  # noqa: N805 - the mistake
        return window.mean((2, 3))


class NotKept(AvgPool2d):
    def reduced(self, window):
        return window.sum((2, 3)) / self.kernel_size**2


class Undefined(AvgPool2d):
    def reduced(self, window):
        return averaged(window)  # noqa: F821 - the mistake


class HelperWithoutReturn(AvgPool2d):
    def reduced(self, window):
        return self.summed(window) / self.k**2

    def summed(self, window):
        window.sum((2, 3))


class WithoutReturn(AvgPool2d):
    def forward(self, x):
        super().forward(x)


class IfOnArray(AvgPool2d):
    def reduced(self, window):
        mean = window.mean((2, 3))
        return np.maximum(mean, 0) if mean > 0 else mean


class FloatSize(AvgPool2d):
    def sizes(self, H, W):
        return (H - self.k) / self.s + 1, (W - self.k) / self.s + 1


class FloatIndex(AvgPool2d):
    def reduced(self, window):
        return window[:, :, self.k / 2, 0]


class WrongAxes(AvgPool2d):
    def reduced(self, window):
        return window.mean((0, 1))


def result(name, answer, part="forward"):
    exercise = find(name)
    answer.__name__ = name
    return judge(exercise, Here(answer), [notebook_answers(exercise, part)])


class ManyMaps(AvgPool2d):
    def forward(self, x):
        return np.zeros((4, 4, 500, 500))


class AsList(AvgPool2d):
    def forward(self, x):
        return super().forward(x).tolist()


def test_an_array_that_is_only_too_large_is_not_called_a_value_of_another_kind():
    assert result("AvgPool2d", ManyMaps).misconceptions == ()
    assert result("AvgPool2d", AsList).misconceptions == ("AvgPool2d.another-kind-returned",)
    size = find("pool_output_size")
    judged = judge(size, Here(lambda size, kernel_size, stride=None: 10**400), [notebook_answers(size, "value")])
    assert judged.misconceptions == ()


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (NoSelf, "self-forgotten"),
        (SelfNotInBrackets, "self-forgotten"),
        (NotKept, "attribute-not-kept"),
        (Undefined, "name-undefined"),
        (HelperWithoutReturn, "none-used"),
        (WithoutReturn, "return-forgotten"),
        (IfOnArray, "if-on-array"),
        (FloatSize, "float-as-index"),
        (FloatIndex, "float-as-index"),
        (WrongAxes, "shapes-do-not-fit"),
    ],
)
def test_an_exception_gets_the_name_of_its_mistake(answer, name):
    assert result("AvgPool2d", answer).misconceptions == (f"AvgPool2d.{name}",)


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, grad_out):
        return grad_out * (self.x > 0)


class Linear:
    def __init__(self, in_features, out_features, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(size=(out_features, in_features)) * np.sqrt(2 / in_features)
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        return x @ self.params["weight"].T + self.params["bias"]


def with_slope(alpha):
    """Return a PReLU that keeps ``alpha`` as its slope, or no slope at all."""

    class PReLU(RIGHT["PReLU"][0]):
        def __init__(self, num_parameters=1):
            super().__init__(num_parameters)
            self.params = {} if alpha is None else {"alpha": alpha}

    return PReLU


@pytest.mark.parametrize(
    ("alpha", "name"),
    [
        (None, "attribute-not-made"),
        (np.full((5, 1), 0.25), "alpha-shape"),
        (0.25, "parameter-of-another-shape"),
    ],
)
def test_a_parameter_that_cannot_be_written_is_named(alpha, name):
    assert result("PReLU", with_slope(alpha)).misconceptions == (f"PReLU.{name}",)


class ForwardWrongBackwardUndefined(MaximumReLU):
    def forward(self, x):
        return super().forward(x) + 1

    def backward(self, grad_out):
        return halved(grad_out)  # noqa: F821 - the mistake


class ForwardWrongBackwardDoesNotFit(MaximumReLU):
    def forward(self, x):
        self.positive = np.concatenate([x.ravel() > 0, [True]])
        return x

    def backward(self, grad_out):
        return grad_out.ravel() * self.positive


@pytest.mark.parametrize(
    ("answer", "names"), [(ForwardWrongBackwardUndefined, ("name-undefined",)), (ForwardWrongBackwardDoesNotFit, ())]
)
def test_after_a_wrong_forward_only_an_exception_that_it_cannot_have_caused_is_named(answer, names):
    exercise = find("ReLU")
    answer.__name__ = "ReLU"
    judged = judge(exercise, Here(answer), [notebook_answers(exercise, part.name) for part in exercise.parts])
    assert (judged.parts[0].verdict, judged.parts[1].verdict) == (Verdict.FAILED, Verdict.ERROR)
    assert judged.parts[1].misconceptions == names


@pytest.mark.parametrize("answer", [ReLU, Linear])
def test_a_layer_without_its_base_class_is_told_so(answer):
    name = answer.__name__
    assert result(name, answer).misconceptions == (f"{name}.base-class-missing",)


def found_in(message, expected=None, find=shapes):
    """Return the shapes or sizes in a message and their axes: pooling with a window of 4, and x of (2, 3, 5, 6)."""
    script = new("layer", kernel_size=4), call("layer", "forward", Tensor(np.zeros((2, 3, 5, 6))), label="forward")
    raised = Raised("ValueError", message)
    difference = Difference(Fault.RAISED, Case("random", script), 1, expected, None, Outcome(raised=raised))
    return list(find(difference, raised))


def test_both_shapes_are_shown_with_their_axes():
    assert found_in("operands could not be broadcast together with shapes (2,3) (2,3,4,4) ") == [
        ("(2, 3)", "(N, C)"),
        ("(2, 3, 4, 4)", "(N, C, kernel_size, kernel_size)"),
    ]
    assert found_in("could not broadcast input array from shape (7,) into shape (1,3)") == [
        ("(7,)", "(7,)"),
        ("(1, 3)", "(1, C)"),
    ]


def test_a_size_that_two_axes_have_gets_both_letters():
    out = np.zeros((2, 3, 2, 3))
    assert found_in("shapes (2,6) and (3,5) not aligned", out) == [("(2, 6)", "(N/OH, W)"), ("(3, 5)", "(C/OW, H)")]


def test_the_sizes_of_a_matrix_product_are_shown_with_their_axes():
    core = (
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?)"
    )
    assert found_in(f"{core} (size 3 is different from 4)", find=sizes) == [("3", "C"), ("4", "kernel_size")]
    assert found_in(f"{core} (size 6 is different from 7)", find=sizes) == [("6", "W")]


def test_a_new_shape_is_shown_with_its_axes():
    assert found_in("cannot reshape array of size 180 into shape (2,5)") == [("(2, 5)", "(N, H)")]


def test_shapes_in_another_message_are_left_alone():
    assert found_in("give me (2,3), not that") == []


def test_an_exception_of_another_kind_gets_no_name():
    class ReLU(MaximumReLU):
        def forward(self, x):
            raise ValueError("x is not to my taste")

    assert result("ReLU", ReLU).misconceptions == ()


def test_a_plain_function_that_gets_too_many_arguments_is_not_said_to_lack_self():
    def mean(window):
        return window.mean((2, 3))

    class Helped(AvgPool2d):
        def reduced(self, window):
            return mean(window, self.k)  # a later cell has another function of this name

    judged = result("AvgPool2d", Helped)
    assert (judged.verdict, judged.misconceptions) == (Verdict.ERROR, ("AvgPool2d.arguments-differ",))


@pytest.mark.parametrize(
    ("raised", "name"),
    [
        (Raised("KeyError", "'gamma'"), "attribute-not-made"),
        (Raised("AttributeError", "'BatchNorm2d' object has no attribute 'running_mean'"), "attribute-not-made"),
        (
            Raised("ValueError", "could not broadcast input array from shape (3,) into shape (1,)"),
            "parameter-of-another-shape",
        ),
        (Raised("TypeError", "'float' object does not support item assignment"), "parameter-of-another-shape"),
        (Raised("RuntimeError", "not today"), ""),
    ],
)
def test_an_exception_of_the_checks_own_step_is_the_layers_attribute(raised, name):
    script = new("layer", 3), put("layer", "params.gamma", np.ones(3))
    difference = Difference(Fault.RAISED, Case("random", script), 1, None, None, Outcome(raised=raised))
    assert name_of(find("BatchNorm2d"), difference) == name
