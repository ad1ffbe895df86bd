"""Assembles the classic BPF programs that seccomp takes.

Theory of operation: a decision is made by the number of the call, then by its arguments. Numbers are found
by halving, not one after another: when a filter is loaded the kernel runs it for each of some 460 numbers,
twice, and that is most of what loading costs. Every jump goes forward over the left half, so that a program
is a list that is put together from its ends; no labels.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

_LOAD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_AT_LEAST: Final = 0x35
_JUMP_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06

# Offsets in struct seccomp_data.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_ARGUMENTS: Final = 16
_FURTHEST_JUMP: Final = 255

#: Code, jump if true, jump if false, operand.
Instruction: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The argument is one of *values*.

    All checks look at the lower 32 bits: the kernel itself takes no more of a descriptor, a pid or an
    operation, and every bit of the masks lies there.
    """

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The argument has no bit of *mask*."""

    argument: int
    mask: int


@dataclass(frozen=True, slots=True)
class Having:
    """The argument has the one bit *mask*."""

    argument: int
    mask: int


Check: TypeAlias = OneOf | Without | Having


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to a call: *action*, or *otherwise* when a check fails."""

    action: int
    checks: tuple[Check, ...] = ()
    otherwise: int = 0


def assemble(
    rules: Mapping[int, Rule], *, architecture: int, first_foreign: int, default: int, foreign: int
) -> bytes:
    """Return the program that applies *rules* by number and *default* to all other calls.

    Another *architecture*, and numbers from *first_foreign* on, get *foreign*.
    """
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, foreign),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_AT_LEAST, 0, 1, first_foreign),
        (_RETURN, 0, 0, foreign),
        *_search(_intervals(rules, Rule(default))),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _intervals(rules: Mapping[int, Rule], default: Rule) -> list[tuple[int, Rule]]:
    """Return where each stretch of numbers with one rule begins, in order, from 0 on."""
    found = [(0, default)]
    for number in sorted(rules):
        for start, rule in ((number, rules[number]), (number + 1, default)):
            if found[-1][0] == start:
                found.pop()
            if not found or found[-1][1] != rule:
                found.append((start, rule))
    return found


def _search(intervals: Sequence[tuple[int, Rule]]) -> list[Instruction]:
    if len(intervals) == 1:
        return _leaf(intervals[0][1])
    middle = len(intervals) // 2
    below, above = _search(intervals[:middle]), _search(intervals[middle:])
    if len(below) > _FURTHEST_JUMP:
        raise ValueError(f"a filter of {len(below)} instructions below one jump is too long")
    return [(_JUMP_AT_LEAST, len(below), 0, intervals[middle][0]), *below, *above]


def _leaf(rule: Rule) -> list[Instruction]:
    refuse: list[Instruction] = [(_RETURN, 0, 0, rule.otherwise)]
    leaf: list[Instruction] = [(_RETURN, 0, 0, rule.action)]
    if rule.checks:
        leaf += refuse
    for check in reversed(rule.checks):
        # The last instruction of the leaf refuses; the next check, or the action, follows this one.
        to_refusal = len(leaf) - 1
        load: Instruction = (_LOAD, 0, 0, _ARGUMENTS + 8 * check.argument)
        match check:
            case OneOf(values=values):
                *others, last = values
                tests = [(_JUMP_EQUAL, len(others) - place, 0, value) for place, value in enumerate(others)]
                tests.append((_JUMP_EQUAL, 0, to_refusal, last))
            case Without(mask=mask):
                tests = [(_JUMP_ANY_BIT, to_refusal, 0, mask)]
            case Having(mask=mask):
                tests = [(_JUMP_ANY_BIT, 0, to_refusal, mask)]
        leaf = [load, *tests, *leaf]
    return leaf
