"""What the cases of a part try: shapes, dtypes, values and orders of steps, read off their scripts."""

from __future__ import annotations

import numpy as np

from ncl_course.checking.answers import generator
from ncl_course.exercises import find
from ncl_course.protocol.play import materialize
from ncl_course.protocol.script import Tensor


def cases_of(name, part, seed=0):
    """The cases of one part."""
    return find(name).part(part).cases(generator(seed, name, part))


def arrays(case, *methods):
    """What those methods are given in a case, as it is laid out in memory."""
    for step in case.script:
        if step.kind == "call" and step.method in methods:
            yield from (materialize(argument) for argument in step.args if isinstance(argument, Tensor))


def inputs(case):
    """What the layers of a case see in forward."""
    return list(arrays(case, "forward", "__call__"))


def gradients(case):
    """What the layers of a case get from above."""
    return list(arrays(case, "backward"))


def methods(case, obj=None):
    """The calls of a case in their order, all or those of one object."""
    return [step.method for step in case.script if step.kind == "call" and obj in (None, step.obj)]


def made(case):
    """The numbers that each object of a case was made with."""
    return {step.obj: (*step.args, *step.kwargs.values()) for step in case.script if step.kind == "new"}


def written(case, path):
    """What is put at an attribute path."""
    return [step.args[0].values for step in case.script if step.kind == "put" and step.method == path]


def any_input(cases, condition):
    """Whether an array that a layer sees in forward fulfils a condition."""
    return any(condition(x) for case in cases for x in inputs(case))


def used_again(cases):
    """Whether one object of a case runs forward more than once."""
    return any(methods(case, obj).count("forward") > 1 for case in cases for obj in made(case))


def backward_twice(cases):
    """Whether one forward is followed by two backwards with different gradients."""
    return any(
        "forward backward backward" in " ".join(methods(case))
        and not np.array_equal(*(g.ravel() for g in gradients(case)[:2]))
        for case in cases
        if len(gradients(case)) > 1 and gradients(case)[0].shape == gradients(case)[1].shape
    )


def not_kept(promises):
    """The names of the promises that are not kept."""
    return [promise for promise, kept in promises.items() if not kept]
