"""Probes of Python and the packages: whether they are installed, in the versions that the course was tested with."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from ncl_course.doctor.apart import NoAnswerError, answer
from ncl_course.doctor.finding import Finding, ill, install, probe, reinstall, well
from ncl_course.installed import in_conda
from ncl_course.lab import ROOT
from ncl_course.language import text

if TYPE_CHECKING:  # import a package inside its probe: a missing package must become a finding and not stop the doctor
    from packaging.requirements import Requirement

OLDEST = (3, 11)
"""The same as requires-python in pyproject.toml; a test compares the two."""


@probe("python")
def python() -> Finding:
    """Check that this Python is new enough."""
    found = platform.python_version()
    if sys.version_info[:2] < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return ill("python", "python_old", text("doctor.fix.python", oldest=oldest), version=found, oldest=oldest)
    return well("python", "python", version=found, path=sys.executable)


def wanted() -> list[Requirement]:
    """Return the packages that the course requires on this system, without its extras.

    Raises:
        PackageNotFoundError: if the course is in this folder but is not installed.
    """
    from packaging.requirements import Requirement

    needs = [Requirement(line) for line in requires("ncl-course") or ()]
    return [need for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]


def wanted_by(extra: str) -> list[Requirement]:
    """Return the packages that an extra of the course requires on this system; none if there is no such extra.

    Raises:
        PackageNotFoundError: if the course is in this folder but is not installed.
    """
    from packaging.requirements import Requirement

    needs = [Requirement(line) for line in requires("ncl-course") or ()]
    ours = [need for need in needs if need.marker and need.marker.evaluate({"extra": extra})]
    ours = [need for need in ours if need.marker and not need.marker.evaluate({"extra": ""})]
    further = [wanted_by(other) for need in ours if need.name == "ncl-course" for other in sorted(need.extras)]
    return [need for need in ours if need.name != "ncl-course"] + [need for needs in further for need in needs]


def unmet(need: Requirement) -> str:
    """Return what is wrong with an installed package, or ""."""
    try:
        found = version(need.name)
    except PackageNotFoundError:
        return text("doctor.said.package_missing", name=need.name)
    fits = need.specifier.contains(found, prereleases=True)
    return "" if fits else text("doctor.said.package_wrong", name=need.name, version=found, wanted=need.specifier)


@probe("packages")
def packages() -> Finding:
    """Check that every package that pyproject.toml requires is installed in a permitted version."""
    try:
        needs = wanted()
    except PackageNotFoundError:
        return ill("packages", "not_installed", reinstall())
    wrong = [problem for need in needs if (problem := unmet(need))]
    if wrong:
        return ill("packages", "packages_wrong", reinstall(), problems="; ".join(wrong))
    return well("packages", "packages", count=len(needs))


@probe("instructor")
def instructor() -> Finding:
    """Check that the packages are installed with which an instructor releases, builds and compares."""
    try:
        needs = wanted_by("instructor")
    except PackageNotFoundError:
        return ill("instructor", "not_installed", install("instructor"))
    if not needs:
        return ill("instructor", "instructor_unknown", install("instructor"))
    wrong = [problem for need in needs if (problem := unmet(need))]
    if wrong:
        return ill("instructor", "packages_wrong", install("instructor"), problems="; ".join(wrong))
    return well("instructor", "instructor", names=", ".join(need.name for need in needs))


def pinned(name: str) -> str:
    """Return the version that constraints.txt gives a package; empty if there is no such file, or if conda chose."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    file = ROOT / "constraints.txt"
    if in_conda() or not file.is_file():
        return ""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pins = {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}
    pin = pins.get(canonicalize_name(name))
    return str(pin.specifier).removeprefix("==") if pin else ""


@probe("torch")
def torch() -> Finding:
    """Check that torch loads and computes, and that it is the version that the checks were tested with."""
    from packaging.version import Version

    try:
        found = answer("load_torch")
    except NoAnswerError as error:
        return ill("torch", "torch_broken", reinstall(), why=error)
    public, pin = Version(found["version"]).public, pinned("torch")
    if pin and public != pin:
        return ill("torch", "torch_other", reinstall(), version=found["version"], wanted=pin)
    if found["cuda"]:
        return well("torch", "torch_cuda", version=found["version"], cuda=found["cuda"])
    return well("torch", "torch_cpu", version=found["version"])
