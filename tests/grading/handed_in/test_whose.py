"""Find whose a notebook is: flat folders, platforms' names, copied names, and uncertain cases."""

from __future__ import annotations

import os
import unicodedata

import pytest

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.flat import named
from tests.grading.zips import notebook, packed, write_zip

LESSON = "01_pooling.ipynb"


def tree(root, *names):
    """Make a folder with those files: notebooks, or something else by their endings."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook() if name.endswith((".ipynb", ".txt", ".json")) else b"x")
    return root


def students(*paths):
    """Return the students, each once."""
    return sorted({one.student for one in collect(paths)})


def doubts(*paths):
    """Return the doubt about each file."""
    return {one.file: one.doubt for one in collect(paths) if one.doubt}


FLAT = [
    (
        ["01_pooling - Anna Berg", "Ivanov_01_pooling", "Копия 01_pooling - Пётр Орлов"],
        ["Anna Berg", "Ivanov", "Пётр Орлов"],
    ),
    (["anna", "boris"], ["anna", "boris"]),
    (["anna_01_pooling", "anna_02_activations", "Boris 01_pooling"], ["Boris", "anna"]),
    (["Anna Berg - 01_pooling", "01_pooling_anna_berg-Copy1"], ["anna_berg"]),
    (["Ivanov_01", "Petrov_01"], ["Ivanov", "Petrov"]),
    (["pooling_Ivanov", "activations_Ivanov", "Petrov-Pooling"], ["Ivanov", "Petrov"]),
    (["Иванов Иван — 01_pooling (финальная версия)", "Петрова 01_pooling копия"], ["Иванов Иван", "Петрова"]),
    (["Copy of 01_pooling - Anna", "Копия блокнота _01_pooling.ipynb_ - Boris"], ["Anna", "Boris"]),
    (["01_pooling_2026-10-12_Anna", "2026-10-12 20-41 01_pooling Boris"], ["Anna", "Boris"]),
    (["st123456_01_pooling", "st123457_01_pooling", "123458_01_pooling"], ["123458", "st123456", "st123457"]),
    (["student_1_01_pooling", "student_2_01_pooling"], ["student_1", "student_2"]),
    (["01_pooling Anna final", "hw1_01_pooling_Boris_v2"], ["Anna", "Boris"]),
    (["ИВТ-21_Иванов_01_pooling", "ИВТ-22_Иванов_01_pooling"], ["ИВТ-21_Иванов", "ИВТ-22_Иванов"]),
    (["Wang Ru 01_pooling", "Wang En 01_pooling"], ["Wang En", "Wang Ru"]),
    (["Ivanov_01_pooling_ru", "Ivanov 02_activations_en", "Petrov 01_pooling"], ["Ivanov", "Petrov"]),
    (["lab_1_20417_01_pooling", "lab_1_20418_01_pooling", "lab_1_20418_02_activations"], ["20417", "20418"]),
    (
        ["01_pooling 12.10.2026 Anna", "01_pooling 13.10.2026 20.41 Boris", "01_pooling 20261012_204100 Clara"],
        ["Anna", "Boris", "Clara"],
    ),
    (["Anna_01_pooling__20221104104101", "Boris_01_pooling"], ["Anna", "Boris"]),  # renamed by nbgitpuller
    (["hand_in - Anna", "boris_hand_in (2)", "hand-in_Clara copy 3"], ["Anna", "Clara", "boris"]),
    (["Иванов (ivanov@example.org) 01_pooling", "Орлова ДЗ1 исправленное"], ["Иванов (ivanov@example.org)", "Орлова"]),
]


@pytest.mark.parametrize(("stems", "expected"), FLAT, ids=lambda value: value[0])
@pytest.mark.parametrize("how", ["folder", "zip", "files"])
def test_notebooks_in_one_folder_are_grouped_by_what_their_names_say_beside_the_lesson(tmp_path, stems, expected, how):
    names = [f"{stem}.ipynb" for stem in stems]
    folder = tree(tmp_path / "inbox", *names)
    paths = {"folder": [folder], "files": [folder / name for name in names]}
    paths["zip"] = [write_zip(tmp_path / "inbox.zip", dict.fromkeys(names, notebook()))]
    assert students(*paths[how]) == expected
    assert not doubts(*paths[how])


@pytest.mark.parametrize(
    "stems",
    [
        ["01_pooling", "02_activations", "06_train_cnn", "00_start"],
        ["01_pooling", "01_pooling-Copy1"],
        ["pooling", "Lesson-02 activations"],
        ["01_pooling (1)", "hw_02_final"],
        ["anna_01_pooling", "02_activations", "Anna K - 03_linear_softmax"],
        ["homework"],
    ],
)
def test_plain_names_of_lessons_one_file_each_are_the_folders_one_students(tmp_path, stems):
    folder = tree(tmp_path / "anna k", *(f"{stem}.ipynb" for stem in stems))
    assert students(folder) == ["anna k"]
    assert not doubts(folder)
    assert students(*sorted(folder.iterdir())) == ["anna k"]


@pytest.mark.parametrize(
    ("names", "doubtful", "why"),
    [
        (
            ["01_pooling", "01_pooling (1)", "02_activations"],
            ["01_pooling", "01_pooling (1)"],
            "their names name no student",
        ),
        (["Копия 01_pooling", "01_pooling"], ["Копия 01_pooling", "01_pooling"], "their names name no student"),
        (["homework", "homework (1)"], ["homework", "homework (1)"], "their names name no student"),
        (["Untitled", "Untitled1"], ["Untitled", "Untitled1"], "their names name no student"),
        (
            ["notebook1a2b3c4d5e", "notebook5f6a7b8c9d"],
            ["notebook1a2b3c4d5e", "notebook5f6a7b8c9d"],
            "their names name no student",
        ),
        (["01_pooling", "01_pooling copy 2"], ["01_pooling", "01_pooling copy 2"], "their names name no student"),
        (["Ivanov_01_pooling", "hand_in (1)"], ["hand_in (1)"], "The notebooks beside it have students' names"),
        (["Ivanov_01_pooling", "02_activations"], ["02_activations"], "The notebooks beside it have students' names"),
        (["Ivanov_01_pooling", "Ivanov_01_pooling (1)"], ["Ivanov_01_pooling", "Ivanov_01_pooling (1)"], "same name"),
        (["Ivanov 01_pooling", "01_pooling ivanov"], ["Ivanov 01_pooling", "01_pooling ivanov"], "same name"),
        (
            ["Ivanov_01_pooling_final", "Ivanov_01_pooling"],
            ["Ivanov_01_pooling_final", "Ivanov_01_pooling"],
            "attempts",
        ),
    ],
)
def test_what_names_leave_open_is_said(tmp_path, names, doubtful, why):
    folder = tree(tmp_path / "inbox", *(f"{name}.ipynb" for name in names))
    said = doubts(folder)
    assert said.keys() == {f"inbox/{name}.ipynb" for name in doubtful}
    assert all(why in doubt for doubt in said.values())


def test_a_name_that_says_nobody_beside_students_folders_is_said(tmp_path):
    folder = tree(tmp_path / "class", f"anna/{LESSON}", LESSON, "Boris_01_pooling.ipynb")
    assert students(folder) == ["Boris", "anna", "class"]
    assert doubts(folder).keys() == {f"class/{LESSON}"}


CLASSES = [
    ["class/Ivanov_01_pooling.ipynb", "class/Petrov_01_pooling.ipynb"],
    ["submitted/anna/ps1/01_pooling.ipynb", "submitted/boris/ps1/01_pooling.ipynb"],
    ["Submitted files/Anna Berg/Version 1/01_pooling.ipynb", "Submitted files/Пётр/Version 2/01_pooling.ipynb"],
]
ONE_STUDENTS = [
    ["anna/en/01_pooling.ipynb", "anna/ru/01_pooling.ipynb"],
    ["anna/ps1/01_pooling.ipynb", "anna/ps2/02_activations.ipynb"],
    ["anna/old/01_pooling.ipynb", "anna/final/01_pooling.ipynb", "anna/01_pooling.ipynb"],
    ["anna/work/en/01_pooling.ipynb", "anna/work/en/02_activations.ipynb"],
]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("outer", ["ДЗ1", "hw_2", "Submissions"])
def test_notebooks_in_an_outer_folder_that_names_nobody_are_their_students(tmp_path, outer, zipped):
    names = [f"{outer}/Иванов.ipynb", f"{outer}/Петров.ipynb"]
    folder = tree(tmp_path / "given", *names)
    path = write_zip(tmp_path / "given.zip", dict.fromkeys(names, notebook())) if zipped else folder
    assert students(path) == ["Иванов", "Петров"]
    assert not doubts(path)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("names", CLASSES)
def test_the_class_in_an_outer_folder_is_said(tmp_path, names, zipped):
    path = tree(tmp_path / "given", *names)
    if zipped:
        path = write_zip(tmp_path / "given.zip", dict.fromkeys(names, notebook()))
    said = doubts(path)
    assert said.keys() == {*names}
    assert all("If it holds the whole class, give its own path (unpack" in why for why in said.values())
    outer = names[0].split("/")[0]
    assert len(students(tmp_path / "given" / outer)) == 2
    assert not doubts(tmp_path / "given" / outer)


GROUPS = [
    [f"{path}/01_pooling.ipynb" for path in ("21/Ivanov", "21/Petrov", "22/Orlov/lab1", "22/Petrov", "22/Berg")],
    [f"{state} files/{who}/HW/01_pooling.ipynb" for state in ("Submitted", "Working") for who in ("Anna", "Boris")],
    ["monday/Anna.zip", *(f"{path}/01_pooling.ipynb" for path in ("monday/Boris", "friday/Dan", "friday/Eve"))],
]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("names", GROUPS)
def test_folders_of_groups_are_said_and_each_can_be_given_by_its_own_path(tmp_path, names, zipped):
    files = {name: packed({LESSON: notebook()}) if name.endswith(".zip") else notebook() for name in names}
    path = write_zip(tmp_path / "class.zip", files) if zipped else tree(tmp_path / "class", *files)
    if not zipped:
        for name, content in files.items():
            (path / name).write_bytes(content)
        groups = [path / group for group in sorted({name.partition("/")[0] for name in names})]
        people = {name.split("/")[1].removesuffix(".zip") for name in names}
        assert students(*groups) == sorted(people)
        assert not doubts(*groups)
    said = doubts(path)
    assert len(said) == len(names)
    assert all("It holds notebooks with several students' names" in why for why in said.values())


REPOSITORIES = [f"hw1-{who}/{part}/en/{LESSON}" for who in ("anna", "boris", "clara") for part in ("notebooks", "work")]


@pytest.mark.parametrize(
    "names",
    [
        REPOSITORIES,
        [f"{who}/{attempt}/{LESSON}" for who in ("anna", "boris") for attempt in ("attempt 1", "attempt 2")],
        [f"{path}/{LESSON}" for path in ("anna/first", "anna/again", "boris/first", "boris/again", "clara/first")],
        [f"anna/{LESSON}", "boris/my course/01_pooling.ipynb", "boris/other try/01_pooling.ipynb", f"clara/{LESSON}"],
    ],
)
def test_the_same_folders_of_each_student_and_odd_ones_of_a_few_are_no_groups(tmp_path, names):
    path = tree(tmp_path / "class", *names)
    assert students(path) == sorted({name.partition("/")[0] for name in names})
    assert not doubts(path)


@pytest.mark.parametrize("names", ONE_STUDENTS)
def test_the_only_students_own_folders_are_no_class(tmp_path, names):
    path = tree(tmp_path / "given", *names)
    assert students(path) == ["anna"]
    assert not doubts(path)


def test_folders_of_lessons_hold_students(tmp_path):
    folder = tree(
        tmp_path / "class", "01_pooling/Ivanov.ipynb", "01_pooling/Petrov.ipynb", "02_activations/Petrov.ipynb"
    )
    assert students(folder) == ["Ivanov", "Petrov"]
    own = tree(tmp_path / "anna", f"01_pooling/{LESSON}", "02_activations/02_activations.ipynb")
    assert students(own) == ["anna"]
    assert not doubts(folder, own)


def test_blackboards_download_names_a_student_each(tmp_path):
    begin = [
        f"Homework 1_{who}_attempt_2026-10-12-20-41-0{n}" for n, who in enumerate(("apetrova", "borlov", "cvolkova"))
    ]
    folder = tree(tmp_path / "gradebook", f"{begin[0]}_{LESSON}", f"{begin[1]}_my work.ipynb", f"{begin[2]}_a.py")
    for name in begin:
        (folder / f"{name}.txt").write_text("Name: …")
    found = {one.student: bool(one.refused) for one in collect([folder])}
    assert found == {"apetrova": False, "borlov": False, "cvolkova": True}
    assert not doubts(folder)


FRIEND = "Friend_12_assignsubmission_file_"
BORROWED = [
    (f"mallory/{FRIEND}/{LESSON}", f"friend/{LESSON}"),
    (f"Mallory_13_assignsubmission_file_/{FRIEND}/{LESSON}", f"{FRIEND}/{LESSON}"),
    ("mallory/friend_4711_815_01_pooling.ipynb", f"friend/{LESSON}"),
    ("mallory_13_900_work/friend_4711_815_01_pooling.ipynb", f"friend/{LESSON}"),
    (f"mallory/submission_1/{LESSON}", "mallory/submission_metadata.yml", f"friend/{LESSON}"),
    (f"mallory/{FRIEND}/{LESSON}", f"mallory/Other_14_assignsubmission_file_/{LESSON}", f"friend/{LESSON}"),
    (f"mallory/ps1/{FRIEND}/{LESSON}", f"friend/ps1/{LESSON}"),
    ("mallory/HW_friend_attempt_2026-10-12-20-41-00_01_pooling.ipynb", f"friend/{LESSON}"),
]


@pytest.mark.parametrize("names", BORROWED)
@pytest.mark.parametrize("zipped", [False, True])
def test_no_name_inside_a_students_folder_claims_another_owner(tmp_path, names, zipped):
    files = dict.fromkeys(names, notebook()) | {
        name: b"submission_1:\n  :submitters:\n  - :name: friend\n" for name in names if name.endswith(".yml")
    }
    if zipped:
        path = write_zip(tmp_path / "class.zip", files)
    else:
        path = tree(tmp_path / "class", *files)
        for name, content in files.items():
            (path / name).write_bytes(content)
    found = collect([path])
    theirs = [one for one in found if one.student.lower().startswith("friend")]
    assert len(theirs) == 1
    assert "allory" not in theirs[0].file
    assert not [one.id for one in found if one.id and not one.file.startswith(("Mallory_13", "Friend_12"))]


@pytest.mark.parametrize(
    "inner", [f"{FRIEND}/{LESSON}", "friend_4711_815_01_pooling.ipynb", "mallory_4711_815_01_pooling.ipynb"]
)
def test_no_name_inside_a_students_zip_claims_another_owner_or_number(tmp_path, inner):
    mallory = packed({inner: notebook()})
    folder = tree(tmp_path / "class", f"friend/{LESSON}")
    (folder / "mallory.zip").write_bytes(mallory)
    packs = write_zip(tmp_path / "all.zip", {"mallory.zip": mallory, "friend.zip": packed({LESSON: notebook()})})
    for path in (folder, packs):
        found = {one.student: (one.id, one.file.split("/")[0]) for one in collect([path])}
        assert found.keys() == {"friend", "mallory"}
        assert found["friend"][1].startswith("friend")
        assert found["mallory"] == ("", "mallory.zip")


MOODLES, BRIGHTSPACES = "{}_{}_assignsubmission_file_", "{}-77 - {} - {}"
EARLY, LATE = "Sep 1, 2026 100 AM", "Sep 24, 2026 926 PM"


@pytest.mark.parametrize("flat", [False, True])
def test_no_name_that_a_student_chose_in_moodle_claims_another_owner(tmp_path, flat):
    borrowed = MOODLES.format("Friend", 12)
    names = [borrowed, MOODLES.format(borrowed, 13), MOODLES.format("Other", 14)]
    folder = tree(tmp_path / "class", *(f"{name}{'' if flat else '/'}{LESSON}" for name in names))
    if flat:
        said = doubts(folder)
        assert [*said] == [f"class/{names[1]}{LESSON}"]
        assert "form that Moodle gives twice" in said[f"class/{names[1]}{LESSON}"]
    else:
        assert not doubts(folder)
        found = {(one.student, one.id) for one in collect([folder])}
        assert found == {("Friend", "12"), (borrowed, "13"), ("Other", "14")}


@pytest.mark.parametrize("flat", [False, True])
def test_no_name_that_a_student_chose_in_brightspace_claims_another_time(tmp_path, flat):
    names = [BRIGHTSPACES.format(1, who, LATE) for who in ("Anna", f"Boris - {EARLY}")]
    folder = tree(tmp_path / "class", *(f"{name}{' - ' if flat else '/'}{LESSON}" for name in names))
    assert [one.handed for one in collect([folder]) if not one.doubt] == ["Sep 24, 2026 9:26 PM"] * (1 if flat else 2)
    assert len(doubts(folder)) == flat


def test_among_the_paths_of_single_students_a_borrowed_name_claims_nothing_and_is_said(tmp_path):
    mallory = tree(tmp_path / "mallory", f"{FRIEND}/{LESSON}")
    friend, boris = tree(tmp_path / "friend", LESSON), tree(tmp_path / "boris", f"ps1/{LESSON}")
    assert students(mallory, friend, boris) == ["friend", "mallory", "ps1"]
    assert [*doubts(mallory, friend, boris)] == [f"mallory/{FRIEND}/{LESSON}"]
    zips = [
        write_zip(tmp_path / "zips" / "mallory.zip", {"friend_4711_815_01_pooling.ipynb": notebook()}),
        write_zip(tmp_path / "zips" / "friend.zip", {LESSON: notebook()}),
    ]
    assert [(one.student, one.id) for one in collect(zips)] == [("friend", ""), ("mallory", "")]


def test_a_download_beside_a_single_student_stays_a_download(tmp_path):
    names = [f"{who}_{n}_assignsubmission_file_/{LESSON}" for n, who in enumerate("abc")]
    moodle, late = tree(tmp_path / "moodle", *names), tree(tmp_path / "late", LESSON)
    assert students(moodle, late) == ["a", "b", "c", "late"]
    assert not doubts(moodle, late)


def test_a_download_of_one_student_in_an_outer_folder_is_not_believed_and_said(tmp_path):
    tree(tmp_path / "given" / "mallory", f"{FRIEND}/{LESSON}")
    assert students(tmp_path / "given") == ["mallory"]
    assert "If it is a download, give its own path" in doubts(tmp_path / "given")[f"mallory/{FRIEND}/{LESSON}"]
    assert students(tmp_path / "given" / "mallory") == ["Friend"]


def test_a_file_that_somebody_put_into_a_download_is_said(tmp_path):
    names = [f"{who}_{n}11_815_01_pooling.ipynb" for n, who in enumerate("abc", start=1)]
    folder = tree(tmp_path / "canvas", *names, "Dima_01_pooling.ipynb")
    assert students(folder) == ["Dima", "a", "b", "c"]
    assert "the form that Canvas gives, and this one does not" in doubts(folder)["canvas/Dima_01_pooling.ipynb"]


def test_paths_that_hold_one_folder_of_the_same_name_are_said(tmp_path):
    paths = [tree(tmp_path / who, f"ps1/{LESSON}") for who in ("anna", "boris")]
    assert len(doubts(*paths)) == 2
    assert not doubts(tmp_path)
    other = tree(tmp_path / "hw2", "ps1/02_activations.ipynb")
    assert not doubts(paths[0], other)
    assert not doubts(paths[0], paths[0])


@pytest.mark.parametrize("name", ["Пётр Йолкин", "Zoë Brontë", "Nguyễn Ái"])
def test_names_are_compared_in_nfc(tmp_path, name):
    apart = unicodedata.normalize("NFD", name)
    first = tree(tmp_path / "hw1", f"{name}/{LESSON}")
    second = tree(tmp_path / "hw2", f"{apart}/02_activations.ipynb")
    assert apart != name
    assert students(first, second) == [name]
    assert students(write_zip(tmp_path / "a.zip", {f"{apart}_7_assignsubmission_file_/{LESSON}": notebook()})) == [name]


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "koi8-r"])
def test_names_that_are_not_utf_8_stay_apart_and_can_be_found_again(tmp_path, encoding):
    raw = ["Анна".encode(encoding), "Бела".encode(encoding)]
    literal = "".join(f"\\x{byte:02x}" for byte in raw[0])
    for name in (*map(os.fsdecode, raw), literal, "Анна"):
        tree(tmp_path / "class", f"{name}/{LESSON}")
    found = collect([tmp_path / "class"])
    assert len({one.student for one in found}) == len({(one.student, one.file) for one in found}) == 4
    shown = {os.fsencode(one.path.parent.name): one.student for one in found}
    assert shown[raw[0]] == literal
    assert shown[raw[0]].encode("latin-1").decode("unicode_escape").encode("latin-1") == raw[0]
    assert shown[literal.encode()] == literal.replace("\\", "\\\\")


def test_no_two_submissions_have_the_same_name(tmp_path):
    names = [f"a/{LESSON}", f"a\\{LESSON}"]
    found = collect([write_zip(tmp_path / "x.zip", [(f"anna/{name}", notebook()) for name in names])])
    assert len({(one.student, one.file) for one in found}) == len(found) == 2


LEFTOVERS = [
    ".virtual_documents/01_pooling.ipynb",
    "~$01_pooling.ipynb",
    ".~01_pooling.ipynb",
    ".venv/lib/site-packages/demo/example.ipynb",
    "lib/site-packages/demo/example.ipynb",
    "my python/pyvenv.cfg.d/x.ipynb",
    ".ipynb_checkpoints/01_pooling-checkpoint.ipynb",
    ".Trash-1000/files/01_pooling.ipynb",
    "node_modules/x/y.ipynb",
    "._01_pooling.ipynb",
]


@pytest.mark.parametrize("zipped", [False, True])
def test_leftovers_beside_a_notebook_are_passed_over(tmp_path, zipped):
    names = [name.replace("pyvenv.cfg.d/x.ipynb", "lib/x.ipynb") for name in LEFTOVERS] + ["my python/pyvenv.cfg"]
    names = [f"anna/{LESSON}", *(f"anna/{name}" for name in names), f"boris/{LESSON}", *(f"boris/{n}" for n in names)]
    path = tree(tmp_path / "class", *names)
    if zipped:
        path = write_zip(tmp_path / "class.zip", {name: (path / name).read_bytes() for name in names})
    found = collect([path])
    assert [(one.student, one.file, one.refused) for one in found] == [
        ("anna", f"anna/{LESSON}", ""),
        ("boris", f"boris/{LESSON}", ""),
    ]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("folder", ["boris", "boris/work"])
def test_notebooks_in_the_same_folder_as_an_installed_python_are_found(tmp_path, folder, zipped):
    names = [f"anna/{LESSON}", *(f"{folder}/{name}" for name in ("pyvenv.cfg", LESSON, "share/example.ipynb"))]
    path = tree(tmp_path / "class", *names)
    if zipped:
        path = write_zip(tmp_path / "class.zip", {name: (path / name).read_bytes() for name in names})
    assert [one.file for one in collect([path])] == [f"anna/{LESSON}", f"{folder}/{LESSON}"]


@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_that_is_named_like_a_notebook_is_told_unless_there_is_one_in_it(tmp_path, zipped):
    files = {f"anna/{LESSON}/cells.json": b"{}", f"boris/{LESSON}/{LESSON}": notebook(), f"clara/{LESSON}/": b""}
    if zipped:
        path = write_zip(tmp_path / "class.zip", files)
    else:
        path = tree(tmp_path / "class", *(name for name in files if not name.endswith("/")))
        (path / "clara" / LESSON).mkdir(parents=True)
    said = {one.student: one.refused for one in collect([path])}
    assert said["anna"] == said["clara"]
    assert said["clara"].startswith("This is a folder with the name of a notebook")
    assert said["boris"] == ""
    assert len(said) == len(collect([path])) == 3


def test_a_folder_named_like_a_notebook_that_is_given_itself_is_told(tmp_path):
    (tmp_path / LESSON).mkdir()
    (one,) = collect([tmp_path / LESSON])
    assert one.refused.startswith("This is a folder with the name of a notebook")


@pytest.mark.parametrize("target", [".", "..", "../..", "work"])
def test_a_link_that_leads_back_into_the_same_folder_adds_nothing(tmp_path, target):
    folder = tree(tmp_path / "class", f"anna/{LESSON}", "anna/work/notes.txt")
    (folder / "anna" / "again").symlink_to(target)
    inside = target != "../.."
    assert [one.file for one in collect([folder])][:1] == [f"anna/{LESSON}"]
    assert len(collect([folder])) == (1 if inside else 2), "a link to the outside is told"


def test_a_link_to_another_students_folder_is_told(tmp_path):
    folder = tree(tmp_path / "class", f"anna/{LESSON}")
    (folder / "boris").symlink_to("anna")
    assert [(one.student, bool(one.refused)) for one in collect([folder])] == [("anna", False), ("boris", True)]


def test_folders_that_lie_very_deep_are_told_and_not_opened(tmp_path):
    deep = tmp_path / "class" / "anna"
    for _ in range(80):
        deep /= "d"
    tree(deep, LESSON)
    tree(tmp_path / "class", f"boris/{LESSON}")
    found = {one.student: one.refused for one in collect([tmp_path / "class"])}
    assert found["boris"] == ""
    assert "more than 64 deep" in found["anna"]


@pytest.mark.parametrize(
    ("stem", "student", "lesson"),
    [
        ("01_pooling", "", "01_pooling"),
        ("Lesson-01-Pooling", "", "01_pooling"),
        ("03_linear_softmax-Copy2", "", "03_linear_softmax"),
        ("train_cnn - Ольга", "Ольга", "06_train_cnn"),
        ("дз 1 Иванов", "Иванов", ""),
        ("Untitled3", "", ""),
        ("spooling_team", "spooling_team", ""),
        (" " * 60_000 + "(1", "", ""),
    ],
)
def test_a_files_name_says_a_student_and_a_lesson(stem, student, lesson):
    assert (named(stem).student, named(stem).lesson) == (student, lesson)


def test_notebooks_of_any_names_in_the_only_students_folder_are_no_class(tmp_path):
    tree(tmp_path / "given" / "anna", "a.ipynb", "b.ipynb", "01_pooling_anna.ipynb", "02_activations_anna_k.ipynb")
    assert students(tmp_path / "given") == ["anna"]
    assert not doubts(tmp_path / "given")
