"""Wrong builders, steps and loops of training, as people write them who come from PyTorch or Keras."""

BUILD = """
def build_cnn(config, rng):
    layers = []
    c_in, size = config.in_channels, config.image_size
    for f in config.filters:
        for i in range(config.convs):
            layers.append(Conv2d(c_in, f, config.kernel_size, padding=config.kernel_size // 2, rng=rng))
            if config.batch_norm:
                layers.append(BatchNorm2d(f))
            layers.append(ReLU())
            c_in = f
            size = size + 2 * (config.kernel_size // 2) - config.kernel_size + 1
        if config.pool:
            layers.append(MaxPool2d(2))
            size = size // 2
    layers.append(Flatten())
    features = c_in * size * size
    for h in config.hidden:
        layers.append(Linear(features, h, rng=rng))
        layers.append(ReLU())
        if config.keep_prob < 1:
            layers.append(Dropout(config.keep_prob, rng=rng))
        features = h
    layers.append(Linear(features, config.num_classes, rng=rng))
    return Sequential(*layers)
"""

STEP = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    out = model.forward(x)
    value = loss.forward(out, labels)
    grad = loss.backward()
    model.backward(grad)
    optimizer.step()
    return float(value)
"""

TRAIN = """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history = []
    n = x.shape[0]
    step = 0
    for epoch in range(epochs):
        perm = rng.permutation(n)
        for start in range(0, n, batch_size):
            idx = perm[start : start + batch_size]
            xb, yb = x[idx], labels[idx]
            model.train()
            value = loss.forward(model.forward(xb), yb)
            model.backward(loss.backward())
            optimizer.step()
            history.append(float(value))
            if on_step is not None and on_step(step, float(value)):
                return history
            step += 1
    return history
"""

WRONG = (
    (
        "no activation in the head",
        "hidden-relu-missing",
        BUILD,
        "        layers.append(ReLU())\n        if config.keep",
        "        if config.keep",
    ),
    (
        "normalization after ReLU",
        "relu-before-batchnorm",
        BUILD,
        (
            "            if config.batch_norm:\n"
            "                layers.append(BatchNorm2d(f))\n"
            "            layers.append(ReLU())\n"
        ),
        (
            "            layers.append(ReLU())\n"
            "            if config.batch_norm:\n"
            "                layers.append(BatchNorm2d(f))\n"
        ),
    ),
    (
        "size not halved",
        "first-linear-size",
        BUILD,
        "            size = size // 2\n",
        "",
    ),
    (
        "flatten forgotten",
        "flatten-missing",
        BUILD,
        "    layers.append(Flatten())\n",
        "",
    ),
    (
        "pool after each convolution",
        "pool-after-every-convolution",
        BUILD,
        ("        if config.pool:\n            layers.append(MaxPool2d(2))\n            size = size // 2\n"),
        (
            "            if config.pool:\n"
            "                layers.append(MaxPool2d(2))\n"
            "                size = size // 2\n"
        ),
    ),
    (
        "dropout by 1 - p",
        "keep-prob-turned-round",
        BUILD,
        "Dropout(config.keep_prob,",
        "Dropout(1 - config.keep_prob,",
    ),
    (
        "list instead of arguments",
        "list-without-star",
        BUILD,
        "Sequential(*layers)",
        "Sequential(layers)",
    ),
    (
        "rng not passed",
        "rng-ignored",
        BUILD,
        "Linear(features, config.num_classes, rng=rng)",
        "Linear(features, config.num_classes)",
    ),
    (
        "return forgotten",
        "no-sequential",
        BUILD,
        "    return Sequential(*layers)\n",
        "    Sequential(*layers)\n",
    ),
    (
        "zero_grad invented",
        "zero-grad-invented",
        STEP,
        "    model.backward(grad)\n",
        "    optimizer.zero_grad()\n    model.backward(grad)\n",
    ),
    (
        "step twice",
        "updated-twice",
        STEP,
        "    optimizer.step()\n",
        "    optimizer.step()\n    optimizer.step()\n",
    ),
    (
        "step forgotten",
        "no-update",
        STEP,
        "    optimizer.step()\n",
        "",
    ),
    (
        "step before backward",
        "update-before-backward",
        STEP,
        "    model.backward(grad)\n    optimizer.step()\n",
        "    optimizer.step()\n    model.backward(grad)\n",
    ),
    (
        "softmax before the loss",
        "softmax-before-the-loss",
        STEP,
        "    out = model.forward(x)\n",
        "    out = Softmax().forward(model.forward(x))\n",
    ),
    (
        "loss after the update",
        "loss-after-the-update",
        STEP,
        "    return float(value)",
        "    return float(loss.forward(model.forward(x), labels))",
    ),
    (
        "train mode forgotten",
        "not-in-training-mode",
        STEP,
        "    model.train()\n",
        "",
    ),
    (
        "loss's gradient from logits",
        "",
        STEP,
        "model.backward(grad)",
        "model.backward(out)",
    ),
    (
        "labels not shuffled",
        "labels-not-shuffled",
        TRAIN,
        "x[idx], labels[idx]",
        "x[idx], labels[start : start + batch_size]",
    ),
    (
        "not shuffled",
        "not-shuffled",
        TRAIN,
        "perm = rng.permutation(n)",
        "perm = np.arange(n)",
    ),
    (
        "shuffled once",
        "shuffled-once",
        TRAIN,
        "    for epoch in range(epochs):\n        perm = rng.permutation(n)\n",
        "    perm = rng.permutation(n)\n    for epoch in range(epochs):\n",
    ),
    (
        "short batch dropped",
        "last-batch-dropped",
        TRAIN,
        "range(0, n, batch_size)",
        "range(0, n - batch_size + 1, batch_size)",
    ),
    (
        "one loss an epoch",
        "one-loss-an-epoch",
        TRAIN,
        "            history.append(float(value))\n",
        "",
        "            step += 1\n",
        "            step += 1\n        history.append(float(value))\n",
    ),
    (
        "answer ignored",
        "never-stops",
        TRAIN,
        "if on_step is not None and on_step(step, float(value)):\n                return history",
        "if on_step is not None:\n                on_step(step, float(value))",
    ),
    (
        "step starts anew",
        "steps-start-anew",
        TRAIN,
        "perm = rng.permutation(n)",
        "perm, step = rng.permutation(n), 0",
    ),
    (
        "one epoch",
        "one-epoch",
        TRAIN,
        "            step += 1\n    return history",
        "            step += 1\n        return history",
    ),
    (
        "evaluation mode",
        "not-in-training-mode",
        TRAIN,
        "model.train()",
        "model.eval()",
    ),
    (
        "empty history",
        "losses-not-kept",
        TRAIN,
        "            history.append(float(value))\n",
        "",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
