"""The network that lesson 06 is compared with: it is torch's own, and its parameters are also NumPy arrays."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.nn import CNNConfig, numeric_gradient
from ncl_course.oracles.network import PIECES, SGD, Conv2d, Network
from ncl_course.oracles.training.accuracy import accuracy
from ncl_course.oracles.training.right import build_cnn, train, train_step
from ncl_course.protocol.script import Piece

CONFIG = CNNConfig(1, 4, 3, (2,), batch_norm=True, hidden=(4,))


def network(seed=0):
    return build_cnn(CONFIG, np.random.default_rng(seed))


def images(size=5, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(size, 1, 4, 4)), rng.integers(0, 3, size)


def test_a_convolution_equals_a_calculation_by_hand():
    layer = Conv2d(1, 1, 2)
    layer.params["weight"][...] = [[[[1, 0], [0, 1]]]]
    layer.params["bias"][...] = 10
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(layer.forward(x), [[[[14, 16], [20, 22]]]])


def test_the_gradient_of_the_whole_network_is_the_numeric_one():
    model, (x, _) = network(), images()
    grad_out = np.random.default_rng(2).normal(size=(5, 3))
    model.forward(x)
    dx = model.backward(grad_out)
    numeric = numeric_gradient(lambda values: float((model.forward(values) * grad_out).sum()), x)
    np.testing.assert_allclose(dx, numeric, atol=1e-6)


def test_torch_computes_with_the_numbers_written_into_params():
    model, (x, _) = network(), images()
    before = model.eval().forward(x)
    model.params["7.bias"][...] += 1.0
    np.testing.assert_allclose(model.forward(x), before + 1.0)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_a_step_is_torchs_own(weight_decay):
    model, (x, labels) = network(), images()
    twin = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3, padding=1), torch.nn.BatchNorm2d(2, momentum=0.1), torch.nn.ReLU(),
        torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3),
    ).double()  # fmt: skip
    names = {"gamma": "weight", "beta": "bias"}
    with torch.no_grad():
        for key, values in model.params.items():
            number, name = key.split(".")
            getattr(twin[int(number)], names.get(name, name)).copy_(torch.tensor(values))
    optimizer = SGD(model, 0.1, 0.9, weight_decay)
    other = torch.optim.SGD(twin.parameters(), 0.1, momentum=0.9, weight_decay=weight_decay)
    for _ in range(5):
        ours = train_step(model, PIECES["CrossEntropyLoss"](), optimizer, x, labels)
        other.zero_grad()
        theirs = torch.nn.functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(labels))
        theirs.backward()
        other.step()
        assert abs(ours - theirs.item()) < 1e-12
    np.testing.assert_allclose(model.params["5.weight"], twin[5].weight.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(model.layers[1].running_mean, twin[1].running_mean.numpy(), atol=1e-12)


def test_training_takes_every_image_once_per_epoch_and_stops_when_told():
    model, (x, labels) = network(), images(7)
    seen = []
    losses = train(
        model, PIECES["CrossEntropyLoss"](), SGD(model, 0.1), x, labels,
        epochs=3, batch_size=3, rng=np.random.default_rng(0), on_step=lambda step, loss: seen.append(step) or step == 4,
    )  # fmt: skip
    assert seen == [0, 1, 2, 3, 4]
    assert len(losses) == 5


def test_an_object_that_is_not_a_network_has_no_accuracy():
    pieces = (Piece("Flatten"), Piece("Linear", (16, 3)))

    class HeldOut:
        test_x, test_labels = images()

    model = Network(*(PIECES[piece.name](*piece.args) for piece in pieces))
    state = {f"params.{key}": values for key, values in model.params.items()}
    right = model.forward(HeldOut.test_x).argmax(1)
    HeldOut.test_labels = np.where(np.arange(5) < 3, right, (right + 1) % 3)
    assert accuracy(pieces, state, HeldOut) == 0.6
    for bad in (None, np.zeros((2, 2)), np.full((3, 16), np.nan), state["params.1.weight"].astype(complex)):
        assert accuracy(pieces, state | {"params.1.weight": bad}, HeldOut) == 0.0
