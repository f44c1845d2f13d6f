"""Refuse system calls to student code whose traces in the kernel would outlive the process.

Keys in a user's keyring remain when the process is gone, and the same user's next process sees them; the others reach
into other processes or into parts of the kernel that no exercise needs. The filter is the kernel's own (seccomp); it
cannot be removed again, and every child has it. It runs inside the sandbox with only the standard library. If
this file does not know the kernel or the machine, it does nothing, and only the other walls protect.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Mapping

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""On x86_64, numbers from this one on are the same calls in another form."""

REFUSED = {
    "x86_64": (248, 249, 250, 101, 310, 311, 298, 321, 323, 425, 426, 427, 304, 308),
    "aarch64": (217, 218, 219, 117, 270, 271, 241, 280, 282, 425, 426, 427, 265, 268),
}
"""add_key, request_key, keyctl, ptrace, process_vm_readv and _writev, perf_event_open, bpf, userfaultfd,
io_uring_setup, _enter and _register, open_by_handle_at, setns."""

IN_MEMORY = {"x86_64": (319, 447), "aarch64": (279, 447)}
"""memfd_create and memfd_secret: files that no limit on memory or on the working folder counts."""

CLONE = {"x86_64": (56, 435), "aarch64": (220, 435)}
"""clone, and clone3, whose flags a filter cannot see."""

NEW_NAMESPACES = 0x7E020000
"""clone's flags for namespaces of any kind."""

LOAD, EQUAL, AT_LEAST, ANY_OF, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2

Condition = tuple[int, int, int, int, bool]
"""A call's number, the argument with its flags, the test and its value, and whether the call is then allowed."""

REMOVE_FOLDER, NOT_REPLACING, UNNAMED = 0x200, 1, 0x400000
UNLESS = {
    machine: (
        *((number, 2, ANY_OF, REMOVE_FOLDER, True) for number in unlink),
        *((number, 4, EQUAL, NOT_REPLACING, True) for number in rename),
        *((number, argument, ANY_OF, UNNAMED, False) for number, argument in opened),
    )
    for machine, unlink, rename, opened in (
        ("x86_64", (263,), (316,), ((2, 1), (257, 2))),
        ("aarch64", (35,), (276,), ((56, 2),)),
    )
}
"""unlinkat removes folders only, renameat2 replaces nothing, open and openat make no file without a name."""


class Program(ctypes.Structure):
    """The structure that the kernel reads: the number of instructions, and their address."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid(refused: Mapping[str, tuple[int, ...]] = REFUSED) -> bool:
    """Refuse these calls to this process and its children from now on; return whether the kernel agreed."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        return False
    return put_on(instructions(ARCHITECTURES[machine], refused[machine], x32=machine == "x86_64"))


def forbid_namespaces() -> bool:
    """Refuse new processes in new namespaces; clone3 is unknown from now on, so that clone is used instead."""
    machine = os.uname().machine
    return machine in ARCHITECTURES and put_on(clone_instructions(ARCHITECTURES[machine], *CLONE[machine]))


def forbid_unless(conditions: Mapping[str, tuple[Condition, ...]] = UNLESS) -> bool:
    """Refuse calls by their flags to this process and its children; return whether the kernel agreed."""
    machine = os.uname().machine
    return machine in ARCHITECTURES and put_on(conditional_instructions(ARCHITECTURES[machine], conditions[machine]))


def put_on(code: bytes) -> bool:
    """Give a filter to the kernel; earlier filters stay."""
    kept = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.addressof(kept))
    libc = ctypes.CDLL(None)
    return (
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and libc.prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) == 0
    )


def instructions(architecture: int, refused: tuple[int, ...], *, x32: bool) -> bytes:
    """Return a filter that refuses another architecture's calls and those of the list, and allows all others."""
    tests = [(AT_LEAST, X32)] if x32 else []
    tests += [(EQUAL, number) for number in refused]
    last = len(tests)
    code = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, NUMBER)]
    code += [(test, last - place, 0, value) for place, (test, value) in enumerate(tests)]
    code += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return assembled(code)


def clone_instructions(architecture: int, clone: int, clone3: int) -> bytes:
    """Return the filter for new processes: clone is allowed without flags for namespaces, and clone3 does not exist."""
    code = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, NUMBER)]
    code += [(EQUAL, 0, 1, clone3), (RETURN, 0, 0, UNKNOWN), (EQUAL, 0, 3, clone), (LOAD, 0, 0, FIRST_ARGUMENT)]
    code += [(ANY_OF, 0, 1, NEW_NAMESPACES), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    return assembled(code)


def conditional_instructions(architecture: int, conditions: tuple[Condition, ...]) -> bytes:
    """Return the filter that refuses a call if its flags are not as they must be."""
    code = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, NUMBER)]
    for number, argument, test, value, allowed in conditions:
        where = FIRST_ARGUMENT + 8 * argument
        verdicts = (ALLOW, REFUSE) if allowed else (REFUSE, ALLOW)
        code += [(EQUAL, 0, 4, number), (LOAD, 0, 0, where), (test, 0, 1, value)]
        code += [(RETURN, 0, 0, verdict) for verdict in verdicts]
    return assembled([*code, (RETURN, 0, 0, ALLOW)])


def assembled(code: list[tuple[int, int, int, int]]) -> bytes:
    """Return instructions in the kernel's form: an operation, the jumps if true and if false, and a value."""
    return b"".join(struct.pack("=HBBI", *one) for one in code)
