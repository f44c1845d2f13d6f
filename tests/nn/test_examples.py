"""The examples in the docstrings of the given pieces are correct."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import ncl_course.nn

MODULES = [module.name for module in pkgutil.iter_modules(ncl_course.nn.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_every_given_piece_has_an_example_and_it_is_correct(name):
    results = doctest.testmod(importlib.import_module(f"ncl_course.nn.{name}"), extraglobs={"np": np})
    assert results.failed == 0
    assert results.attempted > 0
