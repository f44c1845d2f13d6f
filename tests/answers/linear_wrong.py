"""Wrong answers to lesson 03, as students write them: each has one mistake, and the name of its misconception.

Softmax and its loss are in ``linear_softmax_wrong.py``.
"""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import ARRAYS, GENERAL, STEPS, SharedCache, StaleCache, WorkedOutInBackward, mixed

STALE = ("stale-cache", StaleCache), ("stale-cache", WorkedOutInBackward)

# ---- Flatten ------------------------------------------------------------------------------------------------------


class Flat(Layer):
    """The right layer."""

    def forward(self, x):
        self.cache = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad_out):
        return grad_out.reshape(self.cache)


class SamplesInColumns(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.reshape(-1, x.shape[0])


class SamplesScattered(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.reshape(-1, x.shape[0]).T


class WholeBatch(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.flatten()


class OneRow(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.reshape(1, -1)


class MapsApart(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.reshape(x.shape[0], x.shape[1], -1)


class ChannelsLast(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.transpose(0, 2, 3, 1).reshape(len(x), -1)


class ChannelsLastBack(Flat):
    def backward(self, grad_out):
        N, C, H, W = self.cache
        return grad_out.reshape(N, H, W, C).transpose(0, 3, 1, 2)


class ColumnMajor(Flat):
    def forward(self, x):
        self.cache = x.shape
        return np.stack([sample.flatten(order="F") for sample in x])


class FlatTransposed(Flat):
    def forward(self, x):
        self.cache = x.shape
        return x.reshape(len(x), -1).T


class StaysFlat(Flat):
    def backward(self, grad_out):
        return grad_out


class SidesSwapped(Flat):
    def backward(self, grad_out):
        N, C, H, W = self.cache
        return grad_out.reshape(N, C, W, H)


class ShapeChangedInPlace(Flat):
    def forward(self, x):
        self.cache = x.shape
        x.resize((len(x), x[0].size), refcheck=False)
        return x


FLATTEN = (
    ("samples-mixed", SamplesInColumns),
    ("samples-mixed", SamplesScattered),
    ("batch-flattened", WholeBatch),
    ("batch-flattened", OneRow),
    ("maps-kept-apart", MapsApart),
    ("channels-last", ChannelsLast),
    ("channels-last", ChannelsLastBack),
    ("column-major", ColumnMajor),
    ("flattened-transposed", FlatTransposed),
    ("gradient-stays-flat", StaysFlat),
    ("gradient-axes-swapped", SidesSwapped),
    ("input-changed", ShapeChangedInPlace),
    *mixed(Flat, *ARRAYS, *STALE, ("shared-between-instances", SharedCache)),
)


# ---- Linear -------------------------------------------------------------------------------------------------------


class Full(Layer):
    """The right layer, with each decision in a separate method."""

    def __init__(self, in_features, out_features, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, (2 / in_features) ** 0.5, (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def product(self, x, W, b):
        return x @ W.T + b

    def forward(self, x):
        self.cache = x
        return self.product(x, self.params["weight"], self.params["bias"]).astype(x.dtype)

    def weight_gradient(self, g):
        return g.T @ self.cache

    def bias_gradient(self, g):
        return g.sum(axis=0)

    def input_gradient(self, g):
        return g @ self.params["weight"]

    def backward(self, grad_out):
        self.grads["weight"] = self.weight_gradient(grad_out)
        self.grads["bias"] = self.bias_gradient(grad_out)
        return self.input_gradient(grad_out).astype(self.cache.dtype)


class NotTransposed(Full):
    def product(self, x, W, b):
        return x @ W + b

    def weight_gradient(self, g):
        return self.cache.T @ g

    def input_gradient(self, g):
        return g @ self.params["weight"].T


class StoredInOut(NotTransposed):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__(in_features, out_features, rng)
        self.params["weight"] = self.params["weight"].T.copy()


class NoBias(Full):
    def product(self, x, W, b):
        return x @ W.T

    def bias_gradient(self, g):
        return np.zeros_like(self.params["bias"])


class BiasFirst(Full):
    def product(self, x, W, b):
        return (x + b) @ W.T


class BiasSubtracted(Full):
    def product(self, x, W, b):
        return x @ W.T - b


class BiasAlongBatch(Full):
    def product(self, x, W, b):
        return x @ W.T + b.reshape(-1, 1)


class OutputTransposed(Full):
    def product(self, x, W, b):
        return W @ x.T + b[:, None]


class BiasRow(Full):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__(in_features, out_features, rng)
        self.params["bias"] = np.zeros((1, out_features))


class BiasNotSummed(Full):
    def bias_gradient(self, g):
        return g


class BiasMean(Full):
    def bias_gradient(self, g):
        return g.mean(axis=0)


class WeightMean(Full):
    def weight_gradient(self, g):
        return g.T @ self.cache / len(g)


class BothMean(BiasMean, WeightMean):
    pass


class AllMean(BothMean):
    def input_gradient(self, g):
        return super().input_gradient(g) / g.shape[0]


class BiasOverFeatures(Full):
    def bias_gradient(self, g):
        return np.sum(g, axis=1)


class BiasOneNumber(Full):
    def bias_gradient(self, g):
        return np.sum(g)


class BiasKeepsAxis(Full):
    def bias_gradient(self, g):
        return g.sum(axis=0, keepdims=True)


class WeightTransposed(Full):
    def weight_gradient(self, g):
        return self.cache.T @ g


class InputNotTransposed(Full):
    def input_gradient(self, g):
        return g @ self.params["weight"].T


class Sums(Full):
    def backward(self, grad_out):
        before = dict(self.grads)
        dx = super().backward(grad_out)
        for name, gradient in before.items():
            self.grads[name] = self.grads[name] + gradient
        return dx


class WeightSums(Full):
    def weight_gradient(self, g):
        return super().weight_gradient(g) + self.grads.get("weight", 0)


class BiasSums(Full):
    def bias_gradient(self, g):
        return super().bias_gradient(g) + self.grads.get("bias", 0)


class Zeros(Full):
    def __init__(self, in_features, out_features, rng=None):
        self.params["weight"] = np.zeros((out_features, in_features))
        self.params["bias"] = np.zeros(out_features)


class OwnSeed(Full):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__(in_features, out_features, np.random.default_rng(42))


class GlobalRandom(Full):
    def __init__(self, in_features, out_features, rng=None):
        self.params["weight"] = np.random.randn(out_features, in_features)
        self.params["bias"] = np.zeros(out_features)


class WeightsCopied(Full):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__(in_features, out_features, rng)
        self.W, self.b = self.params["weight"].copy(), self.params["bias"].copy()

    def product(self, x, W, b):
        return x @ self.W.T + self.b


class WeightsReplaced(Full):
    """Forward replaces the arrays that an optimiser holds by others."""

    def forward(self, x):
        self.params["weight"] = self.params["weight"].astype(x.dtype)
        self.params["bias"] = self.params["bias"].astype(x.dtype)
        return super().forward(x)


class GradsForAll(Full):
    """A default argument is the same dict for all layers."""

    def __init__(self, in_features, out_features, rng=None, grads={}):  # noqa: B006 - the mistake
        super().__init__(in_features, out_features, rng)
        self.grads = grads


class GradientBuffers(Full):
    """The gradients' arrays are made once for each shape, and stored on the class."""

    buffers = {}  # noqa: RUF012 - the mistake

    def backward(self, grad_out):
        dx = super().backward(grad_out)
        for name, gradient in self.grads.items():
            self.grads[name] = self.buffers.setdefault(gradient.shape, np.zeros(gradient.shape))
            self.grads[name][...] = gradient
        return dx


class Squeezed(Full):
    def forward(self, x):
        return super().forward(x).squeeze()


class GradsUnderOtherNames(Full):
    def backward(self, grad_out):
        self.dW, self.db = self.weight_gradient(grad_out), self.bias_gradient(grad_out)
        return self.input_gradient(grad_out).astype(self.cache.dtype)


class BiasGradientForgotten(Full):
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        del self.grads["bias"]
        return dx


class NotCast(Full):
    def forward(self, x):
        self.cache = x
        return x @ self.params["weight"].T + self.params["bias"]


LINEAR = (
    ("weight-not-transposed", NotTransposed),
    ("weight-shape", StoredInOut),
    ("bias-forgotten", NoBias),
    ("bias-before-product", BiasFirst),
    ("bias-subtracted", BiasSubtracted),
    ("bias-along-batch", BiasAlongBatch),
    ("output-transposed", OutputTransposed),
    ("bias-shape", BiasRow),
    ("bias-not-summed", BiasNotSummed),
    ("bias-summed-over-features", BiasOverFeatures),
    ("bias-summed-to-one", BiasOneNumber),
    ("bias-keeps-an-axis", BiasKeepsAxis),
    ("averaged-over-batch", BiasMean),
    ("averaged-over-batch", WeightMean),
    ("averaged-over-batch", BothMean),
    ("averaged-over-batch", AllMean),
    ("weight-gradient-transposed", WeightTransposed),
    ("input-gradient-not-transposed", InputNotTransposed),
    ("gradient-accumulated", Sums),
    ("gradient-accumulated", WeightSums),
    ("gradient-accumulated", BiasSums),
    ("weights-constant", Zeros),
    ("rng-ignored", OwnSeed),
    ("rng-ignored", GlobalRandom),
    ("weights-copied", WeightsCopied),
    ("weights-copied", WeightsReplaced),
    ("shared-between-instances", GradsForAll),
    ("shared-between-instances", GradientBuffers),
    ("squeezed", Squeezed),
    ("dtype-drift", NotCast),
    ("grads-not-filled", GradsUnderOtherNames),
    ("grads-not-filled", BiasGradientForgotten),
    *mixed(Full, *STALE, *STEPS, *GENERAL),
)


# ---- GlobalAvgPool2d ----------------------------------------------------------------------------------------------


class Mean(Layer):
    """The right layer."""

    def forward(self, x):
        self.cache = x
        return x.mean((2, 3))

    def share(self, grad_out):
        _, _, H, W = self.cache.shape
        return (grad_out / (H * W))[:, :, None, None]

    def backward(self, grad_out):
        return np.ones(self.cache.shape, self.cache.dtype) * self.share(grad_out)


def mean_as(name, formula):
    """Return the layer with a mistake in the forward pass."""
    return type(name, (Mean,), {"forward": lambda self, x: (setattr(self, "cache", x), formula(x))[1]})


class ShareNotDivided(Mean):
    def share(self, grad_out):
        return grad_out[:, :, None, None]


class ShareByHeight(Mean):
    def share(self, grad_out):
        return (grad_out / self.cache.shape[2])[:, :, None, None]


class ShareByWidth(Mean):
    def share(self, grad_out):
        return (grad_out / self.cache.shape[-1])[:, :, None, None]


class ShareByBatch(Mean):
    def share(self, grad_out):
        return (grad_out / len(grad_out))[:, :, None, None]


class ShareByAll(Mean):
    def share(self, grad_out):
        return (grad_out / self.cache.size)[:, :, None, None]


class NotSpread(Mean):
    def backward(self, grad_out):
        return self.share(grad_out)


class NotDividedNotSpread(Mean):
    def backward(self, grad_out):
        return grad_out[:, :, None, None]


class FlatShare(Mean):
    def backward(self, grad_out):
        return self.share(grad_out)[:, :, 0, 0]


MEAN = (
    ("axes-kept", mean_as("AxesKept", lambda x: x.mean((2, 3), keepdims=True))),
    ("one-axis-averaged", mean_as("LastAxis", lambda x: x.mean(-1))),
    ("one-axis-averaged", mean_as("RowsOnly", lambda x: x.mean(2))),
    ("channels-averaged", mean_as("AllButBatch", lambda x: x.mean((1, 2, 3)))),
    ("channels-averaged", mean_as("AllButBatchColumn", lambda x: x.mean((1, 2, 3))[:, None])),
    ("channels-averaged", mean_as("OverChannels", lambda x: x.mean(1))),
    ("squeezed", mean_as("Squeezed", lambda x: x.mean((2, 3), keepdims=True).squeeze())),
    ("batch-averaged", mean_as("OverBatch", lambda x: x.mean((0, 2, 3)))),
    ("map-summed", mean_as("MapSum", lambda x: x.sum((2, 3)))),
    ("map-maximum", mean_as("MapMax", lambda x: x.max((2, 3)))),
    ("share-not-divided", ShareNotDivided),
    ("share-by-one-side", ShareByHeight),
    ("share-by-one-side", ShareByWidth),
    ("share-divided-by-wrong-n", ShareByBatch),
    ("share-divided-by-wrong-n", ShareByAll),
    ("share-not-spread", NotSpread),
    ("share-not-spread", NotDividedNotSpread),
    ("share-not-spread", FlatShare),
    *mixed(Mean, *STALE, *GENERAL),
)


# ---- parameter_count ----------------------------------------------------------------------------------------------


def weights_only(layers):
    return sum(layer.params["weight"].size for layer in layers if "weight" in layer.params)


def matrices_only(layers):
    return sum(p.size for layer in layers for p in layer.params.values() if p.ndim >= 2)


def five_names(layers):
    names = ("weight", "bias", "gamma", "beta", "alpha")
    return sum(layer.params[name].size for layer in layers for name in names if name in layer.params)


def weight_and_bias(layers):
    total = 0
    for layer in layers:
        if "weight" in layer.params:
            total += layer.params["weight"].size
        if "bias" in layer.params:
            total += layer.params["bias"].size
    return total


def emptied(layers):
    total = 0
    while layers:
        total += sum(p.size for p in layers.pop().params.values())
    return total


def number_of_arrays(layers):
    return sum(len(layer.params) for layer in layers)


def summed_shapes(layers):
    return sum(sum(p.shape) for layer in layers for p in layer.params.values())


def lengths(layers):
    return sum(len(p) for layer in layers for p in layer.params.values())


def axes(layers):
    return sum(p.ndim for layer in layers for p in layer.params.values())


def number_of_layers(layers):
    return len(layers)


def number_of_bytes(layers):
    return sum(p.nbytes for layer in layers for p in layer.params.values())


def returned_in_the_loop(layers):
    total = 0
    for layer in layers:
        for p in layer.params.values():
            total += p.size
        return total
    return total


def only_the_last(layers):
    total = 0
    for layer in layers:
        total = sum(p.size for p in layer.params.values())
    return total


def layer_by_layer(layers):
    return [sum(p.size for p in layer.params.values()) for layer in layers]


def a_float(layers):
    return float(sum(p.size for layer in layers for p in layer.params.values()))


def rows_times_columns(layers):
    return sum(p.shape[0] * p.shape[-1] for layer in layers for p in layer.params.values())


def numbers_that_are_not_zero(layers):
    return sum(int((p != 0).sum()) for layer in layers for p in layer.params.values())


def layers_multiplied(layers):
    total = 1
    for layer in layers:
        total *= sum(p.size for p in layer.params.values()) or 1
    return total


COUNT = (
    ("two-axes-multiplied", rows_times_columns),
    ("values-for-count", numbers_that_are_not_zero),
    ("not-summed-over-layers", layers_multiplied),
    ("bias-not-counted", weights_only),
    ("bias-not-counted", matrices_only),
    ("names-listed", five_names),
    ("names-listed", weight_and_bias),
    ("input-changed", emptied),
    ("arrays-counted", number_of_arrays),
    ("shape-summed", summed_shapes),
    ("rows-counted", lengths),
    ("axes-counted", axes),
    ("layers-counted", number_of_layers),
    ("bytes-counted", number_of_bytes),
    ("not-all-layers-counted", returned_in_the_loop),
    ("not-all-layers-counted", only_the_last),
    ("list-returned", layer_by_layer),
    ("count-is-a-float", a_float),
)

WRONG = {"Flatten": FLATTEN, "Linear": LINEAR, "GlobalAvgPool2d": MEAN, "parameter_count": COUNT}
