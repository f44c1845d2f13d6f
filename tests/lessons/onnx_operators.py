"""Map ONNX's operators to the layers of the course, and say which of ONNX's cases have no counterpart here.

Each function takes an operator's attributes and inputs, and the key's layer. It returns the layer's outputs in the
operator's order, or the reason why nothing can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Attributes = dict[str, Any]
Result = list[Any] | str


def window(attributes: Attributes) -> tuple[int, int] | str:
    """Return the window and stride of a pooling operator, or the reason why our layers have no such window."""
    kernel = attributes["kernel_shape"]
    strides = attributes.get("strides", [1] * len(kernel))
    if len(kernel) != 2:
        return f"our layers pool over two axes, this one over {len(kernel)}"
    if any(attributes.get("pads", [0])) or attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID"):
        return "our layers do not pad"
    if any(dilation != 1 for dilation in attributes.get("dilations", [1])):
        return "our windows have no gaps inside"
    if attributes.get("ceil_mode", 0):
        return "our layers drop incomplete windows"
    if len(set(kernel)) > 1 or len(set(strides)) > 1:
        return "our windows and strides are the same along both axes"
    return kernel[0], strides[0]


def pool(layer: Any, attributes: Attributes, x: Any) -> Result:
    """MaxPool and AveragePool."""
    numbers = window(attributes)
    if isinstance(numbers, str):
        return numbers
    if x.dtype.kind != "f":
        return "our layers take floats"
    return [layer(*numbers).forward(x)]


def elementwise(layer: Any, attributes: Attributes, x: Any) -> Result:
    """Relu, Sigmoid, Tanh."""
    return [layer().forward(x)]


def leaky_relu(layer: Any, attributes: Attributes, x: Any) -> Result:
    """LeakyRelu; ONNX's default slope is 0.01."""
    return [layer(attributes.get("alpha", 0.01)).forward(x)]


def elu(layer: Any, attributes: Attributes, x: Any) -> Result:
    """Elu."""
    return [layer(attributes.get("alpha", 1.0)).forward(x)]


def prelu(layer: Any, _attributes: Attributes, x: Any, slope: Any) -> Result:
    """PRelu: slopes along the last axis become slopes per channel if that axis is moved to the second place."""
    if slope.ndim != 1:
        return "our layer has one slope, or one per channel"
    made = layer(slope.size)
    made.params["alpha"][...] = slope
    return [np.moveaxis(made.forward(np.moveaxis(x, -1, 1)), 1, -1)]


def softmax(layer: Any, attributes: Attributes, x: Any) -> Result:
    """Softmax over any axis, moved to the end."""
    axis = attributes.get("axis", -1)
    return [np.moveaxis(layer().forward(np.moveaxis(x, axis, -1)), -1, axis)]


def cross_entropy(layer: Any, attributes: Attributes, logits: Any, labels: Any, *weights: Any) -> Result:
    """SoftmaxCrossEntropyLoss: every place of a map is a sample.

    A sum is N times the mean; without a reduction, each sample is a batch of one.
    """
    if weights:
        return "our loss has no weights for classes"
    if "ignore_index" in attributes:
        return "our loss ignores no label"
    flat, true = np.moveaxis(logits, 1, -1).reshape(-1, logits.shape[1]), labels.reshape(-1)
    match attributes.get("reduction", b"mean"):
        case b"none":
            each = [layer().forward(flat[i : i + 1], true[i : i + 1]) for i in range(len(true))]
            return [np.reshape(each, labels.shape)]
        case b"sum":
            return [layer().forward(flat, true) * len(true)]
        case _:
            return [layer().forward(flat, true)]


def flatten(layer: Any, attributes: Attributes, x: Any) -> Result:
    """Flatten from axis 1."""
    if x.ndim != 4 or attributes.get("axis", 1) not in (1, 1 - x.ndim):
        return "our layer flattens (N, C, H, W) from axis 1"
    return [layer().forward(x)]


def gemm(layer: Any, attributes: Attributes, a: Any, b: Any, c: Any = None) -> Result:
    """Gemm: y = αAB + βC, with A the samples, B the weight and C the bias."""
    x = a.T if attributes.get("transA") else a
    weight = b if attributes.get("transB") else b.T
    bias = np.zeros(len(weight), x.dtype) if c is None else np.asarray(c)
    if bias.size not in (1, len(weight)):
        return "our bias is the same for all samples"
    made = layer(weight.shape[1], weight.shape[0])
    made.params["weight"][...] = attributes.get("alpha", 1.0) * weight
    made.params["bias"][...] = attributes.get("beta", 1.0) * bias.reshape(-1)
    return [made.forward(x)]


def batch_norm(layer: Any, attributes: Attributes, x: Any, scale: Any, bias: Any, mean: Any, var: Any) -> Result:
    """BatchNormalization; ONNX's momentum is the lecture's α."""
    made = layer(x.shape[1], alpha=attributes.get("momentum", 0.9), eps=attributes.get("epsilon", 1e-5))
    made.params["gamma"][...], made.params["beta"][...] = scale, bias
    made.running_mean[...], made.running_var[...] = mean, var
    if not attributes.get("training_mode", 0):
        return [made.eval().forward(x)]
    return [made.forward(x), made.running_mean, made.running_var]


def instance_norm(layer: Any, attributes: Attributes, x: Any, scale: Any, bias: Any) -> Result:
    """InstanceNormalization."""
    made = layer(x.shape[1], eps=attributes.get("epsilon", 1e-5))
    made.params["gamma"][...], made.params["beta"][...] = scale, bias
    return [made.forward(x)]


def group_norm(layer: Any, attributes: Attributes, x: Any, scale: Any, bias: Any) -> Result:
    """GroupNormalization."""
    made = layer(attributes["num_groups"], x.shape[1], eps=attributes.get("epsilon", 1e-5))
    made.params["gamma"][...], made.params["beta"][...] = scale, bias
    return [made.forward(x)]


def global_average(layer: Any, _attributes: Attributes, x: Any) -> Result:
    """GlobalAveragePool, which keeps its two axes of length 1."""
    return [layer().forward(x)[:, :, None, None]]


OPERATORS: dict[str, tuple[str, Callable[..., Result], int]] = {
    "MaxPool": ("MaxPool2d", pool, 2),
    "AveragePool": ("AvgPool2d", pool, 2),
    "Relu": ("ReLU", elementwise, 1),
    "Sigmoid": ("Sigmoid", elementwise, 2),
    "Tanh": ("Tanh", elementwise, 2),
    "LeakyRelu": ("LeakyReLU", leaky_relu, 3),
    "Elu": ("ELU", elu, 3),
    "PRelu": ("PReLU", prelu, 1),
    "Flatten": ("Flatten", flatten, 2),
    "Gemm": ("Linear", gemm, 8),
    "Softmax": ("Softmax", softmax, 7),
    "SoftmaxCrossEntropyLoss": ("CrossEntropyLoss", cross_entropy, 8),
    "GlobalAveragePool": ("GlobalAvgPool2d", global_average, 2),
    "BatchNormalization": ("BatchNorm2d", batch_norm, 4),
    "InstanceNormalization": ("InstanceNorm2d", instance_norm, 2),
    "GroupNormalization": ("GroupNorm", group_norm, 2),
}
"""For each operator: the exercise, the mapping, and the smallest number of ONNX's cases to compare."""
