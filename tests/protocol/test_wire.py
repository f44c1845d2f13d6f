"""Data comes out of the wire as it went in, and anything else is refused."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace

import hypothesis.extra.numpy as arrays_of
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncl_course.exercises import EXERCISES
from ncl_course.protocol import plain, values, wire
from ncl_course.protocol.script import Generator, Layout, Numbers, Opaque, Outcome, Piece, Raised, Ref, Step, Tensor
from ncl_course.protocol.values import ProtocolError
from tests.patience import PATIENCE

DTYPES = st.sampled_from(sorted(wire.DTYPES)).map(np.dtype)
SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
ARRAYS = DTYPES.flatmap(lambda dtype: arrays_of.arrays(dtype, SHAPES))
NUMBERS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats()
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LISTS = st.lists(st.floats(), min_size=1, max_size=4).map(lambda items: Numbers(np.array(items)))
KINDS = st.builds(Opaque, TEXTS, st.lists(TEXTS, max_size=3).map(tuple))
VALUES = NUMBERS | ARRAYS | ARRAYS.filter(lambda a: a.size > 0).map(lambda a: a.flat[0]) | LISTS | KINDS
OUTCOMES = st.builds(
    Outcome,
    value=VALUES,
    raised=st.none() | st.builds(Raised, TEXTS, TEXTS, TEXTS),
    changed=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    overwritten=st.lists(TEXTS, max_size=3).map(tuple),
    warnings=st.lists(TEXTS, max_size=3).map(tuple),
    printed=TEXTS,
)
TENSORS = st.builds(Tensor, ARRAYS, st.sampled_from(Layout))
ARGUMENTS = st.recursive(
    NUMBERS | TEXTS | TENSORS | st.builds(Generator, st.integers(0, 2**40)) | st.builds(Ref, TEXTS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.builds(Piece, TEXTS, st.lists(inner, max_size=2).map(tuple), st.dictionaries(TEXTS, inner, max_size=2))
    ),
    max_leaves=4,
)
STEPS = st.builds(
    Step,
    kind=st.sampled_from(plain.KINDS),
    obj=TEXTS,
    method=TEXTS,
    args=st.lists(ARGUMENTS, max_size=3).map(tuple),
    kwargs=st.dictionaries(TEXTS, ARGUMENTS, max_size=2),
    label=TEXTS,
)


def through_the_wire(tree, arrays):
    """Encode, split into the parts of a frame, and decode."""
    frame = wire.encode({"tree": tree}, arrays)
    head, body = wire.LENGTHS.unpack(frame[: wire.LENGTHS.size])
    rest = frame[wire.LENGTHS.size :]
    assert len(rest) == head + body
    header, got = wire.decode(rest[:head], rest[head:])
    return header["tree"], got


def same(a, b):
    """Return whether two values are equal in type, dtype, shape and every entry, with NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
    if isinstance(a, float):
        return np.array_equal(a, b, equal_nan=True)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return same(vars(a), vars(b)) if isinstance(a, Step | Outcome | Tensor | Piece | Numbers) else bool(a == b)


@given(st.lists(OUTCOMES, max_size=3).map(tuple))
def test_a_trace_comes_out_as_it_went_in(trace):
    assert same(trace, plain.trace_of(*through_the_wire(*plain.plain_trace(trace))))


@given(st.lists(STEPS, max_size=3).map(tuple))
def test_a_script_comes_out_as_it_went_in(script):
    assert same(script, plain.script_of(*through_the_wire(*plain.plain_script(script))))


def test_every_script_of_the_course_can_be_sent():
    rng = np.random.default_rng(0)
    for part in [part for exercise in EXERCISES for part in exercise.parts]:
        for case in part.cases(rng):
            sent = tuple(
                replace(step, rule=None, scale=0.0, silent=False, within=0.0) for step in case.script
            )  # these fields are for the judge only
            assert same(sent, plain.script_of(*through_the_wire(*plain.plain_script(case.script))))


def test_arrays_arrive_in_memory_of_their_own():
    _, (got,) = through_the_wire(None, [np.arange(3.0)])
    got[0] = 9
    assert got.flags.owndata or got.base.flags.writeable


def test_a_number_too_large_for_any_answer_is_opaque():
    assert values.pack_value(10**400, []) == {"opaque": "int"}


def test_an_array_too_large_for_any_answer_is_opaque():
    arrays = []
    node = values.pack_value(np.broadcast_to(0.0, (5_000, 5_000)), arrays)
    assert node == {"opaque": "ndarray of shape (5000, 5000)"}
    assert arrays == []


def test_texts_are_cut_and_cleaned():
    outcome = Outcome(printed="a" * 100_000, warnings=("\ud800",) * 1000)
    (got,) = plain.trace_of(*through_the_wire(*plain.plain_trace((outcome,))))
    assert len(got.printed) == values.MAX_TEXT
    assert got.warnings == ("?",) * plain.MAX_ITEMS


@pytest.mark.parametrize("dtype", ["O", "U3", "S3", "M8[s]", "m8[s]", "V4", "i4,f8"])
def test_arrays_of_other_dtypes_cannot_be_sent(dtype):
    with pytest.raises(ProtocolError, match="cannot be sent"):
        wire.encode({}, [np.zeros(2, dtype)])


def test_a_script_can_hold_only_plain_data():
    with pytest.raises(TypeError, match="cannot hold a function"):
        plain.plain_script((Step("call", "", args=(len.__class__, through_the_wire)[1:]),))


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_random_bytes_are_refused(head, body):
    with pytest.raises(ProtocolError, match="refused"):
        wire.decode(head, body)


HEADERS = [
    ([], "not an object"),
    ({}, "list of arrays"),
    ({"arrays": 3}, "list of arrays"),
    ({"arrays": [["<f8", [2]]] * 5000}, "list of arrays"),
    ({"arrays": [["<f8"]]}, "a dtype and a shape"),
    ({"arrays": [["|O", [1]]]}, "unknown dtype"),
    ({"arrays": [["O8", [1]]]}, "unknown dtype"),
    ({"arrays": [[["f", "i4"], [1]]]}, "unknown dtype"),
    ({"arrays": [["<f8", [1] * 9]]}, "too many dimensions"),
    ({"arrays": [["<f8", [-1]]]}, "impossible shape"),
    ({"arrays": [["<f8", [1.0]]]}, "impossible shape"),
    ({"arrays": [["<f8", [True]]]}, "impossible shape"),
    ({"arrays": [["<f8", [0, 2**62, 2**62]]]}, "impossible shape"),
    ({"arrays": [["<f8", [2**40]]]}, "impossible shape"),
    ({"arrays": [["<f8", [2]]]}, "longer than the bytes received"),
    ({"arrays": []}, "more bytes were received"),
]


@pytest.mark.parametrize(("header", "why"), HEADERS)
def test_a_frame_that_does_not_fit_is_refused(header, why):
    with pytest.raises(ProtocolError, match=why):
        wire.decode(json.dumps(header).encode(), b"12345678")


TREES = [
    ({}, "a trace is a list"),
    ([[None] * 5], "six fields"),
    ([[None, "boom", [], [], [], ""]], "three fields"),
    ([[None, None, ["x"], [], [], ""]], "argument numbers"),
    ([[None, None, [0] * 65, [], [], ""]], "short list"),
    ([[None, None, [], [], [], 3]], "a text"),
    ([["text", None, [], [], [], ""]], "unknown kind"),
    ([[[1], None, [], [], [], ""]], "unknown kind"),
    ([[{"pickle": "..."}, None, [], [], [], ""]], "unknown kind"),
    ([[{"tensor": [0, "c"]}, None, [], [], [], ""]], "unknown kind"),
    ([[{"array": 1}, None, [], [], [], ""]], "no array with that number"),
    ([[{"array": True}, None, [], [], [], ""]], "no array with that number"),
    ([[{"scalar": 0}, None, [], [], [], ""]], "scalar with dimensions"),
]


@pytest.mark.parametrize(("tree", "why"), TREES)
def test_a_tree_that_is_not_a_trace_is_refused(tree, why):
    with pytest.raises(ProtocolError, match=why):
        plain.trace_of(tree, [np.zeros(2)])


def test_a_bool_made_of_another_byte_becomes_a_valid_bool():
    _, (got,) = wire.decode(b'{"arrays": [["|b1", [3]]]}', b"\x00\x01\xff")
    assert got.view(np.uint8).tolist() == [0, 1, 1]


def test_an_absurd_length_takes_neither_memory_nor_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire.LENGTHS.pack(10, 2**62))
        with pytest.raises(ProtocolError, match="too many bytes"):
            wire.receive(ours, time.monotonic() + PATIENCE)


def test_a_deadline_holds_even_if_bytes_trickle_in():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire.LENGTHS.pack(1000, 0) + b"{")
        with pytest.raises(TimeoutError, match=r"does not answer|timed out"):
            wire.receive(ours, time.monotonic() + 0.1)


def test_the_end_of_the_other_side_is_reported():
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(EOFError, match="gone"):
            wire.receive(ours, time.monotonic() + PATIENCE)


def test_a_reader_that_stopped_reading_does_not_hold_us_up():
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError, match="timed out"):
        wire.send(ours, {}, [np.zeros(1_000_000)], time.monotonic() + 0.2)
