"""Right answers to lesson 06: networks built and trained in several styles."""

from __future__ import annotations

import itertools

import numpy as np

from ncl_course.nn import Conv2d, Sequential
from tests.answers.activations_right import RIGHT as ACTIVATIONS
from tests.answers.dropout_right import RIGHT as DROPOUT
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.normalization_batchnorm_right import RIGHT as NORMALIZATION
from tests.answers.pooling_right import RIGHT as POOLING


class MaxPool2d(POOLING["MaxPool2d"][0]): ...


class ReLU(ACTIVATIONS["ReLU"][0]): ...


class Flatten(LINEAR["Flatten"][0]): ...


class Linear(LINEAR["Linear"][0]): ...


class Dropout(DROPOUT["Dropout"][0]): ...


class BatchNorm2d(NORMALIZATION["BatchNorm2d"][0]): ...


def build_with_two_loops(config, rng):
    layers = []
    channels, size = config.in_channels, config.image_size
    for filters in config.filters:
        for _ in range(config.convs):
            layers.append(Conv2d(channels, filters, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
            if config.batch_norm:
                layers.append(BatchNorm2d(filters))
            layers.append(ReLU())
            channels = filters
        if config.pool:
            layers.append(MaxPool2d(2))
            size //= 2
    layers.append(Flatten())
    width = channels * size * size
    for hidden in config.hidden:
        layers.append(Linear(width, hidden, rng=rng))
        layers.append(ReLU())
        if config.keep_prob < 1:
            layers.append(Dropout(config.keep_prob, rng=rng))
        width = hidden
    layers.append(Linear(width, config.num_classes, rng=rng))
    return Sequential(*layers)


def build_by_asking_for_shapes(config, rng):
    x = np.zeros((1, config.in_channels, config.image_size, config.image_size))
    layers = []

    def add(layer):
        nonlocal x
        layers.append(layer.eval())
        x = layer.forward(x)
        layer.train()

    for filters in config.filters:
        for _ in range(config.convs):
            add(Conv2d(x.shape[1], filters, config.kernel_size, 1, config.kernel_size // 2, rng))
            if config.batch_norm:
                add(BatchNorm2d(filters))
            add(ReLU())
        if config.pool:
            add(MaxPool2d(2, 2))
    add(Flatten())
    for width in config.hidden:
        add(Linear(x.shape[1], width, rng))
        add(ReLU())
        if config.keep_prob != 1.0:
            add(Dropout(config.keep_prob, rng))
    add(Linear(x.shape[1], config.num_classes, rng))
    return Sequential(*layers)


def block(config, channels, filters, rng):
    layers = []
    for number in range(config.convs):
        padding = config.kernel_size // 2
        source = channels if number == 0 else filters
        layers += [Conv2d(source, filters, config.kernel_size, padding=padding, rng=rng)]
        layers += [BatchNorm2d(filters)] * config.batch_norm + [ReLU()]
    return layers + ([MaxPool2d(2)] if config.pool else [])


def hidden_layer(inputs, outputs, config, rng):
    layers = [Linear(inputs, outputs, rng), ReLU()]
    return [*layers, Dropout(config.keep_prob, rng)] if config.keep_prob < 1 else layers


def build_from_blocks(config, rng):
    channels = [config.in_channels, *config.filters]
    convolutions = [layer for a, b in itertools.pairwise(channels) for layer in block(config, a, b, rng)]
    size = config.image_size // 2 ** (len(config.filters) * config.pool)
    widths = [channels[-1] * size**2, *config.hidden]
    hidden = [layer for a, b in itertools.pairwise(widths) for layer in hidden_layer(a, b, config, rng)]
    return Sequential(*convolutions, Flatten(), *hidden, Linear(widths[-1], config.num_classes, rng))


def build_with_a_stack(config, rng):
    stack = []
    plan = [(filters, n == config.convs - 1) for filters in config.filters for n in range(config.convs)]
    C, S = config.in_channels, config.image_size
    for K, last in plan:
        stack.append(Conv2d(in_channels=C, out_channels=K, kernel_size=config.kernel_size, stride=1,
                            padding=(config.kernel_size - 1) // 2, rng=rng))  # fmt: skip
        C = K
        if config.batch_norm is True:
            stack.append(BatchNorm2d(num_features=K))
        stack.append(ReLU())
        if last and config.pool:
            stack.append(MaxPool2d(kernel_size=2))
            S = (S - 2) // 2 + 1
    stack.append(Flatten())
    sizes = (C * S * S, *config.hidden, config.num_classes)
    for number in range(len(sizes) - 1):
        stack.append(Linear(in_features=sizes[number], out_features=sizes[number + 1], rng=rng))
        if number < len(sizes) - 2:
            stack.append(ReLU())
            if config.keep_prob < 1:
                stack.append(Dropout(keep_prob=config.keep_prob, rng=rng))
    return Sequential(*stack)


def build_with_a_seed_for_each_layer(config, rng):
    """Every layer has its own generator, seeded by ``rng``; a recursion over the blocks."""

    def own():
        return np.random.default_rng(rng.integers(2**63))

    def blocks(channels, size, filters):
        if not filters:
            return [], channels * size**2
        layers = []
        for source in (channels, *[filters[0]] * (config.convs - 1)):
            layers += [Conv2d(source, filters[0], config.kernel_size, 1, config.kernel_size // 2, own())]
            layers += [BatchNorm2d(filters[0]), ReLU()] if config.batch_norm else [ReLU()]
        layers += [MaxPool2d(2)] if config.pool else []
        rest, width = blocks(filters[0], size // 2 if config.pool else size, filters[1:])
        return layers + rest, width

    layers, width = blocks(config.in_channels, config.image_size, config.filters)
    layers += [Flatten()]
    for hidden in config.hidden:
        layers += [Linear(width, hidden, own()), ReLU()]
        layers += [Dropout(config.keep_prob, own())] if config.keep_prob < 1 else []
        width = hidden
    return Sequential(*layers, Linear(width, config.num_classes, own()))


def step_line_by_line(model, loss, optimizer, x, labels):
    model.train()
    logits = model.forward(x)
    value = loss.forward(logits, labels)
    model.backward(loss.backward())
    optimizer.step()
    return value


def step_by_calls(model, loss, optimizer, x, labels):
    value = loss.forward(model.train()(x), labels)
    grad = loss.backward()
    model.backward(grad)
    optimizer.step()
    return float(value)


def step_layer_by_layer(model, loss, optimizer, x, labels):
    model.train()
    out = x
    for layer in model.layers:
        out = layer.forward(out)
    value = np.float64(loss.forward(out, labels))
    grad = loss.backward()
    for layer in reversed(model.layers):
        grad = layer.backward(grad)
    optimizer.step()
    return value


def step_in_order_of_need(model, loss, optimizer, x, labels):
    if not model.training:
        model.train()
    value = loss.forward(model(x), labels=labels)
    upstream = loss.backward()
    dx = model.backward(upstream)
    assert dx.shape == x.shape
    optimizer.step()
    return value


def step_gives_the_mode_back(model, loss, optimizer, x, labels):
    was = model.training
    model.train()
    try:
        value = loss.forward(model.forward(x), labels)
        model.backward(loss.backward())
        optimizer.step()
    finally:
        if not was:
            model.eval()
    return np.array(value)


def train_with_two_loops(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    N = len(x)
    for _ in range(epochs):
        order = rng.permutation(N)
        for start in range(0, N, batch_size):
            batch = order[start : start + batch_size]
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def batches(size, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(size)
        yield from (order[i : i + batch_size] for i in range(0, size, batch_size))


def train_by_a_generator(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for step, batch in enumerate(batches(x.shape[0], epochs, batch_size, rng), start=1):
        losses += [step_by_calls(model, loss, optimizer, x[batch], labels[batch])]
        if on_step and on_step(step, losses[-1]):
            break
    return losses


def train_on_a_shuffled_copy(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses, stopped = [], False
    for _ in range(epochs):
        if stopped:
            break
        order = rng.permutation(len(labels))
        shuffled, targets = x[order], labels[order]
        begin = 0
        while begin < len(shuffled) and not stopped:
            images = np.ascontiguousarray(shuffled[begin : begin + batch_size])
            value = step_layer_by_layer(model, loss, optimizer, images, targets[begin : begin + batch_size])
            if on_step is not None:
                stopped = bool(on_step(len(losses), value))
            losses.append(value)
            begin += batch_size
    return losses


def train_on_what_the_last_epoch_left(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        x, labels = x[order], labels[order]
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            losses.append(step_line_by_line(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses


def train_with_array_split(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for _epoch in range(epochs):
        order = rng.permutation(np.arange(len(x)))
        for batch in np.split(order, range(batch_size, len(order), batch_size)):
            value = step_in_order_of_need(model, loss, optimizer, x.take(batch, axis=0), labels.take(batch))
            losses.append(float(value))
            if on_step is not None and on_step(len(losses), value):
                return losses
    return losses


def train_into_an_array(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    """The losses are in an array from the start; an exception stops the training if ``on_step`` asks for it."""
    losses = np.zeros(epochs * -(-len(x) // batch_size))
    done = 0
    try:
        for batch in batches(len(x), epochs, batch_size, rng):
            losses[done] = step_gives_the_mode_back(model, loss, optimizer, x[batch], labels[batch])
            done += 1
            if on_step is not None and on_step(done - 1, losses[done - 1]):
                raise StopIteration
    except StopIteration:
        pass
    return losses[:done]


def train_to_arrays_without_axes(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for batch in batches(len(x), epochs, batch_size, rng):
        losses.append(step_gives_the_mode_back(model, loss, optimizer, x[batch], labels[batch]))
        answer = False if on_step is None else on_step(len(losses) - 1, losses[-1])
        if answer:
            break
    return losses


RIGHT = {
    "build_cnn": (
        build_with_two_loops,
        build_by_asking_for_shapes,
        build_from_blocks,
        build_with_a_stack,
        build_with_a_seed_for_each_layer,
    ),
    "train_step": (
        step_line_by_line,
        step_by_calls,
        step_layer_by_layer,
        step_in_order_of_need,
        step_gives_the_mode_back,
    ),
    "train": (
        train_with_two_loops,
        train_by_a_generator,
        train_on_a_shuffled_copy,
        train_on_what_the_last_epoch_left,
        train_with_array_split,
        train_into_an_array,
        train_to_arrays_without_axes,
    ),
}
