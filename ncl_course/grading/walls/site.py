"""The parts that all workers of one run share: the walls, and a fork server for each slot."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.life import Life, Server, Spawned
from ncl_course.grading.walls.process import Limits, Process
from ncl_course.grading.walls.sandbox import Mode, Walls
from ncl_course.grading.walls.users import User, claim

NUMBERS = itertools.count()
"""Workers are numbered across all sites of this process. If the machine is slow to remove ended processes, they still
count for the limit on processes of the next worker with the same id.
"""


@dataclass
class Site:
    """Starts workers, and ends them all. Leaving its ``with`` ends the fork servers."""

    walls: Walls
    live: set[Process] = field(default_factory=set)
    servers: dict[tuple[int, bool], Server] = field(default_factory=dict)
    numbers: Iterator[int] = NUMBERS
    closed: bool = False

    def start(self, slot: int, limits: Limits, cells: int, *, lends: bool = False) -> Process:
        """Start a process for a notebook of that many cells; one slot has one process at a time, and one thread.

        Beside it, the slot can have one with ``lends``, which holds the key's layers and has a fork server of its own.

        A slot's fork server ends with the thread that has started it (bubblewrap dies with its parent).

        Raises:
            SandboxError: if it did not start, or if the run is being stopped.
        """
        if self.closed:
            raise SandboxError("the run was stopped")
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                life = self.life((slot, lends), theirs)
            process = Process(life, ours, limits, cells)
        except BaseException:
            ours.close()
            raise
        self.live.add(process)
        return process

    def life(self, slot: tuple[int, bool], channel: socket.socket) -> Life:
        """Start a worker that serves the channel, as a user that nobody has and no worker has had lately."""
        if not self.walls.forks:
            return Spawned(self.walls, self.user(), channel.fileno())
        if slot in self.servers:
            try:
                return self.servers[slot].fork(channel, self.user())
            except SandboxError:  # it was lost, and a new one replaces it
                self.servers[slot].close()
        self.servers[slot] = Server(self.walls)
        return self.servers[slot].fork(channel, self.user())

    def user(self) -> User | None:
        """Return a user for a worker, if root starts it behind walls."""
        return claim(self.numbers) if os.geteuid() == 0 and self.walls.mode is not Mode.NONE else None

    def end(self, process: Process) -> None:
        """End one process."""
        process.close()
        self.live.discard(process)

    def end_all(self) -> None:
        """End every process and start no more."""
        self.closed = True
        for process in tuple(self.live):
            process.kill()
        for server in tuple(self.servers.values()):
            server.kill()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end_all()
        for process in tuple(self.live):
            self.end(process)
        for server in self.servers.values():
            server.close()
