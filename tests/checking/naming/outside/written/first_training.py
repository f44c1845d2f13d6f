"""Wrong answers of lesson training by an author who had not seen the checks."""

WRONG = (
    (
        "Puts the batch normalization after the ReLU.",
        "relu-before-batchnorm",
        """
def build_cnn(config, rng):
    layers = []
    c = config.in_channels
    size = config.image_size
    for f in config.filters:
        for _ in range(config.convs):
            layers.append(Conv2d(c, f, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
            layers.append(ReLU())
            if config.batch_norm:
                layers.append(BatchNorm2d(f))
            c = f
        size = size + (2 * (config.kernel_size // 2) - config.kernel_size + 1) * config.convs
        if config.pool:
            layers.append(MaxPool2d(2))
            size = size // 2
    layers.append(Flatten())
    n = c * size * size
    for h in config.hidden:
        layers += [Linear(n, h, rng=rng), ReLU()]
        if config.keep_prob < 1:
            layers.append(Dropout(config.keep_prob, rng=rng))
        n = h
    layers.append(Linear(n, config.num_classes, rng=rng))
    return Sequential(*layers)
""",
    ),
    (
        "The pooling is indented into the inner loop, so it follows every convolution, not every block.",
        "pool-after-every-convolution",
        """
def build_cnn(config, rng):
    layers = []
    channels = config.in_channels
    size = config.image_size
    pad = config.kernel_size // 2
    for filters in config.filters:
        for i in range(config.convs):
            layers.append(Conv2d(channels, filters, config.kernel_size, padding=pad, rng=rng))
            size = size + 2 * pad - config.kernel_size + 1
            if config.batch_norm:
                layers.append(BatchNorm2d(filters))
            layers.append(ReLU())
            channels = filters
            if config.pool:
                layers.append(MaxPool2d(2))
                size //= 2
    layers.append(Flatten())
    features = channels * size * size
    for width in config.hidden:
        layers.append(Linear(features, width, rng=rng))
        layers.append(ReLU())
        if config.keep_prob < 1.0:
            layers.append(Dropout(config.keep_prob, rng=rng))
        features = width
    layers.append(Linear(features, config.num_classes, rng=rng))
    return Sequential(*layers)
""",
    ),
    (
        "Two mistakes: a ReLU follows the last fully connected layer, and Dropout is before each FC layer (right after Flatten too) instead of after its ReLU.",
        "relu-after-the-last-layer",
        """
def build_cnn(config, rng):
    body = []
    c_in = config.in_channels
    k, p = config.kernel_size, config.kernel_size // 2
    s = config.image_size
    for c_out in config.filters:
        for _ in range(config.convs):
            body += [Conv2d(c_in, c_out, k, padding=p, rng=rng)]
            body += [BatchNorm2d(c_out)] if config.batch_norm else []
            body += [ReLU()]
            c_in = c_out
            s = s + 2 * p - k + 1
        if config.pool:
            body += [MaxPool2d(2)]
            s = s // 2
    head = [Flatten()]
    sizes = [c_in * s * s] + list(config.hidden) + [config.num_classes]
    for a, b in zip(sizes[:-1], sizes[1:]):
        if config.keep_prob < 1:
            head += [Dropout(config.keep_prob, rng=rng)]
        head += [Linear(a, b, rng=rng), ReLU()]
    return Sequential(*body, *head)
""",
    ),
    (
        "Passes 1 − keep_prob to Dropout, thinking of torch's p.",
        "keep-prob-turned-round",
        """
def build_cnn(config, rng):
    layers = []
    prev = config.in_channels
    for out in config.filters:
        for n in range(config.convs):
            layers.append(Conv2d(prev, out, config.kernel_size, 1, config.kernel_size // 2, rng))
            if config.batch_norm:
                layers.append(BatchNorm2d(out))
            layers.append(ReLU())
            prev = out
        if config.pool:
            layers.append(MaxPool2d(2))
    layers.append(Flatten())
    # узнаём размер, прогнав нули
    t = np.zeros((2, config.in_channels, config.image_size, config.image_size))
    for layer in layers:
        if not isinstance(layer, BatchNorm2d):
            t = layer.forward(t)
    prev = t.shape[1]
    for h in config.hidden:
        layers.append(Linear(prev, h, rng))
        layers.append(ReLU())
        if config.keep_prob < 1:
            layers.append(Dropout(1 - config.keep_prob, rng))
        prev = h
    layers.append(Linear(prev, config.num_classes, rng))
    return Sequential(*layers)
""",
    ),
    (
        "Does not call model.train(): after an evaluation the step runs in test mode.",
        "not-in-training-mode",
        """
def train_step(model, loss, optimizer, x, labels):
    logits = model.forward(x)
    value = loss.forward(logits, labels)
    model.backward(loss.backward())
    optimizer.step()
    return value
""",
    ),
    (
        "Two mistakes: returns the loss computed again after the update, and never calls model.train().",
        "loss-after-the-update",
        """
def train_step(model, loss, optimizer, x, labels):
    loss.forward(model(x), labels)
    grad = loss.backward()
    model.backward(grad)
    optimizer.step()
    return float(loss.forward(model(x), labels))
""",
    ),
    (
        "optimizer.step() comes before backward, so each step uses the gradients of the step before.",
        "update-before-backward",
        """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    y = model.forward(x)
    L = loss.forward(y, labels)
    optimizer.step()
    model.backward(loss.backward())
    return float(L)
""",
    ),
    (
        "Shuffles x but takes the labels in the old order.",
        "labels-not-shuffled",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    step = 0
    for epoch in range(epochs):
        perm = rng.permutation(len(x))
        x_shuffled = x[perm]
        for start in range(0, len(x), batch_size):
            xb = x_shuffled[start:start + batch_size]
            yb = labels[start:start + batch_size]
            value = train_step(model, loss, optimizer, xb, yb)
            losses.append(value)
            if on_step is not None and on_step(step, value):
                return losses
            step += 1
    return losses
""",
    ),
    (
        "Two mistakes: n // batch_size batches, so the short last batch is lost, and the answer of on_step is ignored.",
        "last-batch-dropped",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history = []
    n_batches = len(x) // batch_size
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for b in range(n_batches):
            idx = order[b * batch_size:(b + 1) * batch_size]
            l = train_step(model, loss, optimizer, x[idx], labels[idx])
            history.append(float(l))
            if on_step:
                on_step(len(history) - 1, l)
    return history
""",
    ),
    (
        "A truthy on_step breaks only out of the inner loop; the next epoch goes on.",
        "stops-only-the-epoch",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    N = x.shape[0]
    step = 0
    for epoch in range(epochs):
        p = rng.permutation(N)
        for i in range(0, N, batch_size):
            ids = p[i:i+batch_size]
            current = train_step(model, loss, optimizer, x[ids], labels[ids])
            losses.append(current)
            if on_step is not None:
                stop = on_step(step, current)
                if stop:
                    break
            step += 1
    return losses
""",
    ),
    (
        "Returns one average loss an epoch instead of one loss a step.",
        "one-loss-an-epoch",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    result = []
    step = 0
    for e in range(epochs):
        perm = rng.permutation(x.shape[0])
        epoch_losses = []
        for s in range(0, x.shape[0], batch_size):
            batch = perm[s:s + batch_size]
            l = train_step(model, loss, optimizer, x[batch], labels[batch])
            epoch_losses.append(l)
            if on_step is not None and on_step(step, l):
                result.append(float(np.mean(epoch_losses)))
                return result
            step += 1
        result.append(float(np.mean(epoch_losses)))
        print("epoch", e, "loss", result[-1])
    return result
""",
    ),
    (
        "The permutation is drawn once before the epochs.",
        "shuffled-once",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    order = rng.permutation(len(x))
    losses = []
    for epoch in range(epochs):
        for start in range(0, len(order), batch_size):
            chunk = order[start:start + batch_size]
            losses.append(train_step(model, loss, optimizer, x[chunk], labels[chunk]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
