"""An independent witness: the keys' layers give the outputs that ONNX's own node cases expect."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest

from ncl_course.exercises import find
from tests.lessons.keys import WRITTEN, key
from tests.lessons.onnx_operators import OPERATORS

THERE = [
    operator
    for operator, (exercise, _, _) in OPERATORS.items()
    if (found := find(exercise)) is not None and found.lesson in WRITTEN
]


@cache
def cases():
    """Return ONNX's node cases by operator; functions that are expanded into other operators are omitted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # making the cases of other operators overflows on purpose
        from onnx import helper
        from onnx.backend.test.case.node import collect_testcases

        collected = collect_testcases(None)
    found = {}
    for case in collected:
        nodes = case.model.graph.node if case.model is not None else ()
        if len(nodes) == 1 and nodes[0].op_type in OPERATORS:
            attributes = {a.name: helper.get_attribute_value(a) for a in nodes[0].attribute}
            found.setdefault(nodes[0].op_type, []).append((case.name, attributes, case.data_sets))
    return found


@pytest.mark.parametrize("operator", THERE)
def test_a_keys_layer_gives_what_onnx_expects(operator):
    exercise, mapped, at_least = OPERATORS[operator]
    layer = key(find(exercise).lesson)[exercise]
    compared, left_out = 0, {}
    for name, attributes, data_sets in cases()[operator]:
        for inputs, outputs in data_sets:
            result = mapped(layer, attributes, *map(np.asarray, inputs))
            if isinstance(result, str):
                left_out[name] = result
                continue
            for got, right in zip(result, outputs, strict=False):
                np.testing.assert_allclose(got, right, rtol=1e-4, atol=1e-5, err_msg=name)
            compared += 1
    print(f"{operator}: {compared} cases compared, left out: {left_out}")
    assert compared >= at_least, left_out
