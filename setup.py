"""Put the blank notebooks into every wheel: `notebooks/` of this folder becomes `ncl_course/notebooks/` there.

Everything else about the package stands in pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BLANK = Path("notebooks")


class BuildWithNotebooks(build_py):
    """Copy the package's files and the blank notebooks; an editable installation reads them from this folder."""

    def run(self) -> None:
        """Copy the notebooks after the package's own files."""
        super().run()
        if self.editable_mode:
            return
        for notebook in sorted(BLANK.glob("*/*.ipynb")):
            target = Path(self.build_lib, "ncl_course", notebook)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)


setup(cmdclass={"build_py": BuildWithNotebooks})
