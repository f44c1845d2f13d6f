"""The course as it is now, released in the form that students get."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import cli


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the course in both languages, as the verb writes it. A test that changes it works on a copy."""
    folder = tmp_path_factory.mktemp("release") / "course"
    result = CliRunner().invoke(cli.app, ["release", str(folder)])
    assert result.exit_code == 0, result.output
    return folder
