"""The key's layers without their code do what the key's own do, and the key's process does nothing else."""

from __future__ import annotations

import copy
import gc
import json
from pathlib import Path

import numpy as np
import pytest

from ncl_course.grading.inside import lending, lent
from ncl_course.grading.own import read_key
from ncl_course.grading.walls.lender import shallow
from ncl_course.nn import SGD, Conv2d, Sequential
from ncl_course.protocol import wire

ROOT = Path(__file__).parents[3]
NAMES = ("MaxPool2d", "ReLU", "Sigmoid", "Flatten", "Linear", "CrossEntropyLoss", "Dropout", "BatchNorm2d")


@pytest.fixture(scope="module")
def key():
    """Return the key's own classes by name."""
    found = {}
    for name, source in read_key(ROOT / "solutions").items():
        there = {"__name__": "__main__"}
        cells = [cell for cell in source.cells if "class " in cell or "def pool_output_size" in cell]
        exec("import numpy as np\nfrom ncl_course.nn import Layer\n", there)
        for cell in cells:
            exec(cell, there)
        found[name] = there[name]
    return found


class Wire:
    """Passes calls on as the channel does, and keeps the last one."""

    def __init__(self, kinds):
        self.lending = lending.Lending(kinds)

    def __call__(self, call, arrays):
        self.call = call
        return sent(*self.lending.answer(*sent(call, arrays)))


def sent(header, arrays):
    """Return a frame as it arrives; its header is as shallow as the trusted side demands."""
    frame = wire.encode(header, arrays)
    size, _ = wire.LENGTHS.unpack(frame[: wire.LENGTHS.size])
    head = frame[wire.LENGTHS.size : wire.LENGTHS.size + size]
    got = wire.decode(head, frame[wire.LENGTHS.size + size :])
    assert shallow(got[0])
    return got


@pytest.fixture
def line(key):
    """Return the way to the key."""
    return Wire(key)


@pytest.fixture
def kit(line):
    """Return the layers without code."""
    return lent.layers(NAMES, line)


def network(kit, rng):
    """Return a network of all layers, one generator for all of them."""
    front = Conv2d(1, 3, 3, padding=1, rng=rng), kit["BatchNorm2d"](3, alpha=0.8), kit["ReLU"](), kit["MaxPool2d"](2)
    back = kit["Dropout"](0.6, rng), kit["Linear"](12, 4, rng=rng), kit["Sigmoid"]()
    return Sequential(*front, kit["Flatten"](), *back, kit["Linear"](np.int64(4), 3, rng))


def steps(kit, bits):
    """Train for some steps in both modes, and return all that can be seen."""
    rng = np.random.Generator(bits(3))
    net, loss = network(kit, rng), kit["CrossEntropyLoss"]()
    optimizer, seen = SGD(net, 0.1, momentum=0.9), []
    for step in range(4):
        net.train() if step != 2 else net.eval()
        x, labels = rng.normal(size=(5, 1, 4, 4)), rng.integers(3, size=5)
        logits = net(x)
        seen += [logits, loss.forward(logits, labels), net.backward(loss.backward()), net.backward(loss.backward())]
        optimizer.step()
        if step == 1:
            net.layers[1].running_mean[...] = 0.25
        normalized, dropout = net.layers[1], net.layers[5]
        live = *net.params.values(), *net.grads.values(), normalized.running_mean, normalized.running_var
        seen += [*(array.copy() for array in live), dropout.mask]
    return seen, rng.random()


@pytest.mark.parametrize("bits", [getattr(np.random, name) for name in lending.GENERATORS])
def test_a_training_is_the_same_with_them(key, kit, bits):
    (mine, after), (theirs, then) = steps(kit, bits), steps(key, bits)
    assert after == then
    for got, right in zip(mine, theirs, strict=True):
        assert type(got) is type(right)
        assert np.asarray(got).dtype == np.asarray(right).dtype
        assert np.allclose(got, right, rtol=0, atol=1e-12)  # arrays from a channel lie in C order


def test_arguments_may_be_given_by_the_names_of_the_contract(key, kit):
    x, labels = np.arange(6.0).reshape(2, 3), np.array([0, 2])
    for kinds in (key, kit):
        layer, loss = kinds["ReLU"](), kinds["CrossEntropyLoss"]()
        assert np.array_equal(layer.forward(x=x - 2), np.maximum(x - 2, 0))
        assert np.array_equal(layer.backward(grad_out=x), x * (x > 2))
        assert loss.forward(logits=x, labels=labels) == loss.forward(x, labels=labels) == loss.forward(x, labels)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'labels'"):
        kit["CrossEntropyLoss"]().forward(x)


def test_parameters_keep_their_identity_and_replaced_ones_count(kit):
    layer = kit["Linear"](2, 3)
    weight, x = layer.params["weight"], np.ones((1, 2))
    weight[...], layer.params["bias"] = 1, np.arange(3.0)
    assert layer(x).tolist() == [[2, 3, 4]]
    assert layer.params["weight"] is weight
    assert kit["Linear"](2, 3).params["weight"].std() > 0  # without rng it draws from a generator of its own


def test_a_layer_is_known_by_its_name_and_can_be_subclassed(kit):
    class Own(kit["ReLU"]):
        def forward(self, x):
            return super().forward(x) + 1

    assert [type(kit[name]()).__name__ for name in ("ReLU", "CrossEntropyLoss")] == ["ReLU", "CrossEntropyLoss"]
    assert Own()(np.array([-1.0, 2.0])).tolist() == [1, 3]
    assert isinstance(Own(), kit["ReLU"])


def test_a_copy_has_a_memory_of_its_own(kit):
    layer, x = kit["Dropout"](0.5, np.random.default_rng(0)), np.ones((4, 50))
    y = layer(x)
    for other in (copy.deepcopy(layer), copy.copy(layer)):
        other(2 * x)
        assert np.array_equal(layer.backward(x), y)
    assert not np.array_equal(copy.deepcopy(layer)(x), y)


def test_layers_that_are_gone_are_forgotten(kit, line):
    for _ in range(30):
        kit["ReLU"]()(np.ones(3))
    gc.collect()
    kit["ReLU"]()
    assert len(line.lending.made) < 3


def test_an_error_names_the_layer_and_tells_nothing_of_the_code(kit):
    with pytest.raises(ValueError, match=r"the key's Linear raised ValueError in forward \(input: \(4, 5\) float64\)"):
        kit["Linear"](2, 3)(np.ones((4, 5)))
    with pytest.raises(TypeError, match=r"the key's MaxPool2d raised TypeError in __init__ \(input: —\)"):
        kit["MaxPool2d"]()
    with pytest.raises(TypeError, match="Linear cannot take list as an argument"):
        kit["Linear"]([2], 3)
    with pytest.raises(TypeError, match="arrays of dtype object cannot be sent"):
        kit["ReLU"]()(np.array([None]))


SECRET = """
class ReLU:
    def forward(self, x):
        raise {}
"""
RAISED = {
    "UnicodeDecodeError('utf-8', b'secret', 0, 1, 'secret')": "ValueError",
    "type('secret', (LookupError,), {})('secret')": "LookupError",
    "np.exceptions.AxisError('secret')": "ValueError",
}


@pytest.mark.parametrize(("raised", "kind"), RAISED.items())
def test_of_an_error_only_a_type_of_pythons_own_comes_out(raised, kind):
    there = {"np": np}
    exec(SECRET.format(raised), there)
    kit = lent.layers(["ReLU"], Wire({"ReLU": there["ReLU"]}))
    with pytest.raises(Exception, match="the key's ReLU") as error:
        kit["ReLU"]().forward(np.ones(1))
    assert type(error.value).__name__ == kind
    assert "secret" not in str(error.value)


ALL = {"gone": [], "rng": None, "number": 0, "params": [], "held": [], "training": True, "args": [], "kwargs": {}}
STATE = json.dumps(np.random.default_rng(0).bit_generator.state)


def at(bits, place):
    """Return the state of a generator that has so many numbers of its buffer behind it."""
    state = json.loads(lent.state_of(np.random.Generator(getattr(np.random, bits)(0))))
    (state["state"] if bits == "MT19937" else state)["pos" if bits == "MT19937" else "buffer_pos"] = place
    return json.dumps(state)


HOSTILE = (
    {"do": "new", "name": "pool_output_size", "args": [4, 2, 2]},
    {"do": "new", "name": "__class__"},
    {"do": "__init__"},
    {"do": "forward", "number": 1},
    {"do": "forward", "number": "0"},
    {"do": "forward", "held": ["forward", "__dict__", "__class__"], "more": 0},
    {"do": "forward", "params": ["weight"]},
    {"do": "new", "name": "Dropout", "args": [0.5, "rng"], "rng": STATE.replace("PCG64", "bytes")},
    {"do": "new", "name": "Dropout", "args": [0.5, "rng"], "rng": STATE.replace("state", "stat")},
    {"do": "new", "name": "Dropout", "args": [0.5, "rng"], "rng": "[" * 100_000},
    *(
        {"do": "new", "name": "Dropout", "args": [0.5, "rng"], "rng": at(bits, place)}
        for bits, places in {"MT19937": (-1, 625, -(2**20), True, 1.0), "Philox": (-1, 5, 2**20)}.items()
        for place in places
    ),
    {"do": "new", "name": ["ReLU"]},
    {"do": "copy", "as": 7, "number": [0]},
    {"do": "copy"},
    {"do": None, "gone": None},
    {"gone": [[0]]},
    {},
)


@pytest.mark.parametrize("call", HOSTILE)
def test_a_call_that_no_layer_makes_is_refused_by_the_name_of_a_type(key, call):
    there = lending.Lending(key)
    there.answer({**ALL, "do": "new", "name": "ReLU"}, [])
    answer, arrays = there.answer({**ALL, **call}, [])
    assert list(answer) == ["raised"]
    assert answer["raised"].endswith("Error") or answer["raised"] == "Exception"
    assert arrays == []


@pytest.mark.parametrize(("bits", "end"), [("MT19937", 624), ("Philox", 4)])
def test_no_state_of_a_generator_reads_memory_that_is_not_its_own(key, bits, end):
    there, kind = lending.Lending(key), {"name": "Dropout", "args": [0.5, "rng"]}
    assert "raised" not in there.answer({**ALL, **kind, "do": "new", "rng": at(bits, end)}, [])[0]
    answer, _ = there.answer({**ALL, "do": "forward", "rng": at(bits, -1)}, [np.ones((2, 9))])
    assert answer == {"raised": "Exception"}
    answer, _ = there.answer({**ALL, "do": "forward", "rng": at(bits, 0)}, [np.ones((2, 9))])
    assert answer["rng"]


def test_what_is_deep_is_no_call():
    deep = {"do": "new", "args": []}
    for _ in range(900):
        deep = {"args": [deep]}
    assert not shallow(deep)
    assert not shallow({"a": [[[]]]})
    assert shallow({"a": [[1]], "kwargs": {"b": 2}})
