"""Count a group's one submission for each of its members. No side effects."""

from __future__ import annotations

from dataclasses import replace

from ncl_course.grading.entry import Entry
from ncl_course.grading.results import Results
from ncl_course.grading.term.roster import Person, Roster


def credited(results: Results, roster: Roster) -> Results:
    """Return the results with an entry for each partner who handed in nothing for a lesson, as the group's best one.

    A partner's own notebook always counts for that partner.
    """
    whose = {entry.key: roster.of_entry(entry) for entry in results.submissions}
    own = {(whose[entry.key], entry.lesson) for entry in results.submissions if whose[entry.key].name}
    called: dict[Person, Entry] = {whose[entry.key]: entry for entry in results.submissions}
    shared: dict[tuple[Person, str | None], Entry] = {}
    for entry in results.graded:
        for partner in roster.partners(whose[entry.key]):
            place = (partner, entry.lesson)
            if place not in own and (place not in shared or (shared[place].mark or 0.0) < (entry.mark or 0.0)):
                shared[place] = entry
    further = [
        replace(entry, student=name_of(partner, called), id=number_of(partner, called))
        for (partner, _), entry in shared.items()
    ]
    everything = sorted((*results.submissions, *further), key=lambda one: (one.student, one.lesson or "", one.file))
    return replace(results, submissions=tuple(everything))


def name_of(person: Person, called: dict[Person, Entry]) -> str:
    """Return the name under which a person's own submissions are in the results, or else the roster's."""
    return called[person].student if person in called else person.name


def number_of(person: Person, called: dict[Person, Entry]) -> str:
    """Return the number that a platform gave a person, as a submission or the platform's sheet tells it."""
    return called[person].id if person in called else person.platform
