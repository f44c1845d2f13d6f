"""Lesson 06 runs on the student's own layers, says which they are, and always has a replacement for a missing one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ncl_course
from ncl_course.checking import render
from ncl_course.checking.answers import every_answer
from ncl_course.checking.own import NEEDED, State, own_layers
from ncl_course.language import language
from tests.submissions.relu import RELU

ROOT = Path(__file__).parents[2]
BROKEN_SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        return 1 / (1 + np.exp(x))
"""
STUB_TANH = """
class Tanh(Layer):
    def forward(self, x):
        raise NotImplementedError()
"""


def write(path, *sources, lesson=""):
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    metadata = {"ncl_course": {"lesson": lesson, "language": "en"}} if lesson else {}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def taken(folder):
    return own_layers(folder, every_answer)


def states(layers):
    return {one.name: one.state for one in layers.taken}


def test_layers_that_pass_are_taken_and_torch_replaces_the_others(tmp_path):
    write(tmp_path / "02_activations.ipynb", RELU, BROKEN_SIGMOID, STUB_TANH)
    layers = taken(tmp_path)
    assert states(layers) | {"ReLU": State.OWN, "Sigmoid": State.FAILING} == states(layers)
    assert all(states(layers)[name] is State.MISSING for name in NEEDED if name not in ("ReLU", "Sigmoid"))
    assert layers.ReLU.__module__ == "__main__"
    assert layers.Sigmoid.__module__ == "ncl_course.oracles.activations.right"


def test_a_cell_that_raises_affects_no_other_cell(tmp_path):
    write(tmp_path / "02_activations.ipynb", "1 / 0", RELU, "raise SystemExit")
    assert states(taken(tmp_path))["ReLU"] is State.OWN


def test_notebooks_do_not_see_one_another(tmp_path):
    write(tmp_path / "01_pooling.ipynb", "secret = 1")
    write(tmp_path / "02_activations.ipynb", RELU + "\n\nReLU.forward = secret")
    assert states(taken(tmp_path))["ReLU"] is State.OWN


def test_a_notebook_with_the_lessons_own_name_is_preferred(tmp_path):
    write(tmp_path / "02_activations.ipynb", RELU)
    write(tmp_path / "02_activations (2).ipynb", BROKEN_SIGMOID, lesson="02_activations")
    layers = taken(tmp_path)
    assert states(layers)["ReLU"] is State.OWN
    assert states(layers)["Sigmoid"] is State.MISSING


def test_a_notebook_under_another_name_is_found_by_its_lesson(tmp_path):
    write(tmp_path / "my homework.ipynb", RELU, lesson="02_activations")
    assert states(taken(tmp_path))["ReLU"] is State.OWN


def test_a_file_that_is_not_a_notebook_is_ignored(tmp_path):
    (tmp_path / "01_pooling.ipynb").write_text("not a notebook", encoding="utf-8")
    write(tmp_path / "02_activations.ipynb", RELU)
    assert states(taken(tmp_path))["ReLU"] is State.OWN


def test_without_notebooks_torch_replaces_all_layers(tmp_path):
    layers = taken(tmp_path)
    assert set(states(layers).values()) == {State.MISSING}
    assert set(layers.kit) >= {*NEEDED, "Conv2d", "Sequential", "SGD", "CNNConfig"}


def test_asking_for_a_layer_that_was_not_taken_is_an_error_that_lists_those_taken(tmp_path):
    with pytest.raises(AttributeError, match="took no layer called Tanh; it took MaxPool2d"):
        _ = taken(tmp_path).Tanh


def test_what_was_not_found_is_named_with_the_folder_that_was_searched(tmp_path, capsys, monkeypatch):
    write(tmp_path / "02_activations.ipynb", RELU)
    monkeypatch.chdir(tmp_path.parent)
    searched = own_layers(Path(tmp_path.name), every_answer).searched
    assert searched.folder == tmp_path.resolve()
    assert searched.missing == ("01_pooling", "03_linear_softmax", "04_dropout", "05_normalization")
    ncl_course.own_layers(folder=tmp_path.name)
    said = capsys.readouterr().out
    assert f"Not found in {tmp_path.resolve()}: 01_pooling, 03_linear_softmax" in said
    assert 'own_layers(folder="/content/drive/MyDrive/ncl_course")' in said
    language("ru")
    ncl_course.own_layers(folder=tmp_path)
    assert f"В папке {tmp_path.resolve()} нет тетрадей: 01_pooling" in capsys.readouterr().out


def test_if_all_notebooks_are_there_no_folder_is_named(tmp_path):
    for path in (ROOT / "notebooks" / "en").glob("0[1-5]*.ipynb"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert own_layers(tmp_path, every_answer).searched.hint() == ""


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "1 of 8 layers are your own"), ("ru", "Ваших собственных слоёв: 1 из 8")]
)
def test_the_table_says_where_each_layer_comes_from(tmp_path, lang, said):
    write(tmp_path / "02_activations.ipynb", RELU)
    layers = taken(tmp_path)
    language(lang)
    for shown in (render.own_plain(layers.taken), render.own_html(layers.taken)):
        assert said in shown
        assert shown.count("torch") == 7
    html = render.own_html(layers.taken)
    assert "<code>ReLU</code>" in html
    assert '<a href="02_activations.ipynb">02_activations.ipynb</a>' in html
    assert html.count("<a ") == 2, "ReLU and Sigmoid are of lesson 02; a lesson that is not there has no link"
