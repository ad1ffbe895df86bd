"""``deputize email start``: a message from a gateway starts a form as its sender, server or no server."""

import re

import pytest

#: The addresses of dana and rob, a form that messages start, and what it sets off.
CHANGES = {
    "[users.dana]\n": '[users.dana]\nemail = "Dana@Example.org"\n',
    "[users.rob]\n": '[users.rob]\nemail = "rob@example.org"\n',
    "[plans.incidents.forms.alert]\n": '[plans.incidents.forms.alert]\nstart = ["email"]\n',
}
SET_OFF = '\n[plans.incidents.integrations.told]\non = "STATUS"\nform = "alert"\nscript = "scripts/told.py"\n'
SCRIPT = (
    "def main(callback, initiator):\n    return [initiator.id, initiator.via, callback.event_properties]\n"
)
MAIL = b"""From: Dana Ito <dana@example.org>
To: incidents+alert@alerts.example.org
Subject: Disk
Message-ID: <1@mx.example.org>

Number: INC1
Recipients: rob, nobody

The disk is full.
"""


def declare(folder):
    file = folder / "deputize.toml"
    text = file.read_text(encoding="utf-8")
    for before, after in CHANGES.items():
        text = text.replace(before, after)
    file.write_text(text + SET_OFF, encoding="utf-8")
    (folder / "scripts/told.py").write_text(SCRIPT, encoding="utf-8")


@pytest.fixture
def mailing(folder, deployed, take_over):
    """The command, where messages start a form, and no server runs."""
    declare(folder)
    take_over()
    return deployed


def event_of(done):
    return re.search(r"Event (\d+)", done.out)[1]


def test_a_message_starts_an_event_and_says_as_whom(mailing, folder):
    (folder / "message.eml").write_bytes(MAIL)

    done = mailing("email", "start", "message.eml")

    assert done.code == 0
    assert done.out == f"Event {event_of(done)} of incidents/alert has started, as dana.\n"
    assert done.err == "Not sent to: nobody\n"


def test_the_same_message_again_is_the_same_event(mailing):
    first = mailing("email", "start", stdin=MAIL)
    again = mailing("email", "start", "-", stdin=MAIL)

    assert again.out == f"Event {event_of(first)} of incidents/alert was started before, as dana.\n"


def test_what_it_sets_off_waits_for_the_server_and_runs_as_the_sender(mailing, serving, ended):
    mailing("email", "start", stdin=MAIL)
    (run,) = mailing("runs", "--kind", "STATUS", "--json").json["data"]
    assert (run["state"], run["initiator"]) == ("QUEUED", {"id": "dana", "via": "email"})

    with serving():
        run = ended(mailing, run["id"])

    assert (run["state"], run["initiator"]) == ("COMPLETED", {"id": "dana", "via": "email"})
    assert run["result"] == [
        "dana",
        "email",
        {"Subject": "Disk", "Body": "The disk is full.", "Number": "INC1"},
    ]
    assert "as dana (via email)" in mailing("show", run["id"]).out


def test_beside_a_server_that_runs_it_is_taken_up_at_once(mailing, serving, ended):
    with serving():
        done = mailing("email", "start", "--json", stdin=MAIL).json
        (run,) = mailing("runs", "--kind", "STATUS", "--json").json["data"]

        assert ended(mailing, run["id"])["state"] == "COMPLETED"
    assert (done["initiator"], done["form"], done["left_out"]) == ("dana", "incidents/alert", ["nobody"])


@pytest.mark.parametrize(
    ("message", "options", "code", "told"),
    [
        (
            MAIL.replace(b"dana@", b"eve@"),
            (),
            2,
            "error[SENDER_UNKNOWN]: The message is from eve@example.org, an address that no active user has. "
            "Nothing was started. It must be the address of one user, set by themselves or by somebody who "
            "administers people.\n",
        ),
        (
            MAIL.replace(b"dana@", b"rob@"),
            (),
            5,
            'error[NOT_PERMITTED]: rob may not send form "alert" (access to plan: yes, sender permission: no, '
            "start by email: yes).\n",
        ),
        (
            MAIL,
            ("--form", "incidents/none"),
            2,
            'error[FORM_UNKNOWN]: There is no form "incidents/none". Name it PLAN/FORM, or by its id.\n',
        ),
        (
            b"garbage",
            (),
            2,
            "error[MESSAGE_INVALID]: The message has 0 fields From; it must have one, with one address.\n",
        ),
        (
            b"x" * 2_000_000,
            (),
            2,
            "error[MESSAGE_INVALID]: The message has more than 1048576 bytes.\n",
        ),
    ],
    ids=["sender", "permission", "form", "message", "size"],
)
def test_what_starts_nothing_says_why(mailing, message, options, code, told):
    done = mailing("email", "start", *options, stdin=message)

    assert (done.code, done.out, done.err) == (code, "", told)
    assert mailing("runs", "--kind", "STATUS", "--json").json["data"] == []


def test_a_file_that_is_not_there_is_named(mailing):
    done = mailing("email", "start", "none.eml")

    assert (done.code, done.err) == (
        2,
        "error[INPUT_REFUSED]: none.eml: the message cannot be read: No such file or directory.\n",
    )
