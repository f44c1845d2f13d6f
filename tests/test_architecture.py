"""The architecture: which room may import which, and how light the public module is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from ncl_course.exercises import ROOMS
from ncl_course.language import LANGUAGES
from tests.prose import files, texts

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ncl_course"
MODULES = sorted(PACKAGE.rglob("*.py"))
STANDARD = set(sys.stdlib_module_names)
MOST_MODULES = 20
FOREIGN = re.compile(
    r"^(What|How|Where|Who|Whose|Does) |\bwhoever\b|\bof (whom|which|whichever)\b|\b(for|to) who\b|\bso none is\b"
    r"|\bon the average\b|\bas ever\b|\b(it|they) (is|are) none\b|\bthat is none\b|\bnobody knows\b|\bis to be had\b"
    r"|\b(?<!here )(is|are|was) no (?!longer|more|such)\w+|\bwhat is (so|said|asked|there|worth)\b|\b(class|map)-wise\b"
    r"|\bone an? (channel|class|epoch|filter|group|layer|map|sample|seed|step)\b|\bmakes? of (it|its|many|them|x)\b"
    r"|\bbut for\b|\bmost telling\b|\bmake ready\b|\bso (many|much) \w+ (are|is)\b",
    re.IGNORECASE,
)
"""Word order and idioms that a reader has to read twice; ``python -m tests.prose`` prints a sample to read."""


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Return every module that a file imports anywhere; relative imports do not occur."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.add(node.module or "")
    return names


def module_name(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """Return the modules of the package that a file imports: ``from room import module`` counts as that module."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if is_module(inner) else node.module or "")
    return found


def is_module(name: str) -> bool:
    """Return whether a dotted name is a module or a folder of the package."""
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or place.is_dir()


def reached(path: Path) -> set[str]:
    """Return the rooms of the package that a file imports."""
    return {name.split(".")[1] for name in imports(path) if name.startswith("ncl_course.")} - {room(path)}


def outside(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, without the standard library and the course itself."""
    return {name.split(".")[0] for name in imports(path)} - STANDARD - {"ncl_course"}


def of_room(*names: str) -> list[Path]:
    return [path for path in MODULES if room(path) in names]


def test_only_oracles_and_experiments_import_torch():
    assert not [path for path in MODULES if "torch" in outside(path) and room(path) not in {"oracles", "experiments"}]


@pytest.mark.parametrize("name", ["exercises", "oracles", "viz"])
def test_a_room_with_content_has_the_six_lessons_folders(name):
    folders = {path.parent.name for path in (PACKAGE / name).glob("*/__init__.py")}
    assert folders == set(ROOMS.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_have_a_file_for_each_lesson(lang):
    files = {path.stem for path in (PACKAGE / "messages" / lang).glob("*.toml")}
    assert files >= set(ROOMS.values())
    assert files == {path.stem for path in (PACKAGE / "messages" / "en").glob("*.toml")}


def test_no_folder_holds_more_modules_than_a_reader_can_survey():
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert not [(folder, count) for folder, count in counts.items() if count > MOST_MODULES]


def test_no_module_imports_itself_in_a_circle():
    """An import inside a function counts, too: it only hides the circle."""
    names = {module_name(path): path for path in MODULES}
    graph = {name: imported(path) & names.keys() - {name} for name, path in names.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_given_pieces_and_the_protocol_need_only_numpy():
    allowed: dict[str, set[str]] = {"nn": set(), "protocol": {"nn"}}
    paths = of_room(*allowed)
    assert not [(path, outside(path)) for path in paths if not outside(path) <= {"numpy"}]
    assert not [(path, reached(path)) for path in paths if not reached(path) <= allowed[room(path)]]


@pytest.mark.parametrize("path", sorted((PACKAGE / "grading" / "inside").glob("*.py")), ids=str)
def test_code_inside_the_sandbox_needs_only_numpy_the_given_pieces_and_the_protocol(path):
    neighbours = {name for name in imports(path) if name.startswith("ncl_course.grading")}
    assert outside(path) <= {"numpy"}
    assert reached(path) <= {"nn", "protocol"}
    assert all(name.startswith("ncl_course.grading.inside") for name in neighbours)


def test_only_the_command_line_imports_grading_or_authoring():
    assert not [
        (path, reached(path)) for path in MODULES if room(path) != "cli" and reached(path) & {"grading", "authoring"}
    ]


@pytest.mark.parametrize(
    ("rooms", "allowed"),
    [
        (("exercises",), {"protocol", "oracles", "nn", "data"}),
        (("oracles",), {"errors", "language", "protocol", "nn"}),
        (("experiments",), {"data", "language", "nn", "oracles", "still"}),
        (("submission",), {"errors", "exercises", "language", "protocol", "worded"}),
        (
            ("viz",),
            {"data", "errors", "experiments", "language", "oracles", "nn", "protocol", "still", "widget", "worded"},
        ),
        (("data",), {"errors", "language"}),
        (("doctor",), {"data", "desk", "installed", "lab", "language", "places"}),
        (("lab",), {"desk", "errors", "installed", "language", "places"}),
        (("installed",), {"desk", "places"}),
        (("desk",), {"errors", "language"}),
        (("keys",), set()),
        (("widget",), set()),
        (("still",), {"keys"}),
        (
            ("checking",),
            {"errors", "exercises", "language", "protocol", "oracles", "nn", "still", "submission", "worded"},
        ),
        (("worded",), {"language", "nn"}),
    ],
)
def test_a_room_imports_only_the_rooms_below_it(rooms, allowed):
    assert not [(path.name, reached(path) - allowed) for path in of_room(*rooms) if reached(path) - allowed]


def test_a_lessons_room_of_pictures_takes_nothing_out_of_another_lessons_room():
    """Code that two lessons draw with is above their rooms: ``viz/axes.py``, ``viz/photo.py`` and so on."""
    rooms = {f"ncl_course.viz.{name}" for name in ROOMS.values()}
    taken = [
        (module_name(path), name)
        for path in of_room("viz")
        for name in imported(path)
        for other in rooms
        if not module_name(path).startswith(f"{other}.") and (name == other or name.startswith(f"{other}."))
    ]
    assert not taken


@pytest.mark.parametrize(
    "module", ["ncl_course", "ncl_course.nn", "ncl_course.exercises", "ncl_course.viz", "ncl_course.cli"]
)
def test_a_public_module_loads_no_heavy_package(module):
    code = f"import sys, {module}; print(*sorted({{'torch', 'matplotlib', 'sklearn', 'nbclient'}} & set(sys.modules)))"
    heavy = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy.stdout.split() == []


def test_the_package_exports_the_names_that_students_need():
    import ncl_course

    assert sorted(ncl_course.__all__) == ["ask", "check", "course_map", "language", "own_layers", "progress"]
    assert all(callable(getattr(ncl_course, name)) for name in ncl_course.__all__)


def test_a_file_states_its_idea_in_its_first_line_and_is_short():
    sources = {path: path.read_text(encoding="utf-8") for path in MODULES}
    silent = [path for path, source in sources.items() if not ast.get_docstring(tree(path))]
    long = [path for path, source in sources.items() if len(source.splitlines()) >= 300]
    assert not silent, "these files do not say what they are for"
    assert not long, "split them: one file, one idea"


def test_there_are_no_rooms_for_odds_and_ends():
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "core", "common", "misc"}]


def test_docstrings_and_comments_are_in_plain_english():
    assert not [(path, line, text) for path in files() for line, text in texts(path) if FOREIGN.search(text)]


def test_nothing_is_written_to_a_terminal_past_the_function_that_cleans_it():
    consoles = [path for path in MODULES if "Console(" in path.read_text(encoding="utf-8")]
    known = ("terminal.py", "grading/terminal.py", "doctor/verb.py")  # the latter two show no student's words
    assert [path.relative_to(PACKAGE).as_posix() for path in consoles if path.name == "terminal.py"] == [
        "grading/terminal.py",
        "terminal.py",
    ]
    assert not [path for path in consoles if path.relative_to(PACKAGE).as_posix() not in known]
