"""Count a group's one submission for each of its members. No side effects.

A partner has the group's mark, with its lateness and the points by hand, and those that a person gave to this partner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ncl_course.grading.entry import Entry
from ncl_course.grading.marks.manual import Manual
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.marks.score import limited
from ncl_course.grading.results import Results
from ncl_course.grading.term.roster import Person, Roster


def credited(results: Results, roster: Roster, manual: Sequence[Manual] = (), policy: Policy | None = None) -> Results:
    """Return the results with an entry for each partner who handed in nothing for a lesson, as the group's best one.

    A partner's own notebook always counts for that partner.

    Args:
        manual: all points by hand.
        policy: the limits of a mark.
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
    copies = [
        replace(entry, student=name_of(partner, called, roster), id=number_of(partner, called))
        for (partner, _), entry in shared.items()
    ]
    further = [with_own_points(entry, manual, policy or Policy()) for entry in copies]
    everything = sorted((*results.submissions, *further), key=lambda one: (one.student, one.lesson or "", one.file))
    return replace(results, submissions=tuple(everything))


def with_own_points(entry: Entry, manual: Sequence[Manual], policy: Policy) -> Entry:
    """Return a partner's entry with the points that a person gave or took from this partner alone."""
    own = [line for line in manual if line.student in entry.names and line.lesson == entry.lesson]
    if not own:
        return entry
    points = limited((entry.mark or 0.0) + sum(line.points for line in own), policy, entry.max_score)
    return replace(entry, final=points, manual=(*entry.manual, *(line.given for line in own)))


def name_of(person: Person, called: dict[Person, Entry], roster: Roster) -> str:
    """Return the name under which a person's own submissions are in the results, or else the roster's.

    If others have that name, too, the roster's number follows it: otherwise nobody could tell whose the mark is.
    """
    if person in called:
        return called[person].student
    return f"{person.name} ({person.id})" if person.id and roster.has_several(person.name) else person.name


def number_of(person: Person, called: dict[Person, Entry]) -> str:
    """Return the number that a platform gave a person, as a submission or the platform's sheet tells it."""
    return called[person].id if person in called else person.platform
