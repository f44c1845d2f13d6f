"""Wrong answers of the kinds that were added after those of ``late``, a few for each kind."""

from tests.checking.naming.outside import fresh_activations as a
from tests.checking.naming.outside import fresh_dropout, fresh_linear, fresh_normalization, fresh_pooling
from tests.checking.naming.outside import fresh_training as t
from tests.checking.naming.outside import unseen_activations as b
from tests.checking.naming.outside import unseen_normalization as n

SIZE = "(size - kernel_size) // stride + 1"
JACOBIAN = "np.diag(s[i]) - np.outer(s[i], s[i])"
TOLD = """            history.append(value)
            stop = on_step is not None and on_step(step, value)
            step += 1
            if stop:
                return history
"""

WRONG = (
    (
        "padding of half the kernel",
        "padding-added",
        fresh_pooling.SHORT,
        SIZE,
        "(size + 2 * (kernel_size // 2) - kernel_size) // stride + 1",
    ),
    (
        "the index in the window is divided by itself",
        "right-sums-in-wrong-places",
        fresh_pooling.CS231N,
        "a, b = np.unravel_index(window.argmax(), window.shape)",
        "a, b = np.unravel_index(x[n, c].argmax() % window.size, window.shape)",
    ),
    ("x above 1", "wrong-on-one-side", a.RELU, "np.where(x > 0, x, 0)", "np.where(x > 1, x, 0)"),
    ("alpha on the positive side", "sides-exchanged", a.LEAKY, "self.slope[x < 0]", "self.slope[x > 0]"),
    (
        "e to the minus x",
        "elu-exponent-sign",
        b.ELU2,
        "np.exp(np.where(x > 0, 0, x))",
        "np.exp(-np.where(x > 0, 0, x))",
    ),
    (
        "the slope times x",
        "elu-slope-times-input",
        b.ELU2,
        "self.a * self.e)",
        "self.a * self.e * self.x)",
    ),
    (
        "a small number in the sum of exponentials",
        "slices-scaled",
        fresh_linear.SOFTMAX,
        "np.sum(exps, axis=-1, keepdims=True)",
        "(np.sum(exps, axis=-1, keepdims=True) + 1e-3)",
    ),
    (
        "the diagonal twice",
        "another-formula",
        fresh_linear.SOFTMAX,
        JACOBIAN,
        JACOBIAN.replace("s[i])", "s[i] * (1 - s[i]))", 1),
    ),
    ("logarithm to the base 2", "another-formula", fresh_linear.LOSS, "m + np.log(", "m + np.log2("),
    (
        "the neurons that are off",
        "backward-mask-inverted",
        fresh_dropout.INVERTED,
        "        return grad_out * self.factor",
        "        return grad_out * (self.factor == 0)",
    ),
    (
        "only the mean moves at test",
        "updated-at-test",
        fresh_normalization.BATCH,
        "mu, var = self.running_mean, self.running_var",
        "mu, var = self.running_mean, self.running_var\n"
        "            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * flat.mean(axis=0)",
    ),
    (
        "gamma forgotten after a test pass",
        "wrong-after-eval",
        fresh_normalization.BATCH,
        "dx = d * g / self.std",
        "dx = d / self.std",
    ),
    ("another exception", "another-exception", n.GN2, "raise ValueError", "raise TypeError"),
    ("a fixed keep_prob", "keep-prob-fixed", t.BUILD, "Dropout(config.keep_prob, rng)", "Dropout(0.5, rng)"),
    ("the logits are returned", "another-kind-returned", t.STEP, "return value", "return logits"),
    (
        "the last loss comes too late",
        "last-loss-lost",
        t.TRAIN,
        TOLD,
        "            stop = on_step is not None and on_step(step, value)\n"
        "            step += 1\n            if stop:\n                return history\n            history.append(value)\n",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
