"""Right answers of lesson training in unusual styles."""

RIGHT = (
    (
        "The layers come from a generator function; sizes by pool_output_size-like arithmetic in a closure.",
        """
def build_cnn(config, rng):
    k, p = config.kernel_size, config.kernel_size // 2

    def make():
        c, size = config.in_channels, config.image_size
        for f in config.filters:
            for _ in range(config.convs):
                yield Conv2d(c, f, k, padding=p, rng=rng)
                if config.batch_norm:
                    yield BatchNorm2d(f)
                yield ReLU()
                c, size = f, size + 2 * p - k + 1
            if config.pool:
                yield MaxPool2d(2)
                size = (size - 2) // 2 + 1
        yield Flatten()
        n = c * size ** 2
        for h in config.hidden:
            yield Linear(n, h, rng=rng)
            yield ReLU()
            if config.keep_prob < 1:
                yield Dropout(config.keep_prob, rng=rng)
            n = h
        yield Linear(n, config.num_classes, rng=rng)

    return Sequential(*make())
""",
    ),
    (
        "Finds the flattened size by running zeros through the convolutional part in test mode.",
        """
def build_cnn(config, rng):
    stack = []
    channels = [config.in_channels, *config.filters]
    for a, b in zip(channels, channels[1:]):
        for i in range(config.convs):
            stack += [Conv2d(a if i == 0 else b, b, config.kernel_size, padding=config.kernel_size // 2, rng=rng)]
            stack += [BatchNorm2d(b)] * 0 if not config.batch_norm else [BatchNorm2d(b)]
            stack += [ReLU()]
        if config.pool:
            stack.append(MaxPool2d(2))
    stack.append(Flatten())
    probe = Sequential(*stack)
    probe.eval()
    shape = probe.forward(np.zeros((1, config.in_channels, config.image_size, config.image_size))).shape
    widths = [shape[1]] + list(config.hidden)
    for a, b in zip(widths, widths[1:]):
        stack.extend([Linear(a, b, rng), ReLU()])
        if config.keep_prob < 1:
            stack.append(Dropout(config.keep_prob, rng))
    stack.append(Linear(widths[-1], config.num_classes, rng))
    model = Sequential(*stack)
    model.train()
    return model
""",
    ),
    (
        "Chained calls, the tuple evaluated in order; the loss is stored first.",
        """
def train_step(model, loss, optimizer, x, labels):
    value = loss.forward(model.train()(x), labels)
    return [float(value), model.backward(loss.backward()), optimizer.step()][0]
""",
    ),
    (
        "A generator of batches, itertools.count for the steps, any() to stop.",
        """
from itertools import count

def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def batches():
        for _ in range(epochs):
            order = rng.permutation(np.arange(len(x)))
            yield from (order[i:i + batch_size] for i in range(0, len(order), batch_size))

    losses = []
    for step, idx in zip(count(), batches()):
        losses.append(float(train_step(model, loss, optimizer, x[idx], labels[idx])))
        if (on_step or (lambda *a: False))(step, losses[-1]):
            break
    return losses
""",
    ),
    (
        "np.split at the multiples of batch_size; x.take for the batches; a flag for stopping.",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history: list[float] = []
    stop = False
    epoch = 0
    while epoch < epochs and not stop:
        parts = np.split(rng.permutation(x.shape[0]), np.arange(batch_size, x.shape[0], batch_size))
        for part in parts:
            value = train_step(model, loss, optimizer, x.take(part, axis=0), np.take(labels, part))
            history += [value]
            if on_step is not None and on_step(len(history) - 1, value):
                stop = True
                break
        epoch += 1
    return history
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
