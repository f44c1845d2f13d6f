"""Refuse in a sentence what a notebook cannot have while it is graded: a person's answer, the network, other programs.

The walls refuse these things anyway; here they get words that a student understands. They are English with a key, by
which the trusted side says them in the reader's language.
"""

from __future__ import annotations

import builtins
import errno
import getpass
import pdb
import socket
from typing import Any, NoReturn

from ncl_course.nn.sentences import said
from ncl_course.protocol import raised
from ncl_course.protocol.inert import silent
from ncl_course.protocol.shell import no_input

NO_NETWORK = said("refused.network", "there is no network while a notebook is graded, so nothing can be downloaded")
NO_PROGRAMS = said(
    "refused.programs", "no other program and no further process can be started while a notebook is graded"
)
NO_PLACE = said(
    "refused.place",
    "while a notebook is graded, it can write files only into its own working folder, under a plain name",
)
NO_FILE = said("refused.file", "a notebook is graded without the other files of your computer")


def no_address(*_args: Any, **_options: Any) -> NoReturn:
    """Stand for ``socket.getaddrinfo``, which every download calls first.

    Raises:
        OSError: always.
    """
    raise socket.gaierror(socket.EAI_NONAME, NO_NETWORK)


def end(*_args: Any) -> NoReturn:
    """Stand for ``exit`` and ``quit``.

    Raises:
        SystemExit: always.
    """
    raise SystemExit


def why_not(error: OSError) -> str:
    """Return why the system refuses something while a notebook is graded, in words; or an empty string."""
    named = error.filename is not None
    if error.errno == errno.EAGAIN or (error.errno == errno.EROFS and not named):  # a lock between processes is a file
        return NO_PROGRAMS
    if error.errno in (errno.EROFS, errno.EACCES) and named:
        return NO_PLACE
    return NO_FILE if error.errno == errno.ENOENT and named else ""


def install() -> None:
    """Put the refusals in place."""
    raised.explainers.append(why_not)
    builtins.input = getpass.getpass = no_input
    pdb.set_trace = silent
    socket.getaddrinfo = socket.gethostbyname = no_address
    vars(builtins).update(exit=end, quit=end)
