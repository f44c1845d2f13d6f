"""Wrong answers of lesson training, written without the altered oracles at hand, after the relations."""

STEP2 = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    out = model.forward(x)
    L = loss.forward(out, labels)
    g = loss.backward()
    model.backward(g)
    optimizer.step()
    return L
"""
TRAIN2 = """
def train_step(model, loss, optimizer, x, labels):
    model.train()
    out = model.forward(x)
    L = loss.forward(out, labels)
    g = loss.backward()
    model.backward(g)
    optimizer.step()
    return L

def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    losses = []
    n = len(labels)
    for epoch in range(epochs):
        order = rng.permutation(n)
        start = 0
        while start < n:
            pick = order[start:start + batch_size]
            losses.append(train_step(model, loss, optimizer, x[pick], labels[pick]))
            if on_step and on_step(len(losses) - 1, losses[-1]):
                return losses
            start += batch_size
    return losses
"""

WRONG = (
    ("two forwards", "uphill", STEP2, "g = loss.backward()", "g = -loss.backward()"),
    ("loss doubled", "loss-summed", STEP2, "return L", "return L * len(x)"),
    ("gradient of ones", "", STEP2, "model.backward(g)", "model.backward(np.ones_like(g))"),
    ("starts from batch", "", TRAIN2, "start = 0\n", "start = batch_size if epoch else 0\n"),
    ("repeats the first batch", "", TRAIN2, "pick = order[start:start + batch_size]", "pick = order[:batch_size]"),
)
