"""What is public over HTTP is listed in its page, and the other way round."""

import re
from pathlib import Path
from typing import get_args

import pytest

from deputize.errors import Refused, StoreUnavailable
from deputize.inbound.answers import CallerRefused
from deputize.server.app import operations_of
from deputize.server.connection import ConnectionLimits
from deputize.server.edge.bodies import ALLOWANCE_BYTES, MOST_BYTES, SMALL_BYTES
from deputize.server.openapi import openapi_document
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.server.problems import problem_of, refused_caller
from deputize.use_cases import errors
from deputize.use_cases.audit_trail import AuditAction

PAGE = (Path(__file__).parents[3] / "docs" / "http_api.md").read_text(encoding="utf-8")


def test_every_code_is_in_the_page_with_its_status():
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (\d{3}) \|", PAGE, re.MULTILINE))

    assert listed == {code: str(int(kind.status)) for code, kind in PROBLEM_TYPES.items()}
    assert list(listed.items()) == sorted(listed.items(), key=lambda each: (each[1], each[0]))


def test_every_kind_of_act_is_in_the_page():
    acts = PAGE.partition("## The audit stream")[2].partition("## ")[0]

    assert set(re.findall(r"`([a-z]+\.[a-z]+)`", acts)) == set(get_args(AuditAction))


def test_every_operation_is_in_the_page():
    named = {each.removeprefix("/api/v1") for each in re.findall(r"/[a-z{.][a-z0-9_{}./-]*", PAGE)}
    paths = {each.removeprefix("/api/v1") for each in openapi_document(operations_of())["paths"]}

    assert paths - named == set()


def test_the_limits_are_in_the_page():
    limits, mib, kib = ConnectionLimits(), 1024 * 1024, 1024
    rows = (
        f"| a body | {MOST_BYTES // mib} MiB; beyond {SMALL_BYTES // kib} KiB each, {ALLOWANCE_BYTES // mib} MiB",
        f"| a head | {limits.head_bytes // kib} KiB, {limits.head_seconds} seconds |",
        f"| the time for a body | {limits.body_seconds} seconds |",
        f"| between two requests | {limits.idle_seconds} seconds |",
        f"| reading an answer | at least {limits.read_bytes // kib} KiB in {limits.unread_seconds} seconds |",
        f"| connections | {limits.connections}, ",
    )

    assert [row for row in rows if row not in PAGE] == []


@pytest.mark.parametrize("kind", [each for each in vars(errors).values() if isinstance(each, type)])
def test_every_refusal_of_an_act_has_a_code_of_its_own(kind):
    if issubclass(kind, Refused) and kind is not Refused:
        assert kind.code in PROBLEM_TYPES


@pytest.mark.parametrize(
    "code", ["UNAUTHENTICATED", "NOT_PERMITTED", "CHAIN_CYCLE", "RATE_LIMITED", "IDEMPOTENCY_KEY_REUSED"]
)
def test_every_refusal_of_a_caller_has_a_status(code):
    assert refused_caller(CallerRefused(code=code, detail="no")).status_code == PROBLEM_TYPES[code].status


def test_a_database_that_does_not_answer_says_when_to_come_again():
    assert problem_of(StoreUnavailable("x")).headers == {"Retry-After": "2"}


def test_a_code_is_explained():
    assert all(kind.explanation.endswith(".") and kind.title for kind in PROBLEM_TYPES.values())
