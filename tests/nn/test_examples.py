"""The examples in the docstrings of the given pieces are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import ncl_course.data
import ncl_course.nn

MODULES = [
    f"{room.__name__}.{module.name}"
    for room in (ncl_course.nn, ncl_course.data)
    for module in pkgutil.iter_modules(room.__path__)
]
WITH_EXAMPLES = ["conv", "sequential", "live", "optim", "config", "gradient", "layer", "digits"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    module = importlib.import_module(name)
    results = doctest.testmod(module, extraglobs={"np": __import__("numpy")})
    assert results.failed == 0
    assert results.attempted > 0 or name.rpartition(".")[2] not in WITH_EXAMPLES
