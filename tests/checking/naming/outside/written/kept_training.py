"""More wrong answers of lesson training by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "Conv2d is made without padding, so the maps shrink.",
        "padding-missing",
        """
def build_cnn(config, rng):
    layers = []
    in_ch = config.in_channels
    size = config.image_size
    for out_ch in config.filters:
        for _ in range(config.convs):
            layers.append(Conv2d(in_ch, out_ch, config.kernel_size, rng=rng))
            size = size - config.kernel_size + 1
            if config.batch_norm:
                layers.append(BatchNorm2d(out_ch))
            layers.append(ReLU())
            in_ch = out_ch
        if config.pool:
            layers.append(MaxPool2d(2))
            size = size // 2
    layers.append(Flatten())
    n_in = in_ch * size * size
    for n_out in config.hidden:
        layers.append(Linear(n_in, n_out, rng=rng))
        layers.append(ReLU())
        if config.keep_prob < 1:
            layers.append(Dropout(config.keep_prob, rng=rng))
        n_in = n_out
    layers.append(Linear(n_in, config.num_classes, rng=rng))
    return Sequential(*layers)
""",
    ),
    (
        "Adds a Softmax layer at the end although the loss contains it.",
        "softmax-in-the-network",
        """
def build_cnn(config, rng):
    layers = []
    c, s = config.in_channels, config.image_size
    for f in config.filters:
        for i in range(config.convs):
            layers += [Conv2d(c, f, config.kernel_size, padding=config.kernel_size // 2, rng=rng)]
            if config.batch_norm:
                layers += [BatchNorm2d(f)]
            layers += [ReLU()]
            c = f
            s += 2 * (config.kernel_size // 2) - config.kernel_size + 1
        if config.pool:
            layers += [MaxPool2d(2)]
            s //= 2
    layers += [Flatten()]
    d = c * s * s
    for h in config.hidden:
        layers += [Linear(d, h, rng=rng), ReLU()]
        if config.keep_prob < 1:
            layers += [Dropout(config.keep_prob, rng=rng)]
        d = h
    layers += [Linear(d, config.num_classes, rng=rng), Softmax()]
    return Sequential(*layers)
""",
    ),
    (
        "The forward pass is run a second time to read the loss, so the batch norm's running statistics move twice (and dropout is redrawn).",
        "forward-twice",
        """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    print_loss = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    optimizer.step()
    return value
""",
    ),
    (
        "Forgets optimizer.step(): nothing is learnt.",
        "no-update",
        """
def train_step(model, loss, optimizer, x, labels):
    # прямой проход
    model.train()
    out = model(x)
    l = loss.forward(out, labels)
    # обратный проход
    g = loss.backward()
    model.backward(g)
    return l
""",
    ),
    (
        "x and labels are each shuffled with a permutation of their own.",
        "labels-shuffled-apart",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses, step = [], 0
    for epoch in range(epochs):
        x_s = rng.permutation(x)
        y_s = rng.permutation(labels)
        for i in range(0, len(x), batch_size):
            value = train_step(model, loss, optimizer, x_s[i:i+batch_size], y_s[i:i+batch_size])
            losses.append(value)
            if on_step is not None and on_step(step, value):
                return losses
            step += 1
    return losses
""",
    ),
    (
        "Two mistakes: the step given to on_step restarts at 0 every epoch, and the loss appended after a stop is lost.",
        "last-loss-lost",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    all_losses = []
    for epoch in range(epochs):
        idx = rng.permutation(len(x))
        for step, start in enumerate(range(0, len(x), batch_size)):
            b = idx[start:start + batch_size]
            cur = train_step(model, loss, optimizer, x[b], labels[b])
            if on_step is not None and on_step(step, cur):
                return all_losses
            all_losses.append(cur)
    return all_losses
""",
    ),
    (
        "Calls on_step without asking whether it is None (its default).",
        "none-used",
        """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    n = len(x)
    step = 0
    for epoch in range(epochs):
        order = rng.permutation(n)
        for i in range(0, n, batch_size):
            batch = order[i:i + batch_size]
            value = float(train_step(model, loss, optimizer, x[batch], labels[batch]))
            losses.append(value)
            if on_step(step, value):
                return losses
            step += 1
    return losses
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
