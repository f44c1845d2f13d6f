"""The course as it is now, as students get it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import cli


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course in both languages, as the verb writes it. Whoever changes it works on a copy."""
    folder = tmp_path_factory.mktemp("release") / "course"
    result = CliRunner().invoke(cli.app, ["release", str(folder)])
    assert result.exit_code == 0, result.output
    return folder
