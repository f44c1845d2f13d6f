"""Files that were made to cost the grader's own process much cost it little: listing them and naming their owners.

What is in the notebooks is read in a child process with limits of its own (``test_parser.py``).
"""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest

from ncl_course.grading.handed_in.collect import collect

CPU_SECONDS, MEMORY_MB = 20, 300
"""The most that one of these may take of the grader's own process; each takes less than 3 s and 60 MB."""


def zipped(files):
    """Return the bytes of a zip with those files."""
    there = io.BytesIO()
    with zipfile.ZipFile(there, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return there.getvalue()


def many(count):
    """Return a zip of so many notebooks for one lesson."""
    return zipped({f"{number}/01_pooling.ipynb": "{}" for number in range(count)})


def ending(count, size, place=0):
    """Return the end of a zip that says how many files its list of contents has, how long it is, and where it is."""
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, place, 0)


def ending_of_large(size):
    """Return the end of a large zip, which states the length of its list in 64 bits."""
    more = 0xFFFF, 0xFFFFFFFF
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2**40, 2**40, size, 0)
    where = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    return end + where + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, more[0], more[0], more[1], more[1], 0)


EMPTY = b"PK\1\2" + bytes(42)
"""The shortest entry in a list of contents: a file without a name."""

PADDED = (b"12345678" * 16 + bytes(12_000)) * 2_500
"""30 MB that take 200 kB in a zip: put before a student's own zip, which remains one."""

MANY = many(1_900)
METADATA, HEAD = "submission_metadata.yml", ":submission_1: "
PERSON = ":submission_1:\n  :submitters:\n  - :name: " + "x" * 200 + "\n"
NASTY = {
    "2,000 notebooks of one student in a zip": ({"a/x.zip": many(1_999)}, 101),
    "300 zips of 1,900 notebooks of one student": ({f"a/{number}.zip": MANY for number in range(300)}, 101),
    "20,000 notebooks of one student in a zip": ({"a/x.zip": many(20_000)}, 1),
    "a zip in a student's zip": ({"a/x.zip": zipped({"y.zip": many(1_900)})}, 1),
    "1,000 zips of one student": ({f"a/{number}.zip": zipped({"a.zip": "x"}) for number in range(1_000)}, 101),
    "a zip that says its list has 2**40 bytes": ({"a/x.zip": ending_of_large(2**40)}, 1),
    "a zip that says its list has 2**63 bytes": ({"a/x.zip": ending_of_large(2**63)}, 1),
    "a list that is longer than it says": ({"a/x.zip": EMPTY * 13_000 + ending(1, 46)}, 1),
    "20 lists of 13,000 files without names": (
        {f"a/{number}.zip": EMPTY * 13_000 + ending(13_000, 46 * 13_000) for number in range(20)},
        20,
    ),
    "20 MB of ends of zips": ({"a/x.zip": b"PK\5\6" * 5_000_000}, 1),
    "names of 9,000 folders that look like notebooks": (
        {"a/x.zip": zipped({".ipynb/" * 9_000 + f"{number}.ipynb": "{}" for number in range(9)})},
        9,
    ),
    "20 zips of 30 MB each, in a zip of 4 MB": (
        {"../all.zip": zipped({f"{n}/x.zip": PADDED + many(1) for n in range(20)})},
        20,
    ),
    "5,000 folders in one another, in a zip": ({"a/x.zip": zipped({"b/" * 5_000 + "01_pooling.ipynb": "{}"})}, 1),
    "names of 240 repeated pieces": (
        {
            "a " * 100 + "/" + "01_pooling " * 20 + ".ipynb": "{}",
            "Ivanov_" * 35 + ".ipynb": "{}",
            "1-" * 120 + ".ipynb": "{}",
            "assignsubmission_" * 14 + "/01_pooling.ipynb": "{}",
            "-" * 240 + ".ipynb": "{}",
        },
        5,
    ),
    "a deep list of submitters": (
        {
            "submission_metadata.yml": ":submission_1:\n  :submitters:\n"
            + "".join("  " * depth + "- :a:\n" for depth in range(1_500)),
            "submission_1/01_pooling.ipynb": "{}",
        },
        1,
    ),
    "150,000 open brackets in Gradescope's metadata": (
        {METADATA: HEAD + "[" * 150_000, "submission_1/01_pooling.ipynb": "{}"},
        1,
    ),
    "the same in a student's own zip": (
        {"a/x.zip": zipped({METADATA: HEAD + "{a: " * 75_000, "submission_1/01_pooling.ipynb": "{}"})},
        1,
    ),
    "20,000 names for nodes": (
        {METADATA: HEAD + "".join(f"\n  - &a{n} x" for n in range(20_000)), "submission_1/01_pooling.ipynb": "{}"},
        1,
    ),
    "a long list of submitters": (
        {"submission_metadata.yml": PERSON * 20_000, "submission_1/01_pooling.ipynb": "{}"},
        1,
    ),
}


def peak():
    """Return the most memory, in MB, that this process has had."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured as Linux tells it")
@pytest.mark.parametrize("what", NASTY)
def test_collecting_costs_the_grader_little(what, tmp_path):
    files, count = NASTY[what]
    for name, content in files.items():
        path = (tmp_path / "in" / name).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    given = tmp_path / ("all.zip" if (tmp_path / "all.zip").exists() else "in")
    cpu, memory = time.process_time(), peak()
    found = collect([given])
    assert time.process_time() - cpu < CPU_SECONDS
    assert peak() - memory < MEMORY_MB
    assert len(found) == count
