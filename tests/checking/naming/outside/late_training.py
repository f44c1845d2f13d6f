"""Wrong answers of lesson training, written before the names of this room were known."""

BUILD = """
def build_cnn(config, rng):
    layers = []
    in_ch, size = config.in_channels, config.image_size
    for out_ch in config.filters:
        for _ in range(config.convs):
            layers.append(Conv2d(in_ch, out_ch, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
            if config.batch_norm:
                layers.append(BatchNorm2d(out_ch))
            layers.append(ReLU())
            size += 2 * (config.kernel_size // 2) - config.kernel_size + 1
            in_ch = out_ch
        if config.pool:
            layers.append(MaxPool2d(2))
            size = size // 2
    layers.append(Flatten())
    features = in_ch * size * size
    for hidden in config.hidden:
        layers.append(Linear(features, hidden, rng=rng))
        layers.append(ReLU())
        if config.keep_prob < 1.0:
            layers.append(Dropout(config.keep_prob, rng=rng))
        features = hidden
    layers.append(Linear(features, config.num_classes, rng=rng))
    return Sequential(*layers)
"""
STEP = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    grad = loss.backward()
    model.backward(grad)
    optimizer.step()
    return float(value)
"""
TRAIN = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    optimizer.step()
    return float(value)


def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(train_step(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses
"""

WRONG = (
    (
        "batch norm only once",
        "layers-missing",
        BUILD,
        "if config.batch_norm:",
        "if config.batch_norm and len(layers) == 1:",
    ),
    (
        "pool only at the end",
        "layers-too-many",
        BUILD,
        "        if config.pool:\n            layers.append(MaxPool2d(2))\n            size = size // 2\n    layers",
        "    if config.pool:\n        layers.append(MaxPool2d(2))\n        size = size // 2\n    layers",
    ),
    (
        "dropout in the convolutions",
        "dropout-after-convolutions",
        BUILD,
        "            layers.append(ReLU())\n            size",
        "            layers.append(ReLU())\n            if config.keep_prob < 1.0:\n                layers.append(Dropout(config.keep_prob, rng=rng))\n            size",
    ),
    ("no flatten", "flatten-missing", BUILD, "    layers.append(Flatten())\n", ""),
    (
        "a hidden layer always",
        "one-hidden-layer",
        BUILD,
        "for hidden in config.hidden:",
        "for hidden in config.hidden or (16,):",
    ),
    (
        "kernel of three",
        "sizes-do-not-fit",
        BUILD,
        "config.kernel_size, padding=config.kernel_size // 2, rng=rng",
        "3, padding=1, rng=rng",
    ),
    (
        "gradient divided by the batch",
        "averaged-twice",
        STEP,
        "model.backward(grad)",
        "model.backward(grad / x.shape[0])",
    ),
    (
        "update by hand as well",
        "updated-twice",
        STEP,
        "    optimizer.step()\n",
        "    for key, value_ in model.params.items():\n        value_ -= optimizer.lr * model.grads[key]\n    optimizer.step()\n",
    ),
    ("labels as the gradient", "uphill", STEP, "grad = loss.backward()", "grad = -loss.backward()"),
    (
        "shuffled once",
        "shuffled-once",
        TRAIN,
        "    for epoch in range(epochs):\n        order = rng.permutation(len(x))\n",
        "    order = rng.permutation(len(x))\n    for epoch in range(epochs):\n",
    ),
    (
        "the last batch dropped",
        "last-batch-dropped",
        TRAIN,
        "range(0, len(x), batch_size)",
        "range(0, len(x) - batch_size + 1, batch_size)",
    ),
    (
        "one loss an epoch",
        "one-loss-an-epoch",
        TRAIN,
        "            losses.append(train_step(model, loss, optimizer, x[batch], labels[batch]))\n            if on_step is not None and on_step(len(losses) - 1, losses[-1]):\n                return losses\n",
        "            value = train_step(model, loss, optimizer, x[batch], labels[batch])\n            if on_step is not None and on_step(len(losses), value):\n                return losses\n        losses.append(value)\n",
    ),
    ("labels not permuted", "labels-not-shuffled", TRAIN, "labels[batch]))", "labels[start : start + batch_size]))"),
    (
        "stop ignored",
        "never-stops",
        TRAIN,
        "            if on_step is not None and on_step(len(losses) - 1, losses[-1]):\n                return losses\n",
        "            if on_step is not None:\n                on_step(len(losses) - 1, losses[-1])\n",
    ),
    ("global generator", "rng-ignored", TRAIN, "rng.permutation(len(x))", "np.random.permutation(len(x))"),
)
