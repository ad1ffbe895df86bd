"""Zips that mean harm are refused in words, and cost little."""

import io
import json
import stat
import tracemalloc
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.plan_file import PlanFileInvalid, read_plan_file

ENGINE = json.dumps({"name": "Disk alerts"})
BROKEN = "The file is no zip, or a broken one. Export the plan again."


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    """Return a zip of *members*: names or ``ZipInfo``, and contents."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for info, content in [("engine.json", ENGINE), *members]:
            archive.writestr(info, content)
    return target.getvalue()


def refusal(data):
    with pytest.raises(PlanFileInvalid) as refused:
        read_plan_file(data)
    return str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        b"PK\x05\x06" + b"\0" * 10,
        b"PK\x03\x04" + b"\xff" * 100,
        zipped()[:-30],
        zipped()[20:],
        b"\x1f\x8b\x08" + b"\0" * 50,
    ],
)
def test_what_is_no_zip_is_refused(data):
    assert refusal(data) == BROKEN


def test_a_zip_without_a_plan_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")

    assert refusal(target.getvalue()) == "engine.json: It is missing, so this is no export of a plan."


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("plan.zip", 'engine.json: It is missing, and the zip holds "plan.zip". Import what is in that one.'),
        (
            "plan/engine.json",
            'engine.json: It is missing, and "plan/engine.json" is there. '
            "Zip what is in that folder, not the folder.",
        ),
    ],
)
def test_what_was_probably_meant_is_said(inner, message):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(inner, "x")

    assert refusal(target.getvalue()) == message


@pytest.mark.parametrize(
    "name",
    [
        "../engine.json",
        "forms/../../x.json",
        "/etc/passwd",
        "C:/x.json",
        "forms\\x.json",
        "forms//x.json",
        "./x",
    ],
)
def test_a_member_that_leads_outside_is_refused(name):
    info = zipfile.ZipInfo("forms/x.json")
    info.filename = name

    assert refusal(zipped((info, "{}"))) == (
        f"{name.replace(chr(92), chr(92))}: The name leads outside of the zip. Members have plain relative names."
    )


def test_a_name_with_a_nul_is_refused_and_shown_harmlessly():
    data = zipped(("formsXx.json", "{}")).replace(b"formsXx.json", b"forms\0x.json")

    assert refusal(data) == (
        "forms\\x00x.json: The name leads outside of the zip. Members have plain relative names."
    )


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(kind):
    info = zipfile.ZipInfo("forms/x.json")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16

    assert refusal(zipped((info, "/etc/passwd"))) == (
        "forms/x.json: It is no plain file: links and devices are not read."
    )


def test_a_member_that_is_there_twice_is_refused():
    assert refusal(zipped(("engine.json", json.dumps({"name": "Another"})))) == (
        "engine.json: It is in the zip twice; which one is meant cannot be told."
    )


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_is_not_bounded_is_refused(compression):
    assert refusal(zipped(compression=compression)) == (
        "engine.json: It is compressed in a way that is not read; stored and deflated members are."
    )


def test_an_encrypted_member_is_refused():
    data = bytearray(zipped())
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1

    assert refusal(bytes(data)) == "engine.json: It is encrypted. Export the plan without a password."


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            [("forms/x.json", b" " * 3_000_000)],
            "forms/x.json: It would inflate to more than 200 times its size, as no plan does.",
        ),
        (
            [("forms/x.json", b" " * 5_000_000)],
            "forms/x.json: It would inflate to more than 4 MiB.",
        ),
        (
            [(f"forms/{n}.json", b" " * 4_000_000) for n in range(5)],
            "The zip would inflate to more than 16 MiB.",
        ),
        ([(f"forms/{n}.json", b"{}") for n in range(1000)], "The zip has more than 1000 members."),
    ],
)
def test_a_bomb_is_not_inflated(members, message):
    data = zipped(*members)
    tracemalloc.start()
    try:
        assert refusal(data) == message
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_member_that_lies_about_its_size_is_refused():
    data = bytearray(zipped(("forms/x.json", b"{" + b" " * 40_000 + b"}")))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")

    assert refusal(bytes(data)) == BROKEN


def test_a_file_that_is_too_large_is_not_looked_at():
    assert (
        refusal(b"PK\x03\x04" + bytes(4 * 1024 * 1024))
        == "The file has more than 4 MiB, which no plan takes."
    )


@settings(max_examples=300, deadline=None)
@given(where=st.integers(0, 400), what=st.binary(min_size=1, max_size=6), cut=st.integers(0, 400))
def test_a_damaged_zip_is_read_or_refused(where, what, cut):
    data = bytearray(
        zipped(("integrations/integrations.json", '{"integrations": []}'), ("forms/a/1.json", "{}"))
    )
    data[where : where + len(what)] = what
    try:
        read_plan_file(bytes(data[: len(data) - cut] if cut < 100 else data))
    except PlanFileInvalid as refused:
        assert str(refused)  # noqa: PT017 - whether it is raised depends on what was damaged


@settings(max_examples=200, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["integrations", "endpoints", "name", "type", "deputize", "limits", "script", "form", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value):
    data = zipped(
        ("integrations/integrations.json", json.dumps(value)), ("forms/a/1.json", json.dumps(value))
    )
    try:
        read_plan_file(data)
    except PlanFileInvalid as refused:
        assert str(refused)  # noqa: PT017 - whether it is raised depends on the value
