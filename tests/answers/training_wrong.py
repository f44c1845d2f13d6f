"""Wrong answers to lesson 06, each with the name of its misconception."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from ncl_course.nn import Conv2d, Sequential
from tests.answers.training_right import (
    BatchNorm2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    build_with_two_loops,
    step_line_by_line,
    train_with_two_loops,
)


class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(self, grad_out):
        return grad_out


# ---- build_cnn: the template with one thing done another way ----


def usual_end(config):
    return lambda _: [MaxPool2d(2)] if config.pool else []


def blocks(config, rng, conv_part, block_part=None, padding=None):
    """Return the layers of the blocks: ``conv_part`` follows each convolution, and ``block_part`` ends each block."""
    layers, channels = [], config.in_channels
    block_part = usual_end(config) if block_part is None else block_part
    padding = config.kernel_size // 2 if padding is None else padding
    for filters in config.filters:
        for _ in range(config.convs):
            layers.append(Conv2d(channels, filters, config.kernel_size, padding=padding, rng=rng))
            layers += conv_part(filters)
            channels = filters
        layers += block_part(filters)
    return layers


def classifier(config, rng, width, hidden_part, last=True):
    layers = [Flatten()]
    for hidden in config.hidden:
        layers.append(Linear(width, hidden, rng=rng))
        layers += hidden_part()
        width = hidden
    return [*layers, Linear(width, config.num_classes, rng=rng)] if last else layers


def usual_conv(config):
    return lambda filters: [BatchNorm2d(filters), ReLU()] if config.batch_norm else [ReLU()]


def usual_hidden(config, rng):
    return lambda: [ReLU(), Dropout(config.keep_prob, rng=rng)] if config.keep_prob < 1 else [ReLU()]


def flat_width(config, layers):
    x = np.zeros((1, config.in_channels, config.image_size, config.image_size))
    for layer in layers:
        x = layer.eval().forward(x)
        layer.train()
    return x.size


def assembled(config, rng, layers=None, hidden_part=None, last=True):
    layers = blocks(config, rng, usual_conv(config)) if layers is None else layers
    part = usual_hidden(config, rng) if hidden_part is None else hidden_part
    return Sequential(*layers, *classifier(config, rng, flat_width(config, layers), part, last))


def list_of_layers(config, rng):
    return build_with_two_loops(config, rng).layers


def relu_first(config, rng):
    return assembled(
        config, rng, blocks(config, rng, lambda f: [ReLU(), BatchNorm2d(f)] if config.batch_norm else [ReLU()])
    )


def pool_inside(config, rng):
    def conv_part(filters):
        return [*usual_conv(config)(filters), *([MaxPool2d(2)] if config.pool else [])]

    return assembled(config, rng, blocks(config, rng, conv_part, lambda _: []))


def pool_then_relu(config, rng):
    layers = blocks(config, rng, usual_conv(config))
    for number, layer in enumerate(layers):
        if isinstance(layer, MaxPool2d):
            layers[number - 1], layers[number] = layers[number], layers[number - 1]
    return assembled(config, rng, layers)


def no_relu(config, rng):
    return assembled(config, rng, blocks(config, rng, lambda f: [BatchNorm2d(f)] if config.batch_norm else []))


def no_hidden_relu(config, rng):
    return assembled(
        config, rng, hidden_part=lambda: [Dropout(config.keep_prob, rng=rng)] if config.keep_prob < 1 else []
    )


def one_convolution(config, rng):
    layers, channels = [], config.in_channels
    for filters in config.filters:
        layers.append(Conv2d(channels, filters, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
        layers += usual_conv(config)(filters)
        if config.pool:
            layers.append(MaxPool2d(2))
        channels = filters
    return assembled(config, rng, layers)


def no_last_layer(config, rng):
    return assembled(config, rng, last=False)


def relu_at_the_end(config, rng):
    return Sequential(*build_with_two_loops(config, rng).layers, ReLU())


def softmax_at_the_end(config, rng):
    return Sequential(*build_with_two_loops(config, rng).layers, Softmax())


def not_flattened(config, rng):
    return Sequential(*(layer for layer in build_with_two_loops(config, rng).layers if not isinstance(layer, Flatten)))


def dropout_then_relu(config, rng):
    return assembled(config, rng, hidden_part=lambda: usual_hidden(config, rng)()[::-1])


def dropout_first(config, rng):
    layers = []
    for layer in build_with_two_loops(config, rng).layers:
        if isinstance(layer, Dropout):
            layers.insert(len(layers) - 2, layer)
        else:
            layers.append(layer)
    return Sequential(*layers)


def dropout_everywhere(config, rng):
    drop = [Dropout(config.keep_prob, rng=rng)] if config.keep_prob < 1 else []

    def conv_part(filters):
        return [*usual_conv(config)(filters), *(Dropout(config.keep_prob, rng=rng) for _ in drop)]

    return assembled(config, rng, blocks(config, rng, conv_part))


def always_normalized(config, rng):
    return assembled(config, rng, blocks(config, rng, lambda f: [BatchNorm2d(f), ReLU()]))


def never_normalized(config, rng):
    return assembled(config, rng, blocks(config, rng, lambda _: [ReLU()]))


def always_pooled(config, rng):
    return assembled(config, rng, blocks(config, rng, usual_conv(config), lambda _: [MaxPool2d(2)]))


def never_pooled(config, rng):
    return assembled(config, rng, blocks(config, rng, usual_conv(config), lambda _: []))


def always_dropped(config, rng):
    return assembled(config, rng, hidden_part=lambda: [ReLU(), Dropout(config.keep_prob, rng=rng)])


def never_dropped(config, rng):
    return assembled(config, rng, hidden_part=lambda: [ReLU()])


def no_hidden(config, rng):
    layers = blocks(config, rng, usual_conv(config))
    return Sequential(*layers, Flatten(), Linear(flat_width(config, layers), config.num_classes, rng=rng))


def not_padded(config, rng):
    return assembled(config, rng, blocks(config, rng, usual_conv(config), padding=0))


def padded_by_one(config, rng):
    return assembled(config, rng, blocks(config, rng, usual_conv(config), padding=1))


def one_hidden_layer(config, rng):
    return assembled(replace(config, hidden=config.hidden[:1]), rng)


def one_block(config, rng):
    return assembled(replace(config, filters=config.filters[:1]), rng)


def normalized_once_a_block(config, rng):
    def block_part(filters):
        return [*([BatchNorm2d(filters)] if config.batch_norm else []), *usual_end(config)(filters)]

    return assembled(config, rng, blocks(config, rng, lambda _: [ReLU()], block_part))


def relu_once_a_block(config, rng):
    def conv_part(filters):
        return [BatchNorm2d(filters)] if config.batch_norm else []

    return assembled(config, rng, blocks(config, rng, conv_part, lambda f: [*usual_end(config)(f), ReLU()]))


def filters_of_the_first(config, rng):
    layers, channels = [], config.in_channels
    for _ in config.filters:
        for _ in range(config.convs):
            layers.append(
                Conv2d(channels, config.filters[0], config.kernel_size, padding=config.kernel_size // 2, rng=rng)
            )
            layers += usual_conv(config)(config.filters[0])
            channels = config.filters[0]
        if config.pool:
            layers.append(MaxPool2d(2))
    return assembled(config, rng, layers)


def rng_inside(config, _rng):
    return build_with_two_loops(config, np.random.default_rng(42))


def rng_forgotten(config, rng):
    return build_with_two_loops(config, None)


def rebuilt(config, rng, change):
    return Sequential(*map(change, build_with_two_loops(config, rng).layers))


def dropout_without_rng(config, rng):
    return rebuilt(config, rng, lambda layer: Dropout(config.keep_prob) if isinstance(layer, Dropout) else layer)


def first_convolution_alone(config, rng):
    """Only the first convolution of a block uses ``rng``."""

    def change(layer):
        K, C, k, _ = layer.params["weight"].shape if isinstance(layer, Conv2d) else (1, 0, 0, 0)
        return Conv2d(C, K, k, padding=k // 2) if K == C else layer

    return rebuilt(config, rng, change)


def momentum_of_torch(config, rng):
    def change(layer):
        return BatchNorm2d(len(layer.params["gamma"]), alpha=0.1) if isinstance(layer, BatchNorm2d) else layer

    return rebuilt(config, rng, change)


def drop_prob(config, rng):
    return assembled(
        config,
        rng,
        hidden_part=lambda: [ReLU(), Dropout(1 - config.keep_prob, rng=rng)] if config.keep_prob < 1 else [ReLU()],
    )


# ---- train_step ----


def step_without_train(model, loss, optimizer, x, labels):
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    optimizer.step()
    return value


def step_in_eval(model, loss, optimizer, x, labels):
    model.eval()
    return step_without_train(model, loss, optimizer, x, labels)


def step_trains_batchnorm_alone(model, loss, optimizer, x, labels):
    for layer in model.layers:
        if isinstance(layer, BatchNorm2d):
            layer.train()
    return step_without_train(model, loss, optimizer, x, labels)


def step_loss_after(model, loss, optimizer, x, labels):
    step_line_by_line(model, loss, optimizer, x, labels)
    return loss.forward(model.forward(x), labels)


def step_without_update(model, loss, _optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    return value


def step_uphill(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(-loss.backward())
    optimizer.step()
    return value


def step_averaged_twice(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward() / len(x))
    optimizer.step()
    return value


def step_summed(model, loss, optimizer, x, labels):
    return step_line_by_line(model, loss, optimizer, x, labels) * len(labels)


def step_without_return(model, loss, optimizer, x, labels):
    step_line_by_line(model, loss, optimizer, x, labels)


def step_on_pixels_up_to_one(model, loss, optimizer, x, labels):
    return step_line_by_line(model, loss, optimizer, x / 255.0, labels)


def step_clipped(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    for grad in model.grads.values():
        np.clip(grad, -1, 1, out=grad)
    optimizer.step()
    return value


# ---- train ----


def trained(model, loss, optimizer, x, labels, epochs, orders, batch_size, on_step=None, losses=None):
    losses = [] if losses is None else losses
    for _ in range(epochs):
        order = orders()
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def train_whole_batches(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for number in range(len(x) // batch_size):
            batch = order[number * batch_size : (number + 1) * batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def train_an_epoch_more(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    orders = partial(rng.permutation, len(x))
    return trained(model, loss, optimizer, x, labels, epochs + 1, orders, batch_size, on_step)


def train_without_the_last_image(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size - 1]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def train_in_order(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    return trained(model, loss, optimizer, x, labels, epochs, lambda: np.arange(len(x)), batch_size, on_step)


def train_shuffled_once(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    order = rng.permutation(len(x))
    return trained(model, loss, optimizer, x, labels, epochs, lambda: order, batch_size, on_step)


def train_by_global_luck(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    own = np.random.default_rng()
    return trained(model, loss, optimizer, x, labels, epochs, lambda: own.permutation(len(x)), batch_size, on_step)


def train_unwatched(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    return trained(model, loss, optimizer, x, labels, epochs, lambda: rng.permutation(len(x)), batch_size)


def train_deaf(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def heard(step, value):
        if on_step is not None:
            on_step(step, value)

    return trained(model, loss, optimizer, x, labels, epochs, lambda: rng.permutation(len(x)), batch_size, heard)


def train_unless_false(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def heard(step, value):
        return on_step is not None and on_step(step, value) is not False

    return trained(model, loss, optimizer, x, labels, epochs, lambda: rng.permutation(len(x)), batch_size, heard)


def train_while_told(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def heard(step, value):
        return on_step is not None and not on_step(step, value)

    return trained(model, loss, optimizer, x, labels, epochs, lambda: rng.permutation(len(x)), batch_size, heard)


def train_breaking_once(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                break
    return losses


def train_counting_anew(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for number, start in enumerate(range(0, len(x), batch_size)):
            batch = order[start : start + batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(number, losses[-1]):
                return losses
    return losses


def train_last_of_epoch(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    steps = train_with_two_loops(
        model, loss, optimizer, x, labels, epochs=epochs, batch_size=batch_size, rng=rng, on_step=on_step
    )
    per_epoch = -(-len(x) // batch_size)
    return [steps[min(i + per_epoch, len(steps)) - 1] for i in range(0, len(steps), per_epoch)]


def train_mean_of_epoch(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    steps = train_with_two_loops(
        model, loss, optimizer, x, labels, epochs=epochs, batch_size=batch_size, rng=rng, on_step=on_step
    )
    per_epoch = -(-len(x) // batch_size)
    return [float(np.mean(steps[i : i + per_epoch])) for i in range(0, len(steps), per_epoch)]


def train_without_return(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    trained(model, loss, optimizer, x, labels, epochs, lambda: rng.permutation(len(x)), batch_size, on_step)


def train_on_random_batches(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs * (len(x) // batch_size)):
        batch = rng.choice(len(x), batch_size, replace=False)
        losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
        if on_step is not None and on_step(len(losses) - 1, losses[-1]):
            break
    return losses


def train_on_batches_in_random_order(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        for number in rng.permutation(-(-len(x) // batch_size)):
            batch = slice(number * batch_size, (number + 1) * batch_size)
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def train_sorted_by_random_keys(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def order():
        return np.argsort(rng.random(len(x)))

    return trained(model, loss, optimizer, x, labels, epochs, order, batch_size, on_step)


def train_with_decay(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
        optimizer.lr *= 0.9
    return losses


WRONG = {
    "build_cnn": (
        ("no-sequential", list_of_layers),
        ("relu-before-batchnorm", relu_first),
        ("pool-after-every-convolution", pool_inside),
        ("pool-before-relu", pool_then_relu),
        ("relu-missing", no_relu),
        ("hidden-relu-missing", no_hidden_relu),
        ("convolutions-not-repeated", one_convolution),
        ("last-layer-missing", no_last_layer),
        ("relu-after-the-last-layer", relu_at_the_end),
        ("softmax-in-the-network", softmax_at_the_end),
        ("flatten-missing", not_flattened),
        ("dropout-before-relu", dropout_then_relu),
        ("dropout-before-the-layer", dropout_first),
        ("dropout-after-convolutions", dropout_everywhere),
        ("batchnorm-always", always_normalized),
        ("batchnorm-missing", never_normalized),
        ("pool-always", always_pooled),
        ("pool-missing", never_pooled),
        ("dropout-always", always_dropped),
        ("dropout-missing", never_dropped),
        ("hidden-layers-missing", no_hidden),
        ("padding-missing", not_padded),
        ("padding-fixed", padded_by_one),
        ("one-hidden-layer", one_hidden_layer),
        ("one-block", one_block),
        ("relu-before-batchnorm", normalized_once_a_block),
        ("pool-before-relu", relu_once_a_block),
        ("filters-of-the-first-block", filters_of_the_first),
        ("rng-ignored", rng_inside),
        ("rng-ignored", rng_forgotten),
        ("rng-ignored", dropout_without_rng),
        ("rng-ignored", first_convolution_alone),
        ("alpha-of-torch", momentum_of_torch),
        ("keep-prob-turned-round", drop_prob),
    ),
    "train_step": (
        ("not-in-training-mode", step_without_train),
        ("not-in-training-mode", step_in_eval),
        ("not-in-training-mode", step_trains_batchnorm_alone),
        ("loss-after-the-update", step_loss_after),
        ("no-update", step_without_update),
        ("uphill", step_uphill),
        ("averaged-twice", step_averaged_twice),
        ("loss-summed", step_summed),
        ("loss-not-returned", step_without_return),
        ("images-rescaled", step_on_pixels_up_to_one),
        ("gradient-clipped", step_clipped),
    ),
    "train": (
        ("last-batch-dropped", train_whole_batches),
        ("batches-drawn-by-themselves", train_on_random_batches),
        ("batches-of-neighbours", train_on_batches_in_random_order),
        ("shuffled-another-way", train_sorted_by_random_keys),
        ("learning-rate-changed", train_with_decay),
        ("epochs-miscounted", train_an_epoch_more),
        ("batches-cut-wrongly", train_without_the_last_image),
        ("not-shuffled", train_in_order),
        ("shuffled-once", train_shuffled_once),
        ("rng-ignored", train_by_global_luck),
        ("on-step-not-called", train_unwatched),
        ("never-stops", train_deaf),
        ("stops-unasked", train_unless_false),
        ("stops-unasked", train_while_told),
        ("stops-only-the-epoch", train_breaking_once),
        ("steps-start-anew", train_counting_anew),
        ("one-loss-an-epoch", train_last_of_epoch),
        ("one-loss-an-epoch", train_mean_of_epoch),
        ("losses-not-returned", train_without_return),
    ),
}
