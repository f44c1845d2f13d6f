"""Wrong answers of lesson training, written without the altered oracles at hand."""

BUILD = """
def build_cnn(config, rng):
    net = []
    ch, size = config.in_channels, config.image_size
    for f in config.filters:
        for _ in range(config.convs):
            net.append(Conv2d(ch, f, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
            if config.batch_norm:
                net.append(BatchNorm2d(f))
            net.append(ReLU())
            ch = f
        if config.pool:
            net.append(MaxPool2d(2))
            size = size // 2
    net.append(Flatten())
    width = ch * size * size
    for h in config.hidden:
        net.append(Linear(width, h, rng=rng))
        net.append(ReLU())
        if config.keep_prob < 1:
            net.append(Dropout(config.keep_prob, rng=rng))
        width = h
    net.append(Linear(width, config.num_classes, rng=rng))
    return Sequential(*net)
"""
STEP = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    scores = model(x)
    value = loss.forward(scores, labels)
    model.backward(loss.backward())
    optimizer.step()
    return float(value)
"""
TRAIN = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    scores = model(x)
    value = loss.forward(scores, labels)
    model.backward(loss.backward())
    optimizer.step()
    return float(value)

def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history = []
    for _ in range(epochs):
        perm = rng.permutation(len(x))
        xs, ys = x[perm], labels[perm]
        for b in range(0, len(x), batch_size):
            value = train_step(model, loss, optimizer, xs[b:b + batch_size], ys[b:b + batch_size])
            history.append(value)
            if on_step is not None and on_step(len(history) - 1, value):
                return history
    return history
"""

WRONG = (
    (
        "relu after the last layer",
        "relu-after-the-last-layer",
        BUILD,
        "config.num_classes, rng=rng))",
        "config.num_classes, rng=rng))\n    net.append(ReLU())",
    ),
    ("dropout without condition", "dropout-always", BUILD, "if config.keep_prob < 1:", "if True:"),
    (
        "relu before batch norm",
        "relu-before-batchnorm",
        BUILD,
        "            if config.batch_norm:\n                net.append(BatchNorm2d(f))\n            net.append(ReLU())",
        "            net.append(ReLU())\n            if config.batch_norm:\n                net.append(BatchNorm2d(f))",
    ),
    ("channel not carried on", "", BUILD, "            ch = f\n", "        ch = f\n"),
    (
        "pool after every convolution",
        "pool-after-every-convolution",
        BUILD,
        "            ch = f\n        if config.pool:\n           "
        " net.append(MaxPool2d(2))\n            size = size // 2",
        "            ch = f\n            if config.pool:\n             "
        "   net.append(MaxPool2d(2))\n                size = size // 2",
    ),
    ("no padding", "shapes-do-not-fit", BUILD, "padding=config.kernel_size // 2, ", ""),
    ("eval", "not-in-training-mode", STEP, "model.train()", "model.eval()"),
    (
        "step before backward",
        "update-before-backward",
        STEP,
        "    model.backward(loss.backward())\n    optimizer.step()",
        "    optimizer.step()\n    model.backward(loss.backward())",
    ),
    ("two steps", "updated-twice", STEP, "    optimizer.step()", "    optimizer.step()\n    optimizer.step()"),
    (
        "loss after the update",
        "loss-after-the-update",
        STEP,
        "return float(value)",
        "return float(loss.forward(model(x), labels))",
    ),
    ("backward of the scores", "", STEP, "model.backward(loss.backward())", "model.backward(loss.backward() * len(x))"),
    ("labels not shuffled", "labels-not-shuffled", TRAIN, "x[perm], labels[perm]", "x[perm], labels"),
    (
        "one permutation",
        "shuffled-once",
        TRAIN,
        "    for _ in range(epochs):\n        perm = rng.permutation(len(x))",
        "    perm = rng.permutation(len(x))\n    for _ in range(epochs):",
    ),
    (
        "last batch dropped",
        "last-batch-dropped",
        TRAIN,
        "range(0, len(x), batch_size)",
        "range(0, len(x) - batch_size + 1, batch_size)",
    ),
    (
        "stops only the epoch",
        "stops-only-the-epoch",
        TRAIN,
        "                return history\n",
        "                break\n",
    ),
)
