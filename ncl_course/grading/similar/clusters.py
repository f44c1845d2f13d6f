"""Group pairs of similar solutions: those that share code with one another, directly or through others. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ncl_course.grading.similar.pairs import Pair, Solution

MOST_NAMES = 30
"""The names that are listed of one group; the table of pairs has all."""


@dataclass(frozen=True)
class Cluster:
    """Students whose solutions are similar.

    Attributes:
        students: all of them, in order.
        pairs: the number of similar pairs among them.
        least: the similarity of the least similar of these pairs.
        best: the most similar pair, which stands for the group.
    """

    students: tuple[str, ...]
    pairs: int
    least: float
    best: Pair

    @property
    def shown(self) -> tuple[str, ...]:
        """The names to list."""
        return self.students[:MOST_NAMES]

    @property
    def further(self) -> int:
        """The number of names that are not listed."""
        return len(self.students) - len(self.shown)


def clusters(pairs: Iterable[Pair]) -> list[Cluster]:
    """Return the groups, the largest first."""
    roots: dict[int, int] = {}

    def root(number: int) -> int:
        while roots[number] != number:
            roots[number] = roots[roots[number]]
            number = roots[number]
        return number

    everything = list(pairs)
    solutions: dict[int, Solution] = {}
    for pair in everything:
        for one in (pair.first, pair.second):
            solutions[id(one)] = one
            roots.setdefault(id(one), id(one))
        roots[root(id(pair.first))] = root(id(pair.second))
    members: dict[int, set[str]] = {}
    for number, one in solutions.items():
        members.setdefault(root(number), set()).add(one.label)
    of_group: dict[int, list[Pair]] = {}
    for pair in everything:
        of_group.setdefault(root(id(pair.first)), []).append(pair)
    found = [made(members[number], theirs) for number, theirs in of_group.items()]
    return sorted(found, key=lambda one: (-len(one.students), -one.best.likeness, one.students))


def made(students: Iterable[str], pairs: list[Pair]) -> Cluster:
    """Return one group."""
    best = max(pairs, key=lambda pair: pair.likeness)
    return Cluster(tuple(sorted(students)), len(pairs), min(pair.likeness for pair in pairs), best)
