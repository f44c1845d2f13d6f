"""A script is played on a student's object, and everything relevant is recorded."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ncl_course.protocol.plain import MAX_ITEMS
from ncl_course.protocol.play import MAX_PRINTED, play, snapshot
from ncl_course.protocol.script import (
    Generator,
    Layers,
    Layout,
    Numbers,
    Opaque,
    Piece,
    Ref,
    Tensor,
    apply,
    call,
    get,
    make,
    new,
    put,
    refuse,
)

X = np.arange(6.0).reshape(2, 3)


class Student:
    def __init__(self, scale=1, rng=None):
        self.scale, self.rng = scale, rng
        self.params = {"weight": np.zeros(2)}

    def forward(self, x):
        return self.scale * x


def last(*steps, target=Student):
    return play(target, steps)[-1]


def test_a_method_is_called_and_its_value_is_copied():
    outcome = last(new("a", scale=2), call("a", "forward", Tensor(X), label="y"))
    assert outcome.value.tolist() == (2 * X).tolist()
    assert outcome.value.flags.c_contiguous


def test_a_function_is_called_with_its_arguments():
    assert last(apply(3, 4), target=lambda a, b: a * b).value == 12


def test_attributes_are_read_and_arrays_overwritten_in_place():
    steps = new("a"), put("a", "params.weight", np.array([1.0, 2])), get("a", "params.weight", label="w")
    assert last(*steps).value.tolist() == [1, 2]


def test_a_generator_is_made_from_its_seed_for_each_step():
    one = last(new("a", rng=Generator(5)), get("a", "rng", label="r"))
    assert one.value == Opaque("Generator")
    draws = [last(apply(Generator(5)), target=lambda rng: rng.random()).value for _ in range(2)]
    assert draws[0] == draws[1] == np.random.default_rng(5).random()


@pytest.mark.parametrize("layout", list(Layout))
def test_values_do_not_depend_on_the_layout(layout):
    seen = []
    outcome = last(apply(Tensor(X, layout)), target=lambda x: seen.append(x) or x.copy())
    expected = np.broadcast_to(X[:1], X.shape) if layout is Layout.BROADCAST else X
    assert outcome.value.tolist() == expected.tolist()
    if layout is not Layout.C:
        assert not (seen[0].flags.c_contiguous and seen[0].flags.writeable)


def test_a_changed_argument_is_noticed_and_the_scripts_own_array_stays_the_same():
    def spoil(x):
        x += 1
        return x

    mine = X.copy()
    assert last(apply(Tensor(mine)), target=spoil).changed == (0,)
    assert mine.tolist() == X.tolist()


def test_a_list_that_a_call_empties_is_a_changed_argument():
    def empties(layers):
        while layers:
            layers.pop()

    assert last(apply(Layers(({"weight": (2,)}, {}))), target=empties).changed == (0,)
    assert last(apply(Layers(({"weight": (2,)}, {}))), target=len).changed == ()


@pytest.mark.parametrize("told", ["ignore", "raise"])
def test_numpy_warns_whatever_the_notebook_has_set(told):
    with np.errstate(all=told):
        outcome = last(apply(Tensor(np.array([1000.0, -1000.0]))), target=np.exp)
    assert outcome.raised is None
    assert outcome.warnings == ("RuntimeWarning: overflow encountered in exp",)


def test_equal_warnings_are_heard_once_at_each_step_and_numpys_before_others():
    def loops():
        for number in range(3_000):
            warnings.warn(f"{number % 500} of 500", UserWarning, stacklevel=1)
            np.log(np.zeros(1))

    for outcome in play(loops, (apply(), apply())):
        assert len(outcome.warnings) == len(set(outcome.warnings)) == MAX_ITEMS
        assert outcome.warnings[:2] == ("RuntimeWarning: divide by zero encountered in log", "UserWarning: 0 of 500")


def test_an_earlier_result_that_changes_later_is_noticed():
    class Reuses(Student):
        def forward(self, x):
            self.buffer = getattr(self, "buffer", np.zeros(x.shape))
            self.buffer[...] = x
            return self.buffer

    steps = new("a"), call("a", "forward", Tensor(X), label="one"), call("a", "forward", Tensor(-X), label="two")
    assert last(*steps, target=Reuses).overwritten == ("one",)


def test_a_result_is_watched_even_if_it_is_not_judged():
    class Spoils(Student):
        def forward(self, x):
            self.y = x + 1
            return self.y

        def backward(self, grad_out):
            self.y[...] = 0
            return grad_out

    steps = new("a"), call("a", "forward", Tensor(X)), call("a", "backward", Tensor(X), label="backward")
    assert last(*steps, target=Spoils).overwritten == ("",)
    assert last(*steps, call("a", "forward", Tensor(X)), target=Spoils).overwritten == ()


def test_parameters_are_written_into_the_arrays_of_the_new_object():
    class Replaces(Student):
        def __init__(self):
            self.params = {"weight": np.zeros(2)}

        def forward(self, x):
            self.params["weight"] = self.params["weight"] + 0
            return x

    put_after = (
        new("a"),
        call("a", "forward", Tensor(X)),
        put("a", "params.weight", np.ones(2)),
        get("a", "params.weight"),
    )
    assert last(*put_after, target=Replaces).value.tolist() == [0, 0]
    assert last(put_after[0], *put_after[2:], target=Replaces).value.tolist() == [1, 1]


def test_an_exception_whose_message_raises_is_still_an_exception():
    class UnspeakableError(Exception):
        def __str__(self):
            raise RuntimeError("no")

    def fails():
        raise UnspeakableError

    assert last(apply(), target=fails).raised.type_name == "UnspeakableError"


def test_after_an_exception_nothing_more_is_played():
    def fails():
        raise IndexError("index 7 is out of bounds")

    trace = play(fails, (apply(), apply()))
    assert [outcome.raised.type_name for outcome in trace] == ["IndexError"]
    assert trace[0].raised.message == "index 7 is out of bounds"


def test_an_exit_is_the_students_error_and_an_interrupt_passes_through():
    def leaves():
        raise SystemExit(3)

    def interrupted():
        raise KeyboardInterrupt("stop")

    assert last(apply(), target=leaves).raised.type_name == "SystemExit"
    with pytest.raises(KeyboardInterrupt, match="stop"):
        play(interrupted, (apply(),))


def test_output_and_warnings_are_kept_and_not_shown(capsys):
    def talks():
        print("x" * 10_000)
        warnings.warn("careful", RuntimeWarning, stacklevel=1)
        return np.float64(1) / 0

    outcome = last(apply(), target=talks)
    assert outcome.printed == "x" * MAX_PRINTED
    assert outcome.warnings[0] == "RuntimeWarning: careful"
    assert "divide by zero" in outcome.warnings[1]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (np.float32(0.5), np.float32(0.5)),
        ([], Opaque("list")),
        ([1.0, "text"], Opaque("list", ("float", "str"))),
        ((None, [1.0]), Opaque("tuple", ("NoneType", "list"))),
        ("text", Opaque("str")),
        (np.array(["a"]), Opaque("ndarray")),
        (np.array([None]), Opaque("ndarray")),
        (np.ma.masked_array([1.0]), Opaque("MaskedArray")),
    ],
)
def test_only_plain_values_are_kept_as_they_are(value, seen):
    outcome = last(apply(), target=lambda: value)
    assert outcome.value == seen
    assert type(outcome.value) is type(seen)


class Even:
    def __init__(self, n):
        if n % 2:
            raise UnicodeError("odd")  # a subclass of ValueError
        if n < 0:
            raise TypeError("negative")
        self.n = n

    def forward(self, x):
        return x.reshape(self.n, -1)


@pytest.mark.parametrize(
    ("number", "value", "raised"), [(3, True, None), (2, False, None), (4, True, None), (-2, None, "TypeError")]
)
def test_arguments_that_must_be_refused_are_and_other_exceptions_stay_exceptions(number, value, raised):
    """They are refused by the first forward pass at the latest: six numbers make two rows and not four."""
    outcome = last(refuse("a", "ValueError", number, x=X, rule=lambda trace, step: None), target=Even)
    assert outcome.value is value
    assert (outcome.raised and outcome.raised.type_name) == raised


def test_an_array_too_large_to_be_right_is_not_copied():
    large, small = np.zeros((4, 4, 500, 500)), np.zeros((4, 4))
    assert snapshot(large) is large
    assert snapshot(small) is not small


def test_a_list_of_real_numbers_becomes_numbers():
    seen = snapshot([1, 2.5, np.float32(0.5)])
    assert isinstance(seen, Numbers)
    np.testing.assert_array_equal(seen.values, [1, 2.5, 0.5])


class Pair:
    """A piece that keeps its arguments."""

    def __init__(self, *parts, **named):
        self.parts, self.named = list(parts), named


def test_objects_are_made_from_the_kit_and_found_by_name_and_number():
    script = (
        make("inner", "Pair", Tensor(np.arange(3.0))),
        make("outer", "Pair", Ref("inner"), Piece("Pair", (), {"0.weight": Tensor(np.ones(2))})),
        get("outer", "parts.0.parts.0"),
        get("outer", "parts.1.named.0.weight"),
        apply(Ref("outer"), label=""),
    )
    trace = play(lambda outer: len(outer.parts), script, {"Pair": Pair})
    assert trace[-1].value == 2
    np.testing.assert_array_equal(trace[2].value, np.arange(3.0))
    np.testing.assert_array_equal(trace[3].value, np.ones(2))


def test_an_attribute_path_enters_a_list_by_number():
    trace = play(Pair, (new("made", 4), get("made", "parts.0")))
    assert trace[-1].value == 4


def test_a_piece_that_the_kit_does_not_have_raises():
    (outcome,) = play(len, (make("model", "Sequential"),))
    assert outcome.raised is not None
    assert outcome.raised.type_name == "KeyError"
