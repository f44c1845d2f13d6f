"""Wrong training loops and builders: lists that grow, functions within, recursion, names of other libraries."""

BUILD_LIST = """
def build_cnn(config, rng):
    net = []
    channels, size = config.in_channels, config.image_size
    k = config.kernel_size
    for f in config.filters:
        for _ in range(config.convs):
            net.append(Conv2d(channels, f, k, padding=k // 2, rng=rng))
            size = size + 2 * (k // 2) - k + 1
            channels = f
            if config.batch_norm:
                net.append(BatchNorm2d(f))
            net.append(ReLU())
        if config.pool:
            net.append(MaxPool2d(2))
            size = (size - 2) // 2 + 1
    net.append(Flatten())
    features = channels * size * size
    for h in config.hidden:
        net.append(Linear(features, h, rng=rng))
        net.append(ReLU())
        if config.keep_prob < 1:
            net.append(Dropout(config.keep_prob, rng=rng))
        features = h
    net.append(Linear(features, config.num_classes, rng=rng))
    return Sequential(*net)
"""

BUILD_GENERATOR = """
def build_cnn(config, rng):
    def body():
        nonlocal depth
        for width in config.filters:
            for _ in range(config.convs):
                yield Conv2d(depth, width, config.kernel_size, 1, config.kernel_size // 2, rng)
                depth = width
                if config.batch_norm:
                    yield BatchNorm2d(width)
                yield ReLU()
            if config.pool:
                yield MaxPool2d(2)

    depth = config.in_channels
    features = list(body())
    probe = np.zeros((1, config.in_channels, config.image_size, config.image_size))
    trial = Sequential(*features)
    trial.eval()
    sizes = [trial(probe).size, *config.hidden]
    trial.train()
    head = [Flatten()]
    for a, b in zip(sizes[:-1], sizes[1:]):
        head += [Linear(a, b, rng), ReLU()]
        if config.keep_prob < 1:
            head.append(Dropout(config.keep_prob, rng))
    head.append(Linear(sizes[-1], config.num_classes, rng))
    return Sequential(*features, *head)
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

STEP_RUSSIAN = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    ответы = model.forward(x)
    потери = loss.forward(ответы, labels)
    градиент = loss.backward()
    model.backward(градиент)
    optimizer.step()
    return потери
"""

STEP_BY_LAYERS = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    for layer in model.layers:
        x = layer.forward(x)
    before = loss.forward(x, labels)
    grad = loss.backward()
    for layer in reversed(model.layers):
        grad = layer.backward(grad)
    optimizer.step()
    return before
"""

TRAIN_RANGE = """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    history = []
    n = len(x)
    for epoch in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            idx = order[start : start + batch_size]
            value = train_step(model, loss, optimizer, x[idx], labels[idx])
            history.append(value)
            if on_step is not None and on_step(len(history) - 1, value):
                return history
    return history
"""

TRAIN_GENERATOR = """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    def batches():
        for _ in range(epochs):
            shuffled = rng.permutation(len(labels))
            while len(shuffled):
                yield shuffled[:batch_size]
                shuffled = shuffled[batch_size:]

    losses = []
    for step, batch in enumerate(batches()):
        losses.append(train_step(model, loss, optimizer, x[batch], labels[batch]))
        if on_step and on_step(step, losses[-1]):
            break
    return losses
"""

TRAIN_OWN_STEP = """
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    result, step = [], 0
    while epochs > 0:
        epochs -= 1
        order = rng.permutation(x.shape[0])
        count = -(-x.shape[0] // batch_size)
        for part in range(count):
            chosen = order[part * batch_size : (part + 1) * batch_size]
            model.train()
            value = loss.forward(model(x[chosen]), labels[chosen])
            model.backward(loss.backward())
            optimizer.step()
            result.append(float(value))
            stop = on_step(step, float(value)) if on_step else False
            step += 1
            if stop:
                return result
    return result
"""

WRONG = (
    (
        "relu left out after the convolution",
        "relu-missing",
        BUILD_LIST,
        "            net.append(ReLU())\n        if config.pool",
        "        if config.pool",
    ),
    (
        "relu before batch normalization",
        "relu-before-batchnorm",
        BUILD_LIST,
        "            if config.batch_norm:\n                net.append(BatchNorm2d(f))\n            net.append(ReLU())",
        "            net.append(ReLU())\n            if config.batch_norm:\n                net.append(BatchNorm2d(f))",
    ),
    (
        "batch normalization always",
        "batchnorm-always",
        BUILD_LIST,
        "            if config.batch_norm:\n                net.append(BatchNorm2d(f))",
        "            net.append(BatchNorm2d(f))",
    ),
    (
        "pool after each convolution",
        "pool-after-every-convolution",
        BUILD_LIST,
        "        if config.pool:\n            net.append(MaxPool2d(2))\n            size = (size - 2) // 2 + 1",
        "            if config.pool:\n                net.append(MaxPool2d(2))\n                size = (size - 2) // 2 + 1",
    ),
    ("pool setting ignored", "pool-always", BUILD_LIST, "if config.pool:", "if True:"),
    (
        "no padding",
        "padding-missing",
        BUILD_LIST,
        "k, padding=k // 2, rng",
        "k, rng",
        "size + 2 * (k // 2) - k + 1",
        "size - k + 1",
    ),
    ("flatten left out", "flatten-missing", BUILD_LIST, "    net.append(Flatten())\n", ""),
    (
        "relu after the last layer",
        "relu-after-the-last-layer",
        BUILD_LIST,
        "    return Sequential(*net)",
        "    net.append(ReLU())\n    return Sequential(*net)",
    ),
    (
        "softmax at the end",
        "softmax-in-the-network",
        BUILD_LIST,
        "    return Sequential(*net)",
        "    net.append(Softmax())\n    return Sequential(*net)",
    ),
    (
        "dropout before the ReLU",
        "dropout-before-relu",
        BUILD_LIST,
        "        net.append(ReLU())\n        if config.keep_prob < 1:\n            net.append(Dropout(config.keep_prob, rng=rng))",
        "        if config.keep_prob < 1:\n            net.append(Dropout(config.keep_prob, rng=rng))\n        net.append(ReLU())",
    ),
    (
        "dropout gets the probability to drop",
        "keep-prob-turned-round",
        BUILD_LIST,
        "Dropout(config.keep_prob, rng=rng)",
        "Dropout(1 - config.keep_prob, rng=rng)",
    ),
    ("a list comes back", "no-sequential", BUILD_LIST, "return Sequential(*net)", "return net"),
    (
        "hidden layers left out",
        "hidden-layers-missing",
        BUILD_LIST,
        "for h in config.hidden:",
        "for h in config.hidden[:0]:",
    ),
    (
        "only one convolution a block",
        "convolutions-not-repeated",
        BUILD_LIST,
        "for _ in range(config.convs):",
        "for _ in range(1):",
    ),
    (
        "second convolution takes the block's input channels",
        "sizes-do-not-fit",
        BUILD_LIST,
        "            channels = f\n            if",
        "            if",
        "        if config.pool:\n",
        "        channels = f\n        if config.pool:\n",
    ),
    (
        "rng not handed on",
        "rng-ignored",
        BUILD_LIST,
        "net.append(Linear(features, h, rng=rng))",
        "net.append(Linear(features, h))",
    ),
    ("kernel of 3 always", "sizes-do-not-fit", BUILD_LIST, "k = config.kernel_size", "k = 3"),
    (
        "last layer has one output too many",
        "sizes-do-not-fit",
        BUILD_LIST,
        "config.num_classes, rng=rng",
        "config.num_classes + 1, rng=rng",
    ),
    (
        "dropout after each convolution",
        "dropout-after-convolutions",
        BUILD_LIST,
        "            net.append(ReLU())\n        if config.pool",
        "            net.append(ReLU())\n            if config.keep_prob < 1:\n                net.append(Dropout(config.keep_prob, rng=rng))\n        if config.pool",
    ),
    (
        "relu after each hidden layer left out",
        "hidden-relu-missing",
        BUILD_GENERATOR,
        "head += [Linear(a, b, rng), ReLU()]",
        "head += [Linear(a, b, rng)]",
    ),
    (
        "dropout once at the end",
        "layers-too-many",
        BUILD_GENERATOR,
        "        if config.keep_prob < 1:\n            head",
        "    if config.keep_prob < 1:\n            head",
    ),
    (
        "one batch normalization shared",
        "layer-twice",
        BUILD_GENERATOR,
        "    depth = config.in_channels\n",
        "    depth = config.in_channels\n    shared = {}\n",
        "yield BatchNorm2d(width)",
        "yield shared.setdefault(width, BatchNorm2d(width))",
    ),
    ("the probe runs in training mode", "wrong-after-eval", BUILD_GENERATOR, "    trial.eval()\n", ""),
    (
        "a block's filters reversed",
        "sizes-do-not-fit",
        BUILD_GENERATOR,
        "for width in config.filters:",
        "for width in config.filters[::-1]:",
    ),
    ("eval during training", "not-in-training-mode", STEP, "    model.train()\n", "    model.eval()\n"),
    ("mode not set", "not-in-training-mode", STEP, "    model.train()\n", ""),
    (
        "no backward of the model",
        "update-before-backward",
        STEP,
        "    model.backward(loss.backward())\n",
        "    loss.backward()\n",
    ),
    ("no step", "no-update", STEP, "    optimizer.step()\n", ""),
    (
        "step before backward",
        "update-before-backward",
        STEP,
        "    model.backward(loss.backward())\n    optimizer.step()\n",
        "    optimizer.step()\n    model.backward(loss.backward())\n",
    ),
    (
        "loss after the update",
        "loss-after-the-update",
        STEP,
        "return float(value)",
        "return float(loss.forward(model(x), labels))",
    ),
    ("two steps", "updated-twice", STEP, "    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n"),
    ("loss times batch", "loss-summed", STEP, "return float(value)", "return float(value) * len(x)"),
    ("nothing returned", "loss-not-returned", STEP, "    return float(value)\n", ""),
    (
        "gradients cleared before the step",
        "update-before-backward",
        STEP,
        "    optimizer.step()\n",
        "    for layer in model.layers:\n        layer.grads.clear()\n    optimizer.step()\n",
    ),
    (
        "the gradient has the wrong sign",
        "uphill",
        STEP_RUSSIAN,
        "model.backward(градиент)",
        "model.backward(-градиент)",
    ),
    (
        "softmax before the loss",
        "softmax-before-the-loss",
        STEP_RUSSIAN,
        "loss.forward(ответы, labels)",
        "loss.forward(Softmax().forward(ответы), labels)",
    ),
    (
        "batch mean once more",
        "averaged-twice",
        STEP_RUSSIAN,
        "model.backward(градиент)",
        "model.backward(градиент / len(x))",
    ),
    ("backward gets the loss", "number-as-array", STEP_RUSSIAN, "model.backward(градиент)", "model.backward(потери)"),
    (
        "a second forward before backward",
        "forward-twice",
        STEP_RUSSIAN,
        "    градиент = loss.backward()\n",
        "    model.forward(x)\n    градиент = loss.backward()\n",
    ),
    ("argmax of the labels", "", STEP_RUSSIAN, "loss.forward(ответы, labels)", "loss.forward(ответы, labels * 0)"),
    ("layers in forward order", "reshape-does-not-fit", STEP_BY_LAYERS, "reversed(model.layers)", "model.layers"),
    (
        "the same gradient for all",
        "reshape-does-not-fit",
        STEP_BY_LAYERS,
        "grad = layer.backward(grad)",
        "layer.backward(grad)",
    ),
    (
        "first layer without backward",
        "update-before-backward",
        STEP_BY_LAYERS,
        "reversed(model.layers)",
        "reversed(model.layers[1:])",
    ),
    (
        "input normalized by the way",
        "images-rescaled",
        STEP_BY_LAYERS,
        "    model.train()\n",
        "    model.train()\n    x = (x - x.mean()) / x.std()\n",
    ),
    ("not shuffled", "not-shuffled", TRAIN_RANGE, "order = rng.permutation(n)", "order = np.arange(n)"),
    (
        "shuffled once",
        "shuffled-once",
        TRAIN_RANGE,
        "    for epoch in range(epochs):\n        order = rng.permutation(n)\n",
        "    order = rng.permutation(n)\n    for epoch in range(epochs):\n",
    ),
    (
        "labels in the old order",
        "labels-not-shuffled",
        TRAIN_RANGE,
        "labels[idx])",
        "labels[start : start + batch_size])",
    ),
    (
        "short batch dropped",
        "last-batch-dropped",
        TRAIN_RANGE,
        "range(0, n, batch_size)",
        "range(0, n - batch_size + 1, batch_size)",
    ),
    (
        "one loss an epoch",
        "one-loss-an-epoch",
        TRAIN_RANGE,
        "            history.append(value)\n            if on_step is not None and on_step(len(history) - 1, value):\n                return history\n",
        "        history.append(value)\n",
    ),
    (
        "the answer of on_step is ignored",
        "never-stops",
        TRAIN_RANGE,
        "            if on_step is not None and on_step(len(history) - 1, value):\n                return history\n",
        "            if on_step is not None:\n                on_step(len(history) - 1, value)\n",
    ),
    (
        "stops the epoch only",
        "stops-only-the-epoch",
        TRAIN_RANGE,
        "                return history\n",
        "                break\n",
    ),
    (
        "returns after the first epoch",
        "one-epoch",
        TRAIN_RANGE,
        "                return history\n    return history\n",
        "                return history\n        return history\n",
    ),
    ("one epoch too few", "epochs-miscounted", TRAIN_RANGE, "range(epochs)", "range(1, epochs)"),
    ("the global generator", "rng-ignored", TRAIN_RANGE, "rng.permutation(n)", "np.random.permutation(n)"),
    ("choice with replacement", "drawn-with-replacement", TRAIN_RANGE, "rng.permutation(n)", "rng.integers(0, n, n)"),
    (
        "the first batch again and again",
        "batches-cut-wrongly",
        TRAIN_RANGE,
        "idx = order[start : start + batch_size]",
        "idx = order[:batch_size]",
    ),
    (
        "shuffles x and labels apart",
        "",
        TRAIN_RANGE,
        "x[idx], labels[idx]",
        "x[idx], labels[rng.permutation(n)[start : start + batch_size]]",
    ),
    (
        "step number within the epoch",
        "steps-start-anew",
        TRAIN_GENERATOR,
        "on_step(step, losses[-1])",
        "on_step(step % max(len(labels) // batch_size, 1), losses[-1])",
    ),
    (
        "mean of the losses so far",
        "only-the-losses-wrong",
        TRAIN_GENERATOR,
        "    return losses",
        "    return [float(np.mean(losses[: i + 1])) for i in range(len(losses))]",
    ),
    (
        "batches overlap",
        "batches-cut-wrongly",
        TRAIN_GENERATOR,
        "shuffled = shuffled[batch_size:]",
        "shuffled = shuffled[max(batch_size - 1, 1):]",
    ),
    (
        "stops before the loss is kept",
        "last-loss-lost",
        TRAIN_GENERATOR,
        "            break\n",
        "            losses.pop()\n            break\n",
    ),
    ("on_step gets the list", "axis-left", TRAIN_GENERATOR, "on_step(step, losses[-1])", "on_step(step, losses)"),
    (
        "eval after the first epoch",
        "",
        TRAIN_OWN_STEP,
        "            model.train()\n",
        "            model.train() if step == 0 else model.eval()\n",
    ),
    (
        "count rounds down",
        "last-batch-dropped",
        TRAIN_OWN_STEP,
        "-(-x.shape[0] // batch_size)",
        "x.shape[0] // batch_size",
    ),
    (
        "slices by one",
        "batches-cut-wrongly",
        TRAIN_OWN_STEP,
        "order[part * batch_size : (part + 1) * batch_size]",
        "order[part : part + batch_size]",
    ),
    (
        "update once an epoch",
        "",
        TRAIN_OWN_STEP,
        "            optimizer.step()\n",
        "            if part == count - 1:\n                optimizer.step()\n",
    ),
    (
        "labels shuffled only",
        "images-not-shuffled",
        TRAIN_OWN_STEP,
        "model(x[chosen])",
        "model(x[part * batch_size : (part + 1) * batch_size])",
    ),
    ("step not counted", "steps-start-anew", TRAIN_OWN_STEP, "            step += 1\n", ""),
    ("the gradients are given to step", "arguments-differ", STEP, "optimizer.step()", "optimizer.step(model.grads)"),
)
