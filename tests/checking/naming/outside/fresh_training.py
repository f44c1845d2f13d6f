"""Wrong answers of lesson training, written last, without the altered oracles at hand."""

BUILD = """
def build_cnn(config, rng):
    layers = []
    channels = config.in_channels
    side = config.image_size
    pad = config.kernel_size // 2
    for maps in config.filters:
        for _ in range(config.convs):
            layers += [Conv2d(channels, maps, config.kernel_size, stride=1, padding=pad, rng=rng)]
            if config.batch_norm:
                layers += [BatchNorm2d(maps)]
            layers += [ReLU()]
            side = side + 2 * pad - config.kernel_size + 1
            channels = maps
        if config.pool:
            layers += [MaxPool2d(2)]
            side //= 2
    layers += [Flatten()]
    width = channels * side**2
    for units in config.hidden:
        layers += [Linear(width, units, rng), ReLU()]
        if config.keep_prob < 1:
            layers += [Dropout(config.keep_prob, rng)]
        width = units
    layers += [Linear(width, config.num_classes, rng)]
    return Sequential(*layers)
"""
STEP = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    logits = model(x)
    value = loss.forward(logits, labels)
    model.backward(loss.backward())
    optimizer.step()
    return value
"""
TRAIN = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    logits = model(x)
    value = loss.forward(logits, labels)
    model.backward(loss.backward())
    optimizer.step()
    return value


def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history = []
    step = 0
    batches = -(-len(x) // batch_size)
    for epoch in range(epochs):
        perm = rng.permutation(len(x))
        for b in range(batches):
            rows = perm[b * batch_size : (b + 1) * batch_size]
            value = train_step(model, loss, optimizer, x[rows], labels[rows])
            history.append(value)
            stop = on_step is not None and on_step(step, value)
            step += 1
            if stop:
                return history
    return history
"""

WRONG = (
    (
        "norm after ReLU",
        "relu-before-batchnorm",
        BUILD,
        "            if config.batch_norm:\n                layers += [BatchNorm2d(maps)]\n            layers += [ReLU()]\n",
        "            layers += [ReLU()]\n            if config.batch_norm:\n                layers += [BatchNorm2d(maps)]\n",
    ),
    (
        "no padding",
        "padding-missing",
        BUILD,
        "padding=pad, rng",
        "padding=0, rng",
        "side = side + 2 * pad -",
        "side = side -",
    ),
    ("padding 1", "padding-fixed", BUILD, "pad = config.kernel_size // 2", "pad = 1"),
    (
        "pool after each convolution",
        "pool-after-every-convolution",
        BUILD,
        "        if config.pool:\n            layers += [MaxPool2d(2)]\n            side //= 2\n",
        "            if config.pool:\n                layers += [MaxPool2d(2)]\n                side //= 2\n",
    ),
    (
        "ReLU after the last",
        "relu-after-the-last-layer",
        BUILD,
        "layers += [Linear(width, config.num_classes, rng)]",
        "layers += [Linear(width, config.num_classes, rng), ReLU()]",
    ),
    (
        "softmax at the end",
        "softmax-in-the-network",
        BUILD,
        "layers += [Linear(width, config.num_classes, rng)]",
        "layers += [Linear(width, config.num_classes, rng), Softmax()]",
    ),
    (
        "channels not updated",
        "sizes-do-not-fit",
        BUILD,
        "            channels = maps\n",
        "",
        "        if config.pool",
        "        channels = maps\n        if config.pool",
    ),
    ("no hidden layers", "one-hidden-layer", BUILD, "for units in config.hidden:", "for units in config.hidden[:1]:"),
    (
        "dropout before ReLU",
        "dropout-before-relu",
        BUILD,
        "layers += [Linear(width, units, rng), ReLU()]\n        if config.keep_prob < 1:\n            layers += [Dropout(config.keep_prob, rng)]",
        "layers += [Linear(width, units, rng)]\n        if config.keep_prob < 1:\n            layers += [Dropout(config.keep_prob, rng)]\n        layers += [ReLU()]",
    ),
    (
        "1 - keep_prob",
        "keep-prob-turned-round",
        BUILD,
        "Dropout(config.keep_prob, rng)",
        "Dropout(1 - config.keep_prob, rng)",
    ),
    ("rng forgotten in the convolution", "rng-ignored", BUILD, "padding=pad, rng=rng", "padding=pad"),
    ("flatten twice", "sizes-do-not-fit", BUILD, "width = channels * side**2", "width = channels * side * 2"),
    (
        "relu missing in hidden",
        "hidden-relu-missing",
        BUILD,
        "Linear(width, units, rng), ReLU()]",
        "Linear(width, units, rng)]",
    ),
    ("one block", "convolutions-not-repeated", BUILD, "for _ in range(config.convs):", "for _ in range(1):"),
    ("eval for train", "not-in-training-mode", STEP, "model.train()", "model.eval()"),
    ("no train", "not-in-training-mode", STEP, "    model.train()\n", ""),
    (
        "step before backward",
        "update-before-backward",
        STEP,
        "    model.backward(loss.backward())\n    optimizer.step()\n",
        "    optimizer.step()\n    model.backward(loss.backward())\n",
    ),
    ("returns the loss after", "loss-after-the-update", STEP, "return value", "return loss.forward(model(x), labels)"),
    ("no step", "no-update", STEP, "    optimizer.step()\n", ""),
    ("two steps", "updated-twice", STEP, "    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n"),
    ("nothing returned", "loss-not-returned", STEP, "    return value\n", ""),
    (
        "backward of the value",
        "step-scaled",
        STEP,
        "model.backward(loss.backward())",
        "model.backward(value * loss.backward())",
    ),
    (
        "learning rate by hand too",
        "updated-twice",
        STEP,
        "    optimizer.step()\n",
        "    optimizer.step()\n    for k in model.params:\n        model.params[k] -= optimizer.lr * model.grads[k]\n",
    ),
    ("argmax first", "", STEP, "logits = model(x)", "logits = model(x / 255)"),
    ("last batch dropped", "last-batch-dropped", TRAIN, "-(-len(x) // batch_size)", "len(x) // batch_size"),
    (
        "one shuffle",
        "shuffled-once",
        TRAIN,
        "    for epoch in range(epochs):\n        perm = rng.permutation(len(x))\n",
        "    perm = rng.permutation(len(x))\n    for epoch in range(epochs):\n",
    ),
    (
        "labels not shuffled",
        "labels-not-shuffled",
        TRAIN,
        "labels[rows]",
        "labels[b * batch_size : (b + 1) * batch_size]",
    ),
    ("no shuffle", "not-shuffled", TRAIN, "perm = rng.permutation(len(x))", "perm = np.arange(len(x))"),
    ("an epoch more", "epochs-miscounted", TRAIN, "range(epochs)", "range(epochs + 1)"),
    (
        "loss an epoch",
        "losses-not-kept",
        TRAIN,
        "            history.append(value)\n",
        "",
        "    return history\n",
        "        history.append(value)\n    return history\n",
    ),
    (
        "on_step every epoch",
        "on-step-not-called",
        TRAIN,
        "            stop = on_step is not None and on_step(step, value)\n            step += 1\n            if stop:\n                return history\n",
        "        if on_step is not None and on_step(epoch, value):\n            return history\n",
    ),
    ("on_step without step", "steps-start-anew", TRAIN, "            step += 1\n", ""),
    ("stop ignored", "never-stops", TRAIN, "            if stop:\n                return history\n", ""),
    (
        "stops the epoch only",
        "stops-only-the-epoch",
        TRAIN,
        "            if stop:\n                return history\n",
        "            if stop:\n                break\n",
    ),
    ("numpy's permutation", "rng-ignored", TRAIN, "rng.permutation(len(x))", "np.random.permutation(len(x))"),
    (
        "running mean of losses",
        "only-the-losses-wrong",
        TRAIN,
        "history.append(value)",
        "history.append(value if not history else 0.9 * history[-1] + 0.1 * value)",
    ),
    (
        "sorted rows",
        "batches-cut-wrongly",
        TRAIN,
        "rows = perm[b * batch_size : (b + 1) * batch_size]",
        "rows = perm[b : b + batch_size]",
    ),
    (
        "batch_size ignored",
        "batches-cut-wrongly",
        TRAIN,
        "rows = perm[b * batch_size : (b + 1) * batch_size]",
        "rows = perm[b::batches]",
    ),
    (
        "mean of the losses",
        "only-the-losses-wrong",
        TRAIN,
        "                return history\n    return history\n",
        "                return history\n    return [float(np.mean(history))] * len(history)\n",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
