"""Read the names and times in Gradescope's export: ``submission_metadata.yml`` beside one folder for each submission.

The file holds whole histories of results beside the names. So it is read as a stream of events: nothing in it is
built, no tag is obeyed, and an alias is not replaced by the lines that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ncl_course.grading.handed_in.downloads import Owner, Owners
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

METADATA = "submission_metadata.yml"
FOLDER = re.compile(r"submission_\d+$")
MAX_BYTES = 32 * 2**20
LONGEST_NAME = 200
DEPTH = 4
"""The folder, the word for its students, the place in their list, and the keys of one student."""

SUBMITTERS, WHO = "submitters", ("name", "sid", "email")
CREATED = (("created_at",), ("created_at", "utc"))
"""The keys of the time of a submission; a time with a zone is an object of Ruby."""

Path = tuple[str, ...]


def export(raw: bytes) -> tuple[Owners, dict[str, str]]:
    """Return the students of each submission's folder, and when it was handed in. A group's submission has several.

    Raises:
        UnreadableNotebookError: if the file is too large, or if it is not YAML.
    """
    import yaml

    if len(raw) > MAX_BYTES:
        size = {"size": len(raw) >> 20, "limit": MAX_BYTES >> 20}
        raise UnreadableNotebookError(text("grading.whose.metadata_large", **size))
    found: dict[str, list[dict[str, str]]] = {}
    times: dict[str, str] = {}
    try:
        for path, value in values(raw):
            if not path or not FOLDER.match(path[0]):
                continue
            if path[1:] in CREATED and value:
                times.setdefault(path[0], value[:LONGEST_NAME])
            elif len(path) >= 3 and path[1] == SUBMITTERS:
                people = found.setdefault(path[0], [])
                if len(path) == 3:
                    people.append({})
                elif len(path) == 4 and path[3] in WHO and people:
                    people[-1].setdefault(path[3], value)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableNotebookError(" ".join(str(error).split())[:200]) from None
    owners = {folder: tuple(filter(None, map(owner, people))) for folder, people in found.items()}
    return {folder: students for folder, students in owners.items() if students}, times


def owner(person: dict[str, str]) -> Owner | None:
    """Return a student: the name, and the number or otherwise the address."""
    sid, email = (person.get(key, "").strip()[:LONGEST_NAME] for key in ("sid", "email"))
    name = person.get("name", "").strip()[:LONGEST_NAME] or sid or email
    return Owner(name, sid or email) if name else None


def values(raw: bytes) -> Iterator[tuple[Path, str]]:
    """Yield each outer scalar, and each beginning of an outer mapping, with the keys that lead to it.

    An item of a list has the key ``-``. Ruby writes its keys with a colon in front, which is left out.
    """
    import yaml

    frames: list[Frame] = []
    for event in yaml.parse(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.CollectionEndEvent):
            ended(frames, "", frames.pop().is_key)
        elif isinstance(event, yaml.NodeEvent):
            is_key = bool(frames) and frames[-1].is_mapping and frames[-1].key is None
            outer = len(frames) <= DEPTH and not is_key
            if isinstance(event, yaml.CollectionStartEvent):
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                if is_mapping and outer:
                    yield path_of(frames), ""
                frames.append(Frame(is_mapping, None if is_mapping else "-", is_key))
                continue
            said = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if outer:
                yield path_of(frames), said
            ended(frames, said, is_key)


@dataclass
class Frame:
    """A list or a mapping that has begun: its current key, and whether it is itself a key."""

    is_mapping: bool
    key: str | None
    is_key: bool


def ended(frames: list[Frame], said: str, is_key: bool) -> None:
    """Note that a key or a value has ended: in a mapping, they take turns."""
    if frames and frames[-1].is_mapping:
        frames[-1].key = said.removeprefix(":") if is_key else None


def path_of(frames: list[Frame]) -> Path:
    """Return the keys that lead to a value."""
    return tuple(frame.key or "" for frame in frames)
