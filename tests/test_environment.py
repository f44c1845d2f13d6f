"""One list of packages in three files: environment.yml and constraints.txt agree with pyproject.toml.

The script that installs from them calls pip only if something relevant has changed.
"""

import importlib.util
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STUDENTS = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"])]
RUNTIME = list({requirement.name: requirement for requirement in STUDENTS}.values())
"""The packages of a student who runs JupyterLab; where the extra `lab` asks for more, its bound counts."""

# PyPI's name -> conda-forge's, where they differ.
CONDA_NAMES = {
    "torch": "pytorch-cpu",  # the CPU build by name; plain pytorch may bring CUDA
    "matplotlib": "matplotlib-base",  # the same without Qt, which a notebook does not need
}

TORCH_BRINGS = re.compile(r"nvidia-|cuda-|triton")


def script(name: str) -> ModuleType:
    """Return a file of scripts/, which is not a package, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def conda_environment() -> dict[str, Any]:
    environment: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return environment


def conda_bounds() -> dict[str, str | None]:
    """Return every conda package in environment.yml with its version bound, parsed by conda's own grammar."""
    lines = [line for line in conda_environment()["dependencies"] if isinstance(line, str)]
    specs = [MatchSpec(line, strict=True) for line in lines]
    return {str(spec.name.normalized): spec.version for spec in specs if spec.name}


def pinned() -> dict[str, str]:
    """Return the pins of constraints.txt for this system; the marker of a pin for another system excludes this one."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    assert all(str(pin.specifier).startswith("==") for pin in pins)
    return {pin.name: str(pin.specifier)[2:] for pin in pins if pin.marker is None or pin.marker.evaluate()}


def installed_version(name: str) -> str:
    try:
        return Version(distribution(name).version).public
    except PackageNotFoundError:
        return ""


def asked_for(name: str, extra: str) -> list[Requirement]:
    """Return the requirements of a distribution, or of one of its extras, on this system."""
    requirements = [Requirement(line) for line in distribution(name).requires or ()]
    return [need for need in requirements if need.marker is None or need.marker.evaluate({"extra": extra})]


def closure(name: str, extras: set[str]) -> list[tuple[str, Requirement]]:
    """Return every pair (distribution, requirement), recursively, without the CUDA packages, which torch manages."""
    waiting = [(name, extra) for extra in ("", *sorted(extras))]
    seen = set(waiting)
    edges = []
    for asker, extra in waiting:
        for need in asked_for(asker, extra):
            needed = str(canonicalize_name(need.name))
            if TORCH_BRINGS.match(needed):
                continue
            edges.append((asker, need))
            new = [(needed, more) for more in ("", *sorted(need.extras)) if (needed, more) not in seen]
            seen.update(new)
            waiting.extend(new)  # a list may grow while a for loop runs over it
    return edges


@pytest.mark.parametrize("requirement", RUNTIME, ids=lambda requirement: requirement.name)
def test_environment_yml_has_each_runtime_dependency_with_the_same_bound(requirement: Requirement) -> None:
    bounds = conda_bounds()
    name = CONDA_NAMES.get(requirement.name, requirement.name)

    assert name in bounds
    assert SpecifierSet(bounds[name] or "") == requirement.specifier


def test_environment_yml_adds_only_python_and_pip() -> None:
    ours = {CONDA_NAMES.get(requirement.name, requirement.name) for requirement in RUNTIME}

    assert set(conda_bounds()) - ours == {"python", "pip"}


def test_environment_yml_requires_the_python_of_pyproject() -> None:
    assert conda_bounds()["python"] == PROJECT["requires-python"]


def test_environment_yml_uses_only_conda_forge_and_installs_the_course_itself() -> None:
    environment = conda_environment()

    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


def test_constraints_pin_every_package_for_the_tests_in_a_version_that_all_requirements_allow() -> None:
    pins = pinned() | {PROJECT["name"]: PROJECT["version"]}
    wrong = [
        f"{asker} asks for {need}, pinned is {pins.get(str(canonicalize_name(need.name)))}"
        for asker, need in closure(PROJECT["name"], {"test"})
        if not need.specifier.contains(pins.get(str(canonicalize_name(need.name)), "0"), prereleases=True)
    ]

    assert wrong == []


def test_packages_installed_at_their_pin_run_on_the_oldest_python_of_the_course() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    needs = {
        name: distribution(name).metadata.get("Requires-Python")
        for name, version in pinned().items()
        if installed_version(name) == version
    }

    assert {name: need for name, need in needs.items() if not SpecifierSet(need or "").contains(oldest)} == {}


def test_constraints_pin_every_requirement_of_pyproject_in_a_version_that_it_allows() -> None:
    extras = [Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines]
    named = [need for need in [*RUNTIME, *extras] if need.name != PROJECT["name"]]
    pins = pinned()

    assert [str(need) for need in named if not need.specifier.contains(pins.get(need.name, "0"))] == []


def test_constraints_pin_torch_without_the_tag_of_one_build() -> None:
    assert pinned()["torch"] == "2.13.0"


def test_no_process_that_reads_a_notebook_first_makes_a_grammar_of_addresses() -> None:
    """JupyterLab needs jsonschema's extra ``format-nongpl``: since 4.25 it makes 38 parsers when imported, for 1 s."""
    assert "nbformat" in pinned()
    assert "rfc3987-syntax" not in pinned()


def test_the_closure_follows_extras_and_omits_packages_that_nothing_requires() -> None:
    names = {need.name for _, need in closure(PROJECT["name"], {"authoring"})}

    assert "jupytext" in names
    assert "nbval" not in names


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, list[str]]:
    """Return scripts/install.py for an empty folder, with a pip that only records its calls."""
    module = script("install")
    asked: list[str] = []
    (tmp_path / ".venv").mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "pip_install", asked.append)
    monkeypatch.setattr(module, "install_torch", lambda: None)
    return module, asked


def test_an_installation_is_not_repeated(installer: tuple[ModuleType, list[str]]) -> None:
    module, asked = installer
    for what in ("lab", "lab", "test", "test", "lab"):
        module.install(what)

    assert asked == [".[lab]", ".[test]"]


@pytest.mark.parametrize("change", ["pyproject.toml", "constraints.txt", "Python"])
def test_a_change_of_a_list_or_of_python_installs_again(
    installer: tuple[ModuleType, list[str]], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    module, asked = installer
    module.install("test")
    if change == "Python":
        monkeypatch.setattr(module, "VERSION", "3.99")
    else:
        (module.ROOT / change).write_text("changed", encoding="utf-8")
    module.install("lab")

    assert asked == [".[test]", ".[lab]"]


def test_an_installation_that_failed_is_tried_again(
    installer: tuple[ModuleType, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    module, asked = installer
    with monkeypatch.context() as patch:
        patch.setattr(module, "pip_install", lambda _: module.sys.exit("pip could not"))
        with pytest.raises(SystemExit, match="pip could not"):
            module.install("lab")
    module.install("lab")

    assert asked == [".[lab]"]


def test_a_venv_of_another_folder_is_not_used(installer: tuple[ModuleType, list[str]]) -> None:
    module, _ = installer
    (module.VENV / "pyvenv.cfg").write_text("command = python -m venv /elsewhere/.venv", encoding="utf-8")

    assert module.venv_version() == ""
