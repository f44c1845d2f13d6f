"""Refuse in a sentence what a notebook cannot have while it is graded: an answer from a person, and the network.

The walls refuse these things anyway; here they get words that a student understands.
"""

from __future__ import annotations

import builtins
import getpass
import socket
from typing import Any, NoReturn

from ncl_course.protocol.shell import no_input

NO_NETWORK = "there is no network while a notebook is graded, so nothing can be downloaded"


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


def install() -> None:
    """Put the refusals in place."""
    builtins.input = getpass.getpass = no_input
    socket.getaddrinfo = socket.gethostbyname = no_address
    vars(builtins).update(exit=end, quit=end)
