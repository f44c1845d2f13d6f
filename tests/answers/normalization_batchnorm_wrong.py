"""Wrong answers for batch normalization, as students write them: each has one mistake, and its misconception's name."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import GENERAL, STEPS, mixed

AXES = (0, 2, 3)


def up(v):
    return v.reshape(1, -1, 1, 1)


class BN(Layer):
    """The right layer, with each decision in a separate method, so that a mistake takes only a few lines."""

    start = 0.0, 1.0

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.grads = {"gamma": np.zeros(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = (np.full(num_features, value) for value in self.start)

    def forward(self, x):
        self.x, self.trained = x, self.training
        if self.training:
            mean, var = self.statistics(x)
            self.n = x.size // x.shape[1]
            self.update(np.squeeze(mean), np.squeeze(var))
        else:
            mean, var = self.at_test(x)
        self.std = self.root(var)
        self.xhat = (x - mean) / self.std
        self.y = self.affine(self.xhat).astype(x.dtype)
        return self.y.copy()

    def statistics(self, x):
        mean = x.mean(AXES, keepdims=True)
        return mean, self.variance(x, mean)

    def variance(self, x, mean):
        return ((x - mean) ** 2).mean(AXES, keepdims=True)

    def at_test(self, x):
        return up(self.running_mean.copy()), up(self.running_var.copy())

    def update(self, mean, var):
        self.running_mean[...] = self.blend(self.running_mean, mean)
        self.running_var[...] = self.blend(self.running_var, var)

    def blend(self, old, new):
        return self.alpha * old + (1 - self.alpha) * new

    def root(self, var):
        return np.sqrt(var + self.eps)

    def affine(self, xhat):
        return up(self.params["gamma"]) * xhat + up(self.params["beta"])

    def backward(self, grad_out):
        self.grads["gamma"], self.grads["beta"] = self.grad_gamma(grad_out), self.grad_beta(grad_out)
        d = self.grad_xhat(grad_out)
        dx = d / self.std
        if self.depends():
            dx = dx + self.via_mean(d) + self.via_var(d)
        return dx.astype(self.x.dtype)

    def depends(self):
        return self.trained

    def grad_xhat(self, g):
        return g * up(self.params["gamma"])

    def grad_gamma(self, g):
        return (g * self.xhat).sum(AXES)

    def grad_beta(self, g):
        return g.sum(AXES)

    def via_mean(self, d):
        return -d.sum(AXES, keepdims=True) / self.n / self.std

    def via_var(self, d):
        return -self.xhat * (d * self.xhat).sum(AXES, keepdims=True) / self.n / self.std


# ---- the output -------------------------------------------------------------------------------------------------


class Unbiased(BN):
    def variance(self, x, mean):
        return x.var(AXES, ddof=1, keepdims=True)


class EpsOutside(BN):
    def root(self, var):
        return np.sqrt(var) + self.eps


class EpsOutsideAtTest(BN):
    def root(self, var):
        return np.sqrt(var + self.eps) if self.training else np.sqrt(var) + self.eps


class NoEps(BN):
    def root(self, var):
        return np.sqrt(var)


class NoEpsAtTest(BN):
    def root(self, var):
        return np.sqrt(var + self.eps) if self.training else np.sqrt(var)


class NoEpsBackward(BN):
    def backward(self, grad_out):
        self.std = np.sqrt(self.std**2 - self.eps)
        return super().backward(grad_out)


class EpsAsFloor(BN):
    def root(self, var):
        return np.sqrt(np.maximum(var, self.eps))


class NoRoot(BN):
    def root(self, var):
        return var + self.eps


class NoRootNoEps(BN):
    def root(self, var):
        return var


class AroundZero(BN):
    def variance(self, x, mean):
        return (x**2).mean(AXES, keepdims=True)


class ShiftFirst(BN):
    def affine(self, xhat):
        return up(self.params["gamma"]) * (xhat + up(self.params["beta"]))


class NoAffine(BN):
    def affine(self, xhat):
        return xhat


class NoAffineAtTest(BN):
    def affine(self, xhat):
        return super().affine(xhat) if self.training else xhat


class PerPixel(BN):
    def statistics(self, x):
        return x.mean(0, keepdims=True), x.var(0, keepdims=True)

    def update(self, mean, var):
        self.running_mean = self.blend(self.running_mean, mean.mean())
        self.running_var = self.blend(self.running_var, var.mean())


class PerSampleAllMaps(BN):
    def statistics(self, x):
        return x.mean((1, 2, 3), keepdims=True), x.var((1, 2, 3), keepdims=True)

    def update(self, mean, var):
        super().update(mean.mean(), var.mean())


class AcrossMaps(BN):
    def statistics(self, x):
        return x.mean(1, keepdims=True), x.var(1, keepdims=True)

    def update(self, mean, var):
        super().update(mean.mean(), var.mean())


class PerSample(BN):
    def statistics(self, x):
        mean, var = x.mean((2, 3), keepdims=True), x.var((2, 3), keepdims=True)
        self.pooled = mean.mean((0, 2, 3)), var.mean((0, 2, 3))
        return mean, var

    def update(self, mean, var):
        super().update(*self.pooled)


class OneForAll(BN):
    def statistics(self, x):
        return x.mean(), x.var()


class Reshaped(BN):
    def statistics(self, x):
        rows = x.reshape(-1, x.shape[1])
        return up(rows.mean(0)), up(rows.var(0))


class ReshapedThrough(BN):
    def forward(self, x):
        rows = x.reshape(-1, x.shape[1])
        if self.training:
            mean, var = rows.mean(0), rows.var(0)
            self.update(mean, var)
        else:
            mean, var = self.running_mean, self.running_var
        hat = (rows - mean) / np.sqrt(var + self.eps)
        return (self.params["gamma"] * hat + self.params["beta"]).reshape(x.shape).astype(x.dtype)


class NothingUpright(BN):
    def statistics(self, x):
        return x.mean(AXES), x.var(AXES)

    def at_test(self, x):
        return self.running_mean, self.running_var

    def affine(self, xhat):
        return self.params["gamma"] * xhat + self.params["beta"]


class AffineNotUpright(BN):
    def affine(self, xhat):
        return self.params["gamma"] * xhat + self.params["beta"]


class TestNotUpright(BN):
    def at_test(self, x):
        return self.running_mean, self.running_var


class RunningInTraining(BN):
    def forward(self, x):
        if self.training:
            self.update(x.mean(AXES), x.var(AXES))
        training, self.training = self.training, False
        y = super().forward(x)
        self.training = training
        return y


class OldRunningInTraining(BN):
    def statistics(self, x):
        self.new = x.mean(AXES), x.var(AXES)
        return self.at_test(x)

    def update(self, mean, var):
        super().update(*self.new)


# ---- running statistics -----------------------------------------------------------------------------------------


class Swapped(BN):
    def blend(self, old, new):
        return (1 - self.alpha) * old + self.alpha * new


class RunningStd(BN):
    def update(self, mean, var):
        super().update(mean, np.sqrt(var))


class RunningStdWithEps(BN):
    def update(self, mean, var):
        super().update(mean, np.sqrt(var + self.eps))


class StartsAtZero(BN):
    start = 0.0, 0.0


class StartsAtOne(BN):
    start = 1.0, 1.0


class TorchVariance(BN):
    def update(self, mean, var):
        super().update(mean, var * self.n / (self.n - 1))


class LastBatch(BN):
    def blend(self, old, new):
        return new


class FirstBatchTaken(BN):
    def update(self, mean, var):
        if not hasattr(self, "begun"):
            self.begun = True
            self.running_mean[...], self.running_var[...] = mean, var
        else:
            super().update(mean, var)


class MeanOfBatches(BN):
    def update(self, mean, var):
        self.batches = getattr(self, "batches", 0) + 1
        self.running_mean += (mean - self.running_mean) / self.batches
        self.running_var += (var - self.running_var) / self.batches


class NeverUpdated(BN):
    def update(self, mean, var):
        new_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean
        del new_mean


class OnlyMean(BN):
    def update(self, mean, var):
        self.running_mean = self.blend(self.running_mean, mean)


class OnlyVar(BN):
    def update(self, mean, var):
        self.running_var = self.blend(self.running_var, var)


class EpsStored(BN):
    def update(self, mean, var):
        super().update(mean, var + self.eps)


class OldNotShrunk(BN):
    def blend(self, old, new):
        return old + (1 - self.alpha) * new


RUNNING = {}


class SharedRunning(BN):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__(num_features, alpha, eps)
        RUNNING[num_features] = self.running_mean, self.running_var

    def forward(self, x):
        self.running_mean, self.running_var = RUNNING[x.shape[1]]
        return super().forward(x)


# ---- test mode --------------------------------------------------------------------------------------------------


class BatchAtTest(BN):
    def at_test(self, x):
        return self.statistics(x)


class ModeIgnored(BN):
    def forward(self, x):
        training, self.training = self.training, True
        y = super().forward(x)
        self.training = training
        return y


class UpdatedAtTest(BN):
    def forward(self, x):
        if not self.training:
            self.update(x.mean(AXES), x.var(AXES))
        return super().forward(x)


class UpdatedAfterTest(BN):
    def forward(self, x):
        y = super().forward(x)
        if not self.training:
            self.update(x.mean(AXES), x.var(AXES))
        return y


class StdIsVarAtTest(BN):
    def root(self, var):
        return np.sqrt(var + self.eps) if self.training else var + self.eps


# ---- the gradient -----------------------------------------------------------------------------------------------


class NoMeanPath(BN):
    def via_mean(self, d):
        return 0


class NoVarPath(BN):
    def via_var(self, d):
        return 0


class Constants(BN):
    def depends(self):
        return False


class VarNotDivided(BN):
    def via_var(self, d):
        return -self.xhat * (d * self.xhat).sum(AXES, keepdims=True) / self.std


class MeanNotDivided(BN):
    def via_mean(self, d):
        return -d.sum(AXES, keepdims=True) / self.std


class NeitherDivided(VarNotDivided, MeanNotDivided):
    pass


class WrongCount(BN):
    def backward(self, grad_out):
        self.n = self.count(*grad_out.shape)
        return super().backward(grad_out)


class BatchSize(WrongCount):
    def count(self, N, C, H, W):
        return N


class MapSize(WrongCount):
    def count(self, N, C, H, W):
        return H * W


class OneLess(WrongCount):
    def count(self, N, C, H, W):
        return max(N * H * W - 1, 1)


class NoGamma(BN):
    def grad_xhat(self, g):
        return g


class GammaFromX(BN):
    def grad_gamma(self, g):
        return (g * self.x).sum(AXES)


class GammaFromCentred(BN):
    def grad_gamma(self, g):
        return (g * self.xhat * self.std).sum(AXES)


class GammaFromY(BN):
    def grad_gamma(self, g):
        return (g * self.y).sum(AXES)


class CachedAfterAffine(BN):
    def forward(self, x):
        y = super().forward(x)
        self.xhat = self.y
        return y


class Averaged(BN):
    def grad_gamma(self, g):
        return (g * self.xhat).mean(AXES)

    def grad_beta(self, g):
        return g.mean(AXES)


class AveragedOverBatch(BN):
    def grad_gamma(self, g):
        return (g * self.xhat).sum(AXES) / len(g)

    def grad_beta(self, g):
        return g.sum(AXES) / len(g)


class BetaIsOneNumber(BN):
    def grad_beta(self, g):
        return g.sum()


class OneNumberEach(BN):
    def grad_gamma(self, g):
        return (g * self.xhat).sum()

    def grad_beta(self, g):
        return g.sum()


class SummedOverBatchAlone(BN):
    def grad_gamma(self, g):
        return (g * self.xhat).sum(0)

    def grad_beta(self, g):
        return g.sum(0)


class NotSummed(BN):
    def grad_gamma(self, g):
        return g * self.xhat

    def grad_beta(self, g):
        return g


class NoAxes(BN):
    def via_mean(self, d):
        return -d.mean() / self.std

    def via_var(self, d):
        return -self.xhat * (d * self.xhat).mean() / self.std


class NoAxesForTheMean(BN):
    def via_mean(self, d):
        return -d.mean() / self.std


class NoAxesForTheVariance(BN):
    def via_var(self, d):
        return -self.xhat * (d * self.xhat).mean() / self.std


class ModeOfToday(BN):
    def depends(self):
        self.n = self.x.size // self.x.shape[1]
        return self.training


class AlwaysTraining(BN):
    def depends(self):
        self.n = self.x.size // self.x.shape[1]
        return True


class ThroughTheBatch(BN):
    def forward(self, x):
        y = super().forward(x)
        mean, var = x.mean(AXES, keepdims=True), x.var(AXES, keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.xhat, self.trained, self.n = (x - mean) / self.std, True, x.size // x.shape[1]
        return y


class GradsAccumulated(BN):
    def backward(self, grad_out):
        before = {name: grad.copy() for name, grad in self.grads.items()}
        dx = super().backward(grad_out)
        for name in self.grads:
            self.grads[name] = self.grads[name] + before[name]
        return dx


class UpdatedInBackward(BN):
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.again = x.mean(AXES), x.var(AXES)
        return y

    def backward(self, grad_out):
        if self.trained:
            self.update(*self.again)
        return super().backward(grad_out)


class FromOutput(BN):
    """Backward recomputes x̂ from the output."""

    def backward(self, grad_out):
        with np.errstate(all="ignore"):
            self.xhat = (self.y - up(self.params["beta"])) / up(self.params["gamma"])
        return super().backward(grad_out)


class FromOutputGuarded(BN):
    """Backward recomputes x̂ from the output, with a guard against division by 0."""

    def backward(self, grad_out):
        gamma = up(self.params["gamma"])
        self.xhat = (self.y - up(self.params["beta"])) / np.where(gamma == 0, 1, gamma)
        return super().backward(grad_out)


class ParametersReadOnce(BN):
    def read(self, name):
        if not hasattr(self, f"own_{name}"):
            setattr(self, f"own_{name}", self.params[name].copy())
        return up(getattr(self, f"own_{name}"))

    def affine(self, xhat):
        return self.read("gamma") * xhat + self.read("beta")

    def grad_xhat(self, g):
        return g * self.read("gamma")


class ParametersReplaced(BN):
    """``params`` no longer contains the arrays that an optimiser holds."""

    def forward(self, x):
        self.params = {name: values.astype(x.dtype) for name, values in self.params.items()}
        return super().forward(x)


CACHE = {}


class SharedMemory(BN):
    def forward(self, x):
        y = super().forward(x)
        CACHE["last"] = self.x, self.xhat, self.std, self.trained, getattr(self, "n", 0), self.params
        return y

    def backward(self, grad_out):
        kept = self.params
        self.x, self.xhat, self.std, self.trained, self.n, self.params = CACHE["last"]
        dx = super().backward(grad_out)
        self.params = kept
        return dx


class StatisticsOnTheClass(BN):
    """The first layer of a size makes the running statistics, and all later ones use them."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__(num_features, alpha, eps)
        own = self.running_mean, self.running_var
        name = f"of_{num_features}"
        if not hasattr(type(self), name):
            setattr(type(self), name, own)
        self.running_mean, self.running_var = getattr(type(self), name)


class UnbiasedOnTheClass(StatisticsOnTheClass):
    def update(self, mean, var):
        super().update(mean, var * self.n / (self.n - 1))


class SwappedOnTheClass(StatisticsOnTheClass):
    def blend(self, old, new):
        return super().blend(new, old)


WRONG = {
    "BatchNorm2d": (
        ("unbiased-variance", Unbiased),
        ("eps-outside-root", EpsOutside),
        ("eps-outside-root", EpsOutsideAtTest),
        ("eps-forgotten", NoEps),
        ("eps-forgotten", NoEpsAtTest),
        ("eps-forgotten", NoEpsBackward),
        ("eps-as-floor", EpsAsFloor),
        ("divided-by-variance", NoRoot),
        ("divided-by-variance", NoRootNoEps),
        ("divided-by-variance", StdIsVarAtTest),
        ("variance-around-zero", AroundZero),
        ("shift-before-scale", ShiftFirst),
        ("affine-forgotten", NoAffine),
        ("affine-forgotten", NoAffineAtTest),
        ("statistics-per-pixel", PerPixel),
        ("statistics-over-channels", PerSampleAllMaps),
        ("statistics-over-channels", AcrossMaps),
        ("statistics-per-sample", PerSample),
        ("statistics-over-everything", OneForAll),
        ("channels-mixed", Reshaped),
        ("channels-mixed", ReshapedThrough),
        ("broadcast-along-width", NothingUpright),
        ("broadcast-along-width", AffineNotUpright),
        ("broadcast-along-width", TestNotUpright),
        ("running-in-training", RunningInTraining),
        ("running-in-training", OldRunningInTraining),
        ("momentum-swapped", Swapped),
        ("running-std", RunningStd),
        ("running-std", RunningStdWithEps),
        ("unbiased-running-variance", TorchVariance),
        ("last-batch-only", LastBatch),
        ("first-batch-taken", FirstBatchTaken),
        ("first-batch-taken", MeanOfBatches),
        ("running-never-updated", NeverUpdated),
        ("running-never-updated", OnlyMean),
        ("running-never-updated", OnlyVar),
        ("eps-twice", EpsStored),
        ("old-not-shrunk", OldNotShrunk),
        ("wrong-start", StartsAtZero),
        ("wrong-start", StartsAtOne),
        ("batch-statistics-at-test", BatchAtTest),
        ("batch-statistics-at-test", ModeIgnored),
        ("updated-at-test", UpdatedAtTest),
        ("updated-at-test", UpdatedAfterTest),
        ("no-path-through-mean", NoMeanPath),
        ("no-path-through-variance", NoVarPath),
        ("statistics-as-constants", Constants),
        ("not-divided-by-n", VarNotDivided),
        ("not-divided-by-n", MeanNotDivided),
        ("not-divided-by-n", NeitherDivided),
        ("divided-by-wrong-n", BatchSize),
        ("divided-by-wrong-n", MapSize),
        ("divided-by-wrong-n", OneLess),
        ("gamma-not-in-gradient", NoGamma),
        ("gamma-gradient-from-input", GammaFromX),
        ("gamma-gradient-from-input", GammaFromCentred),
        ("xhat-after-affine", GammaFromY),
        ("xhat-after-affine", CachedAfterAffine),
        ("parameter-gradients-averaged", Averaged),
        ("parameter-gradients-averaged", AveragedOverBatch),
        ("parameter-gradients-not-by-map", BetaIsOneNumber),
        ("parameter-gradients-not-by-map", OneNumberEach),
        ("parameter-gradients-not-by-map", SummedOverBatchAlone),
        ("parameter-gradients-not-by-map", NotSummed),
        ("sums-over-channels", NoAxes),
        ("sums-over-channels", NoAxesForTheMean),
        ("sums-over-channels", NoAxesForTheVariance),
        ("mode-read-in-backward", ModeOfToday),
        ("training-gradient-at-test", AlwaysTraining),
        ("training-gradient-at-test", ThroughTheBatch),
        ("updated-in-backward", UpdatedInBackward),
        ("xhat-from-output", FromOutput),
        ("xhat-from-output", FromOutputGuarded),
        ("parameters-copied", ParametersReadOnce),
        ("parameters-copied", ParametersReplaced),
        ("gradient-accumulated", GradsAccumulated),
        ("shared-between-instances", SharedMemory),
        ("shared-between-instances", SharedRunning),
        ("shared-between-instances", StatisticsOnTheClass),
        ("shared-between-instances", UnbiasedOnTheClass),
        ("shared-between-instances", SwappedOnTheClass),
        *mixed(BN, *STEPS, *GENERAL),
    ),
    "batchnorm_parameter_count": (
        ("only-trainable-counted", lambda num_layers, num_maps: 2 * num_layers * num_maps),
        ("one-layer-counted", lambda num_layers, num_maps: 4 * num_maps),
        ("maps-forgotten", lambda num_layers, num_maps: 4 * num_layers),
        ("one-number-a-map", lambda num_layers, num_maps: num_layers * num_maps),
        ("maps-squared", lambda num_layers, num_maps: 4 * num_layers * num_maps * num_maps),
        ("float-count", lambda num_layers, num_maps: 4.0 * num_layers * num_maps),
    ),
}
