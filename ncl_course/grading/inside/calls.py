"""Refuse system calls to student code: those that leave traces, reach other processes, or hide memory.

The filter is the kernel's own (seccomp); it cannot be removed again, and every thread has it. ``refusals.py`` holds the
lists. It runs inside the sandbox with only the standard library. If this file does not know the kernel or the machine,
it does nothing, and only the other walls protect.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""On x86_64, numbers from this one on are the same calls in another form."""

LOAD, MASK, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
DUMPABLE, NO_NEW_PRIVILEGES, SECCOMP, FILTER = 4, 38, 22, 2
EVERY_BIT = 0xFFFFFFFF

Condition = tuple[int, int, int]
"""An argument's place, the bits to look at, and their value. Arguments are looked at as 32 bits, as the kernel does."""

Answer = int | None
"""The error that a call returns; 0 if it seems to succeed and does nothing; None if the kernel makes the call."""

Cases = tuple[tuple[tuple[Condition, ...], Answer], ...]
"""The answers for certain arguments; the first case counts all of whose conditions hold."""

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class Rule:
    """The answer to a call.

    Attributes:
        number: the number of the call.
        otherwise: the answer if no case applies.
        cases: the answers for certain arguments.
    """

    number: int
    otherwise: Answer = errno.EPERM
    cases: Cases = ()


def allowed(*alternatives: tuple[Condition, ...]) -> Cases:
    """Return the cases in which a call is made."""
    return tuple((conditions, None) for conditions in alternatives)


def meanings(place: int, values: tuple[int, ...], answer: Answer, bits: int = EVERY_BIT) -> Cases:
    """Return a case with that answer for each value of an argument, or of some of its bits."""
    return tuple((((place, bits, value),), answer) for value in values)


class Program(ctypes.Structure):
    """The structure that the kernel reads: the number of instructions, and their address."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid(rules: Mapping[str, Iterable[Rule]]) -> bool:
    """Put rules on this process and its children for good, by the machine's name; return whether the kernel agreed."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        return False
    return put_on(compiled(machine, rules[machine]))


def compiled(machine: str, rules: Iterable[Rule]) -> bytes:
    """Return the filter for that machine, as the kernel takes it."""
    return instructions(ARCHITECTURES[machine], rules, x32=machine == "x86_64")


def forbid_dumps() -> None:
    """Let nobody keep this process's memory if it crashes, and nobody trace it."""
    ctypes.CDLL(None).prctl(DUMPABLE, 0, 0, 0, 0)


def put_on(code: bytes) -> bool:
    """Give a filter to the kernel; earlier filters stay."""
    kept = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.addressof(kept))
    libc = ctypes.CDLL(None)
    return (
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and libc.prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) == 0
    )


def instructions(architecture: int, rules: Iterable[Rule], *, x32: bool) -> bytes:
    """Return a filter that refuses another architecture's calls, follows the rules, and allows all other calls."""
    refuse = answered(errno.EPERM)
    code: list[Instruction] = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), refuse, (LOAD, 0, 0, NUMBER)]
    code += [(AT_LEAST, 0, 1, X32), refuse] if x32 else []
    for rule in rules:
        body = [one for conditions, answer in rule.cases for one in answered_if(conditions, answer)]
        body.append(answered(rule.otherwise))
        code += [(EQUAL, 0, len(body), rule.number), *body]
    code.append(answered(None))
    return struct.pack("=" + "HBBI" * len(code), *(field for one in code for field in one))


def answered(answer: Answer) -> Instruction:
    """Return the instruction that ends the filter with an answer."""
    return RETURN, 0, 0, ALLOW if answer is None else ERROR | answer


def answered_if(conditions: tuple[Condition, ...], answer: Answer) -> list[Instruction]:
    """Return instructions that give an answer if all conditions hold; otherwise the next instruction follows."""
    code: list[Instruction] = []
    for left, (place, bits, value) in zip(range(len(conditions) - 1, -1, -1), conditions, strict=True):
        code += [(LOAD, 0, 0, ARGUMENTS + 8 * place), (MASK, 0, 0, bits), (EQUAL, 0, 3 * left + 1, value)]
    return [*code, answered(answer)]
