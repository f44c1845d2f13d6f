"""The contents of a part's cases: shapes, dtypes, values and orders of steps, read from their scripts."""

from __future__ import annotations

import numpy as np

from ncl_course.checking.answers import generator
from ncl_course.exercises import find
from ncl_course.protocol.play import materialize
from ncl_course.protocol.script import Tensor


def cases_of(name, part, seed=0):
    """Return the cases of one part."""
    return find(name).part(part).cases(generator(seed, name, part))


def arrays(case, *methods):
    """Return the arguments of those methods in a case, in their memory layout."""
    for step in case.script:
        if step.kind == "call" and step.method in methods:
            yield from (materialize(argument) for argument in step.args if isinstance(argument, Tensor))


def inputs(case):
    """Return the inputs of a case's layers in forward."""
    return list(arrays(case, "forward", "__call__"))


def gradients(case):
    """Return the upstream gradients of a case's layers."""
    return list(arrays(case, "backward"))


def methods(case, obj=None):
    """Return the calls of a case in their order, of all objects or of one."""
    return [step.method for step in case.script if step.kind == "call" and obj in (None, step.obj)]


def made(case):
    """Return the constructor arguments of each object of a case."""
    return {step.obj: (*step.args, *step.kwargs.values()) for step in case.script if step.kind == "new"}


def written(case, path):
    """Return the values that are written to an attribute path."""
    return [step.args[0].values for step in case.script if step.kind == "put" and step.method == path]


def any_input(cases, condition):
    """Return whether a layer's input in forward fulfils a condition in any case."""
    return any(condition(x) for case in cases for x in inputs(case))


def used_again(cases):
    """Return whether one object of a case runs forward more than once."""
    return any(methods(case, obj).count("forward") > 1 for case in cases for obj in made(case))


def backward_twice(cases):
    """Return whether two backwards with different gradients follow one forward."""
    return any(
        "forward backward backward" in " ".join(methods(case))
        and not np.array_equal(*(g.ravel() for g in gradients(case)[:2]))
        for case in cases
        if len(gradients(case)) > 1 and gradients(case)[0].shape == gradients(case)[1].shape
    )


def not_kept(promises):
    """Return the names of the promises that are not kept."""
    return [promise for promise, kept in promises.items() if not kept]
