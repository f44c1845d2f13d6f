"""A network of given and of students' layers: live arrays, modes that reach every layer, errors that say where."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch

from ncl_course.nn import SGD, Conv2d, Layer, Sequential, gradient_error


class Dense(Layer):
    """A student's layer without super().__init__(), which makes new grads arrays in each backward pass."""

    def __init__(self, inputs, outputs, seed=0):
        self.params["weight"] = np.random.default_rng(seed).normal(size=(outputs, inputs))

    def forward(self, x):
        self.x = x
        return x @ self.params["weight"].T

    def backward(self, grad_out):
        self.grads = {"weight": grad_out.T @ self.x}
        return grad_out @ self.params["weight"]


class Shift(Layer):
    """A student's layer that replaces params in __init__ and fills grads in place."""

    def __init__(self, features):
        self.params = {"shift": np.zeros(features)}
        self.grads = {"shift": np.zeros(features)}

    def forward(self, x):
        return x + self.params["shift"]

    def backward(self, grad_out):
        self.grads["shift"][:] = grad_out.sum(0)
        return grad_out


class OwnSwitch(Layer):
    """A student's layer with a mode attribute of its own."""

    def train(self):
        self.training, self.mode = True, "learning"

    def eval(self):
        self.training, self.mode = False, "testing"

    def forward(self, x):
        return x if self.mode == "learning" else -x

    def backward(self, grad_out):
        return grad_out


class NoBaseClass:
    """Only the two passes, with no base class."""

    def forward(self, x):
        return 2 * x

    def backward(self, grad_out):
        return 2 * grad_out


class Raises(NoBaseClass):
    def __init__(self, error):
        self.error = error

    def forward(self, x):
        raise self.error

    backward = forward


class Returns(NoBaseClass):
    def __init__(self, answer):
        self.answer = answer

    def forward(self, x):
        return self.answer


def net():
    return Sequential(Dense(3, 4), Shift(4), NoBaseClass(), Dense(4, 2, seed=1))


def x():
    return np.random.default_rng(5).normal(size=(6, 3))


def test_it_is_the_composition_of_its_layers_and_backward_is_the_chain_rule():
    model = net()
    first, last = model.layers[0].params["weight"], model.layers[3].params["weight"]
    leaves = [torch.tensor(a, requires_grad=True) for a in (x(), first, last)]
    y = 2 * (leaves[0] @ leaves[1].T) @ leaves[2].T
    grad_out = np.random.default_rng(6).normal(size=(6, 2))
    dx, dfirst, dlast = torch.autograd.grad(y, leaves, torch.tensor(grad_out))
    np.testing.assert_allclose(model(x()), y.detach().numpy(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(model.backward(grad_out), dx.numpy(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(model.grads["0.weight"], dfirst.numpy(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(model.grads["3.weight"], dlast.numpy(), rtol=0, atol=1e-12)


def test_a_network_is_a_layer_and_networks_nest():
    model = Sequential(Sequential(Conv2d(1, 2, 3), NoBaseClass()), Conv2d(2, 1, 2))
    assert isinstance(model, Layer)
    assert list(model.params) == ["0.0.weight", "0.0.bias", "1.weight", "1.bias"]
    assert max(gradient_error(model, np.random.default_rng(0).normal(size=(2, 1, 5, 6))).values()) < 1e-7


def test_params_are_the_layers_own_arrays():
    model = net()
    assert model.params["0.weight"] is model.layers[0].params["weight"]
    assert model.params["1.shift"] is model.layers[1].params["shift"]
    assert list(model.params) == ["0.weight", "1.shift", "3.weight"]


def test_grads_are_those_that_exist_before_the_first_backward_and_the_latest_after_it():
    model = net()
    assert list(model.grads) == ["1.shift"]
    model.backward(model(x()))
    first = model.grads["0.weight"]
    model.backward(model(2 * x()))
    assert list(model.grads) == ["0.weight", "1.shift", "3.weight"]
    assert model.grads["0.weight"] is model.layers[0].grads["weight"]
    assert not np.array_equal(model.grads["0.weight"], first)


def test_two_networks_share_nothing():
    one, other = net(), net()
    one.params["0.weight"][...] = 0
    assert other.params["0.weight"].any()


def test_assigning_to_a_name_writes_into_the_layers_array():
    model = net()
    weight = model.layers[0].params["weight"]
    model.params["0.weight"] = np.ones((4, 3))
    model.params["0.weight"] -= 0.5
    model.params["1.shift"] = model.params["1.shift"] + 3
    assert model.layers[0].params["weight"] is weight
    assert (weight == 0.5).all()
    assert (model.layers[1].params["shift"] == 3).all()


def test_a_deep_copy_of_the_params_is_a_plain_dict_of_new_arrays_that_restores_the_network():
    model = net()
    before = model(x())
    best, pickled = copy.deepcopy(model.params), pickle.dumps(model.params)
    for saved in (best, pickle.loads(pickled)):
        assert type(saved) is dict
        model.params["0.weight"] += 1
        assert not np.array_equal(model(x()), before)
        model.params.update(saved)
        assert np.array_equal(model(x()), before)
    model.params["0.weight"] += 1
    model.params = best
    assert np.array_equal(model(x()), before)
    model.params["0.weight"] += 1
    live = model.params
    live |= best
    assert np.array_equal(model(x()), before)


def test_a_whole_network_can_be_copied():
    model = net()
    twin = copy.deepcopy(model)
    model.params["0.weight"][...] = 0
    assert twin(x()).any()


def test_gradients_can_be_written_through_the_network_too():
    model = net()
    model.backward(model(x()))
    model.grads["0.weight"] *= 0
    model.grads = {"1.shift": np.ones(4)}
    assert not model.layers[0].grads["weight"].any()
    assert (model.layers[1].grads["shift"] == 1).all()


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match=r"no array '0\.wieght' here; there are: 0\.weight, 1\.shift, 3\.weight"):
        net().params["0.wieght"] = np.ones((4, 3))


def test_train_and_eval_switch_every_layer_by_its_own_method_and_return_the_network():
    inner = Sequential(OwnSwitch(), Dense(3, 3))
    model = Sequential(inner, OwnSwitch(), NoBaseClass())
    assert model.eval() is model
    assert [inner.training, inner.layers[1].training, model.layers[2].training, model.training] == [False] * 4
    assert [inner.layers[0].mode, model.layers[1].mode] == ["testing", "testing"]
    assert model.train() is model
    assert [inner.training, inner.layers[1].training, model.layers[2].training, model.training] == [True] * 4
    assert [inner.layers[0].mode, model.layers[1].mode] == ["learning", "learning"]


def test_an_optimiser_trains_students_layers_through_the_network():
    model = Sequential(Dense(3, 1))
    optimizer, target = SGD(model, lr=0.05, momentum=0.5), x() @ np.array([[1.0], [-2.0], [0.5]])
    for _ in range(200):
        model.backward((model(x()) - target) / 6)
        optimizer.step()
    np.testing.assert_allclose(model.params["0.weight"], [[1, -2, 0.5]], atol=1e-3)


def test_an_empty_network_returns_its_input():
    values = x()
    assert Sequential()(values) is values
    assert Sequential().params == {}


class PeculiarError(Exception):
    """An exception whose constructor takes more than one message."""

    def __init__(self, left, right):
        super().__init__(f"{left} and {right}")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("axes don't match"), ValueError),
        (NotImplementedError("not written"), NotImplementedError),
        (KeyError("wieght"), KeyError),
        (PeculiarError("this", "that"), Exception),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "odd"), UnicodeError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_an_exception_in_a_layer_names_the_layer_and_keeps_its_type_and_its_cause(error, kind):
    model = Sequential(Dense(3, 4), Raises(error))
    with pytest.raises(kind, match=r"layer 1 \(Raises\) of Sequential raised .* in forward: ") as caught:
        model(x())
    assert caught.value.__cause__ is error
    assert str(error) in str(caught.value)
    assert "Its input was of shape (6, 4), float64" in str(caught.value)
    assert "look at the layer before it" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 3


def test_an_exception_in_backward_says_so():
    model = Sequential(Raises(IndexError("axis 2")), Dense(3, 4))
    model.layers[1].forward(x())
    with pytest.raises(IndexError, match=r"layer 0 \(Raises\).* in backward: axis 2\n.*grad_out was of shape \(6, 3\)"):
        model.backward(np.ones((6, 4)))


def test_an_exception_inside_a_nested_network_names_each_network_around_it():
    model = Sequential(NoBaseClass(), Sequential(NoBaseClass(), Raises(ValueError("deep"))))
    with pytest.raises(ValueError, match=r"(?s)layer 1 \(Sequential\).*layer 1 \(Raises\) .*deep"):
        model(x())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            None,
            r"layer 1 \(Returns\) of Sequential should return a NumPy array from forward .* NoneType None; is there a "
            "return at its end",
        ),
        ([1.0, 2.0], r"returned list \[1\.0, 2\.0\]; return the array itself"),
    ],
    ids=["None", "a list"],
)
def test_an_answer_that_is_no_array_names_the_layer(answer, words):
    with pytest.raises(TypeError, match=words):
        Sequential(NoBaseClass(), Returns(answer))(x())


@pytest.mark.parametrize(
    ("layers", "error", "words"),
    [
        ((Dense(3, 4), NoBaseClass), TypeError, r"got the class NoBaseClass as number 1; make one: NoBaseClass\(…\)"),
        (([NoBaseClass()],), TypeError, r"number 0 is list without forward and backward; .*Sequential\(\*layers\)"),
        ((OwnSwitch(), None), TypeError, "number 1 is NoneType without"),
    ],
    ids=["a class", "a list", "None"],
)
def test_what_is_no_layer_is_refused_at_once(layers, error, words):
    with pytest.raises(error, match=words):
        Sequential(*layers)


def test_one_object_in_two_places_is_refused():
    shared = NoBaseClass()
    with pytest.raises(ValueError, match=r"numbers 0 and 2 are one NoBaseClass; .* make two"):
        Sequential(shared, Shift(3), shared)
