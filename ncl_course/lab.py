"""Open the course: copy the notebooks that a student does not have yet, and start JupyterLab on one of them."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ncl_course.desk import blank_folder, desk_folder
from ncl_course.errors import CourseError
from ncl_course.installed import install_command
from ncl_course.language import text
from ncl_course.places import why_not_writable

ROOT = Path(__file__).resolve().parents[1]  # the folder that holds the package; in a checkout, the course's folder


class LabError(CourseError):
    """The course cannot be opened; the message tells the reader what to do."""


@dataclass(frozen=True)
class Desk:
    """A student's folder after copying: the new notebooks, and those that the student already had."""

    lang: str
    folder: Path
    copied: tuple[str, ...]
    kept: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return what happened, as lines for the student to read."""
        said = [text("course.lab.folder", self.lang, folder=self.folder)]
        for key, names in (("course.lab.copied", self.copied), ("course.lab.kept", self.kept)):
            if names:
                said.append(text(key, self.lang, names=", ".join(names)))
        return said


def course_root(holding: str, lang: str | None = None) -> Path:
    """Return the course's folder, which has this package and the folder `holding` side by side.

    Raises:
        LabError: if there is no folder `holding` beside the package.
    """
    if not (ROOT / holding).is_dir():
        raise LabError(text("course.lab.no_course", lang, folder=holding, root=ROOT))
    return ROOT


def lessons(root: Path, lang: str) -> list[Path]:
    """Return the student's notebooks in one language, in the order of the course.

    Raises:
        LabError: if there are none.
    """
    folder = blank_folder(root, lang)
    found = sorted(folder.glob("*.ipynb"))
    if not found:
        raise LabError(text("course.lab.no_notebooks", lang, folder=folder))
    return found


def find_lesson(wanted: str, notebooks: list[Path], lang: str | None = None) -> str:
    """Return the file name of a lesson, given as `01`, `pooling`, `01_pooling`, file name or path; "" is the first.

    Raises:
        LabError: if no lesson matches.
    """
    stem = Path(wanted).name.removesuffix(".ipynb")
    for notebook in notebooks:
        if stem in {"", notebook.stem, *notebook.stem.split("_", 1)}:
            return notebook.name
    names = ", ".join(notebook.stem for notebook in notebooks)
    raise LabError(text("course.lab.no_lesson", lang, wanted=wanted, names=names))


def copy_if_missing(source: Path, target: Path) -> bool:
    """Copy a file unless the target exists; return whether it was copied.

    The exclusive mode `x` cannot overwrite a file, even one that appears at the same moment.
    """
    content = source.read_bytes()
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def set_desk(root: Path, lang: str, folder: Path | None = None) -> Desk:
    """Copy each missing notebook into the user's desk, or into another folder.

    Notebooks that are already there belong to the student and stay as they are.

    Raises:
        LabError: if the folder cannot be written.
        NoHomeError: if the desk would be in the user's home, and the system knows none.
    """
    if folder is None:
        folder = desk_folder(root, lang)
        demand_writable(folder, refused(folder), lang)
    else:
        demand_writable(folder, "course.lab.copy_refused", lang)
    folder.mkdir(parents=True, exist_ok=True)
    copied: list[str] = []
    kept: list[str] = []
    for notebook in lessons(root, lang):
        (copied if copy_if_missing(notebook, folder / notebook.name) else kept).append(notebook.name)
    return Desk(lang, folder, tuple(copied), tuple(kept))


def refused(folder: Path) -> str:
    """Return the message about a desk that cannot be written: another one helps only if the home can be written."""
    home = Path(os.path.expanduser("~"))  # unlike Path.home(), it does not fail where the system knows none
    closed = home in folder.parents and why_not_writable(home)
    return "course.lab.home_refused" if closed else "course.lab.not_writable"


def demand_writable(folder: Path, key: str, lang: str) -> None:
    """Refuse to begin if a folder cannot be written.

    Args:
        folder: the folder, which need not exist yet.
        key: the message that says what to do.
        lang: the language of the message.

    Raises:
        LabError: if it cannot.
    """
    why = why_not_writable(folder)
    if why:
        raise LabError(text(key, lang, folder=folder, why=why))


def demand_jupyterlab(lang: str) -> None:
    """Refuse to begin if JupyterLab is not installed in this environment.

    Raises:
        LabError: if it is not; the message has the command that installs it.
    """
    if find_spec("jupyterlab") is None:
        raise LabError(text("course.lab.no_jupyterlab", lang, command=install_command(ROOT).line))


def jupyter_arguments(notebook: Path, extra: list[str]) -> list[str]:
    """Return JupyterLab's options: the notebook as the first page (in the printed address, too), its folder as root.

    JupyterLab refuses to run as the root user, which containers use, without an explicit option. The caller's options
    come last and take precedence.
    """
    ours = [f"--ServerApp.root_dir={notebook.parent}", f"--LabApp.default_url=/lab/tree/{notebook.name}"]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ours, *(["--allow-root"] if is_root else []), *extra]


def jupyter_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return three variables for this run alone, so that the student's own settings and themes stay as they are.

    The first adds our folder of defaults (no question about Jupyter's news) to those that Jupyter reads; the student's
    settings still take precedence. The second makes Jupyter prefer the course's kernel to one in the student's home
    folder. The third lets a terminal in JupyterLab find ``ncl-course``, even if the environment was not activated.
    """
    commands = [str(Path(sys.executable).parent), environment.get("PATH", "")]
    paths = [environment.get("JUPYTER_CONFIG_PATH", ""), str(Path(__file__).with_name("jupyter"))]
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)),
        "JUPYTER_PREFER_ENV_PATH": environment.get("JUPYTER_PREFER_ENV_PATH", "1"),
        "PATH": os.pathsep.join(filter(None, commands)),
    }


def open_jupyterlab(arguments: list[str]) -> None:
    """Run JupyterLab in this process until the student stops it, so that Ctrl-C reaches only JupyterLab."""
    os.environ.update(jupyter_environment(os.environ))
    from jupyterlab.labapp import main

    main(arguments)
