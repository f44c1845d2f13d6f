"""The real course, released: complete, usable on its own, and without a line of a solution."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ncl_course.authoring import distribution
from ncl_course.authoring.source import read
from ncl_course.authoring.variant import regions, strip
from tests.authoring.released import alone

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts(released: Path) -> dict[str, str]:
    """Return the lines of each text file, stripped and without empty ones; of a notebook, its cells as displayed."""
    found = {}
    for path in sorted(path for path in released.rglob("*") if path.is_file() and path.suffix not in (".npz", ".bin")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found[path.relative_to(released).as_posix()] = "\n" + "\n".join(lines) + "\n"
    return found


def solution_lines() -> list[list[str]]:
    """Return the lines of every solution region in the keys' source, stripped and without empty ones."""
    code = [cell.text for path in (ROOT / "lessons").glob("*.py") for cell in read(path).cells if cell.kind == "code"]
    return [[line.strip() for line in region.splitlines() if line.strip()] for text in code for region in regions(text)]


def test_it_contains_no_three_consecutive_lines_of_a_solution(texts: dict[str, str]) -> None:
    windows = [lines[n : n + 3] for lines in solution_lines() for n in range(len(lines) - 2)]

    assert len(windows) > 100
    assert not [(name, w) for w in windows for name, text in texts.items() if "\n" + "\n".join(w) + "\n" in text]


def test_it_contains_no_long_line_of_a_solution_unless_given_code_has_it(texts: dict[str, str]) -> None:
    cells = [cell for path in (ROOT / "lessons").glob("*.py") for cell in read(path).cells if cell.kind == "code"]
    given = "\n".join(strip(cell.text) for cell in cells)
    long = {line for lines in solution_lines() for line in lines if len(line) >= 40 and line not in given}

    assert len(long) > 50
    assert not [(name, line) for line in long for name, text in texts.items() if line in text]


def test_it_contains_the_students_code_and_the_notebooks(texts: dict[str, str]) -> None:
    notebooks = {
        f"notebooks/{lang}/{path.name}" for lang in ("en", "ru") for path in (ROOT / "notebooks" / lang).iterdir()
    }
    wanted = {
        "pyproject.toml",
        "setup.py",
        "constraints.txt",
        "environment.yml",
        "Makefile",
        "LICENSE",
        "README.md",
        "scripts/install.py",
    }

    assert notebooks | wanted <= texts.keys()
    assert {"ncl_course/submission/notebook.py", "ncl_course/checking/templates/panel.html"} <= texts.keys()


def test_it_contains_the_images_of_clothes_unchanged_and_their_license(released: Path) -> None:
    for name in ("fashion_mnist_6000.npz", "LICENSE-fashion-mnist.txt"):
        place = Path("ncl_course", "data", name)
        assert (released / place).read_bytes() == (ROOT / place).read_bytes()


def test_binder_takes_one_python_and_installs_the_course_after_its_packages(released: Path) -> None:
    binder = yaml.safe_load((released / ".binder" / "environment.yml").read_text(encoding="utf-8"))
    plain = yaml.safe_load((released / "environment.yml").read_text(encoding="utf-8"))
    same = [line for line in plain["dependencies"] if isinstance(line, str) and not line.startswith("python ")]

    assert "python=3.12" in binder["dependencies"]
    assert [line for line in binder["dependencies"] if line != "python=3.12"] == same
    assert "pip install --no-deps -e ." in (released / ".binder" / "postBuild").read_text(encoding="utf-8")


def test_its_readme_has_colabs_cell_with_the_address_of_the_release() -> None:
    named = distribution.contents(ROOT, ["en", "ru"], "https://example.org/course.git")["README.md"].decode()
    unnamed = distribution.contents(ROOT, ["en", "ru"])["README.md"].decode()

    assert named.count('!pip install -q "ncl-course @ git+https://example.org/course.git"') == 2
    assert "ADDRESS" not in named
    assert unnamed.count('"ncl-course @ git+ADDRESS"') == 2


def test_it_contains_no_key_no_test_and_no_file_of_the_instructors(released: Path) -> None:
    names = {path.relative_to(released).as_posix() for path in released.rglob("*")}
    strange = re.compile(
        r"(^|/)(solutions|lessons|tests|bench|docs|grading|authoring|__pycache__|release_\w+\.toml)(/|$)"
    )

    assert not [name for name in names if strange.search(name)]
    assert {path.name for path in released.iterdir()} == {
        *(
            ".binder",
            ".github",
            ".gitignore",
            "LICENSE",
            "MANIFEST.in",
            "MANIFEST.sha256",
            "Makefile",
            "README.md",
            "constraints.txt",
            "environment.yml",
        ),
        *("ncl_course", "notebooks", "pyproject.toml", "scripts", "setup.py"),
    }


def test_its_pyproject_asks_for_the_same_packages_and_has_only_the_students_extra(released: Path) -> None:
    theirs, ours = (tomllib.loads((at / "pyproject.toml").read_text(encoding="utf-8")) for at in (released, ROOT))

    extras = "optional-dependencies"
    assert theirs["project"].keys() == ours["project"].keys()
    assert all(theirs["project"][key] == ours["project"][key] for key in theirs["project"].keys() - {extras})
    assert theirs["project"][extras] == {"lab": ours["project"][extras]["lab"]}
    assert theirs["build-system"] == ours["build-system"]
    assert theirs["tool"].keys() == {"setuptools"}


def test_its_package_includes_every_file_beside_the_code(released: Path) -> None:
    about = tomllib.loads((released / "pyproject.toml").read_text(encoding="utf-8"))
    package = released / "ncl_course"
    travels = {
        path for pattern in about["tool"]["setuptools"]["package-data"]["ncl_course"] for path in package.glob(pattern)
    }

    assert travels == {path for path in package.rglob("*") if path.is_file() and path.suffix != ".py"}


def test_its_messages_include_every_sentence_that_its_code_uses(texts: dict[str, str]) -> None:
    files = {Path(name).stem: text for name, text in texts.items() if "/messages/en/" in name}
    english = [{name: tomllib.loads(text)} for name, text in files.items()]
    sentences = {key for tree in english for key in keys_of(tree)}
    code = "".join(text for name, text in texts.items() if name.endswith(".py"))

    keys = set(re.findall(r'\btext\(\s*"([\w.-]+)"\s*[,)]', code))
    assert len(keys) > 50
    assert keys - sentences == set()


def keys_of(tree: dict[str, Any], above: str = "") -> Iterator[str]:
    """Return the dotted keys of all sentences in a message file."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from keys_of(value, f"{above}{name}.")
        else:
            yield above + name


def test_every_module_of_it_can_be_imported_without_the_instructors_rooms(released: Path) -> None:
    code = """
import importlib, pkgutil, ncl_course
for found in pkgutil.walk_packages(ncl_course.__path__, "ncl_course."):
    if not found.name.startswith(("ncl_course.__main__", "ncl_course.doctor.scripts.")):
        importlib.import_module(found.name)
print(ncl_course.__file__)
print(importlib.util.find_spec("ncl_course.grading"))
"""
    done = alone(released, "-c", code)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [str(released / "ncl_course" / "__init__.py"), "None"]


def test_its_command_line_has_only_the_students_verbs(released: Path) -> None:
    done = alone(released, "-m", "ncl_course", "--help")

    assert done.returncode == 0, done.stderr
    assert all(re.search(rf"^\W*{verb}\b", done.stdout, re.MULTILINE) for verb in ("lab", "check", "doctor"))
    assert not re.search(r"^\W*(grade|build|release|similar|export)\b|instructors", done.stdout, re.MULTILINE)
    assert "No such command 'grade'" in alone(released, "-m", "ncl_course", "grade", "x").stderr


def test_a_folder_that_contains_only_pythons_cache_is_not_a_room(released: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(released, tmp_path / "copy"))
    (copy / "ncl_course" / "grading" / "__pycache__").mkdir(parents=True)

    assert "No such command 'grade'" in alone(copy, "-m", "ncl_course", "grade", "x").stderr


def test_lab_copies_its_notebooks_beside_it(released: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(released, tmp_path / "copy"))

    assert "Usage" in alone(copy, "-m", "ncl_course", "lab", "--help").stdout
    assert alone(copy, "-m", "ncl_course", "lab", "--no-open", "--lang", "ru").returncode == 0
    assert (copy / "work" / "ru" / "01_pooling.ipynb").is_file()


def test_its_check_passes_the_key_and_does_not_pass_the_blank_notebook(released: Path, tmp_path: Path) -> None:
    handed = released / "notebooks" / "en" / "01_pooling.ipynb"
    done = Path(shutil.copy(ROOT / "solutions" / "en" / "01_pooling.ipynb", tmp_path))

    blank, right = (alone(released, "-m", "ncl_course", "check", str(path), at=tmp_path) for path in (handed, done))

    assert (blank.returncode, right.returncode) == (1, 0), blank.stderr + right.stderr
    assert "0 of " in blank.stdout.splitlines()[-1]


def test_its_makefile_has_lab_and_lab_ru_and_none_of_the_instructors_targets(released: Path) -> None:
    helped = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=released, capture_output=True, text=True, check=True
    ).stdout

    assert [line.split()[1] for line in helped.splitlines()] == ["help", "lab", "lab-ru"]


def test_its_readme_is_in_both_languages_and_names_only_files_that_exist(released: Path) -> None:
    readme = (released / "README.md").read_text(encoding="utf-8")

    assert readme.startswith("# The non-convolutional layers")
    assert "# Слои свёрточных сетей" in readme
    assert len(readme.splitlines()) < 140, "a student reads it in a few minutes"
    for verb in set(re.findall(r"ncl-course ([a-z-]+)", readme)):
        assert alone(released, "-m", "ncl_course", verb, "--help").returncode == 0


def test_its_lists_of_packages_have_no_comments_about_missing_files() -> None:
    assert distribution.without_header("# about\n# tests\na==1\n# inside\n") == "a==1\n# inside\n"
