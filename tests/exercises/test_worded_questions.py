"""The sentences of questions that have no numbers, played with torch."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

from ncl_course.data import load_digits


def batch_norm(x):
    return F.batch_norm(x, None, None, training=True)


def instance_norm(x):
    """Normalize each map of each sample; torch's own instance norm refuses maps of one number."""
    return F.group_norm(x, x.shape[1])


def maps(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_a_batch_of_one_sample_is_normalized_map_by_map():
    """The question ``normalization.one-sample``."""
    one, two = maps(1, 3, 4, 5), maps(2, 3, 4, 5)
    assert torch.allclose(batch_norm(one), instance_norm(one))
    assert not torch.allclose(batch_norm(two), instance_norm(two))


def test_with_one_map_or_maps_of_one_number_batch_and_instance_normalization_differ():
    """The mistakes of the question ``normalization.one-sample``."""
    one_map, one_number = maps(2, 1, 4, 5), maps(2, 3, 1, 1)
    assert not torch.allclose(batch_norm(one_map), instance_norm(one_map))
    assert torch.count_nonzero(instance_norm(one_number)) == 0
    assert batch_norm(one_number).abs().min() > 0.5


def test_softmax_of_a_number_and_zero_is_the_sigmoid_and_two_other_pairs_are_not():
    """The question ``linear.two-logits``: each pair (a, b) gives the sigmoid of a − b."""
    z = torch.linspace(-3, 3, 7, dtype=torch.float64)
    first = {name: torch.stack([z, other]).softmax(0)[0] for name, other in (("0", 0 * z), ("-z", -z), ("1-z", 1 - z))}
    assert torch.allclose(first["0"], z.sigmoid())
    assert torch.allclose(first["-z"], (2 * z).sigmoid())
    assert torch.allclose(first["1-z"], (2 * z - 1).sigmoid())


def test_branches_with_other_numbers_of_maps_are_concatenated_and_cannot_be_added():
    """The mistake ``as-sum`` of the question ``linear.concatenation``."""
    one, other = maps(1, 64, 28, 28), maps(1, 128, 28, 28)
    assert torch.equal(torch.cat([one, other], dim=1)[:, :64], one)
    with pytest.raises(RuntimeError, match="must match the size"):
        one + other


def test_tanh_takes_each_number_by_itself_and_a_maximum_of_a_window_does_not():
    """The question ``activations.which-layer``: neither is linear, but only one acts element by element."""
    x = maps(1, 1, 4, 4)
    moved = x.clone()
    moved[0, 0, 0, 0] = x.max() + 1
    assert torch.count_nonzero(moved.tanh() - x.tanh()) == 1
    assert F.max_pool2d(moved, 2).numel() < x.numel()
    assert not torch.allclose(F.max_pool2d(-x, 2), -F.max_pool2d(x, 2))


def classifier():
    """Return a linear classifier of digits, its optimizer, and the images with their labels."""
    torch.manual_seed(0)
    part = load_digits().standardized().train
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    x, labels = torch.tensor(part.x, dtype=torch.float32), torch.tensor(part.labels, dtype=torch.long)
    return net, torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9), x, labels


def losses(size, images=2560):
    """Return the loss of each step while the classifier learns from that many images in batches of one size."""
    net, optimizer, x, labels = classifier()
    seen = []
    for batch in (torch.arange(images) % len(x)).split(size):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        seen.append(loss.item())
    return torch.tensor(seen)


def jumps(seen):
    """Return the mean change from one step to the next, as a share of the mean loss."""
    return seen.diff().abs().mean() / seen.mean()


def test_the_loss_of_single_images_jumps_from_step_to_step():
    """The question ``training.batch-of-one``."""
    single, batches = losses(1), losses(32)
    assert len(single) == 32 * len(batches)
    assert jumps(single[-640:]) > 1
    assert jumps(batches[-20:]) < 0.5


def test_a_batch_has_the_same_mean_loss_as_single_images_and_varies_far_less():
    """The mistake ``same`` of the question ``training.batch-of-one``."""
    net, _, x, labels = classifier()
    with torch.no_grad():
        single = F.cross_entropy(net(x), labels, reduction="none")
    batches = single[: len(single) // 32 * 32].reshape(-1, 32).mean(dim=1)
    assert batches.mean().item() == pytest.approx(single.mean().item(), rel=0.02)
    assert single.std() > 4 * batches.std()


def test_as_many_steps_with_single_images_learn_less():
    """The mistake ``faster`` of the question ``training.batch-of-one``: a step that follows one image brings less."""
    steps = 20
    batches, single = losses(32, 32 * steps), losses(1, steps)
    assert len(single) == len(batches)
    assert single[-5:].mean() > 1.3 * batches[-5:].mean()
