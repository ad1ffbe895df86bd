"""``deputize runs resume``: what is said of the calls that were under way, and of none."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from deputize.activity.journal import CallIntent
from deputize.clock import now
from deputize.deployment import open_deployment
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.settings import Settings

STOPPED = "5af3c0de-3f4e-4d5c-8b7a-8f9eadbc2c3d"


@pytest.fixture
def stopped(folder):
    """Keeps a run that was stopped in a state, with so many calls under way, in the deployment."""

    async def keep(state, calls):
        run = StoredRun(
            id=STOPPED,
            state=state,
            integration_id=None,
            plan_id=None,
            name="sync",
            trigger="inbound",
            script_sha256="0" * 64,
            shown_path="sync",
            start={},
            initiator=Principal(id="dana", name="Dana Ito", via="api-key"),
            trace_id="0" * 32,
            queued=datetime(2018, 4, 17, tzinfo=UTC),
            finished=datetime(2018, 4, 17, tzinfo=UTC),
        )
        intents = [
            CallIntent(
                fingerprint=f"{n}",
                occurrence=1,
                question=1,
                endpoint="chat",
                method="POST",
                path=f"/messages/{n}",
                line=3,
                repeatable=False,
            )
            for n in range(1, calls + 1)
        ]
        async with open_deployment(Settings(), folder=folder / ".deputize", clock=now) as deployment:
            await deployment.database.write(lambda tx: tx.runs.add(run))
            await deployment.database.write(lambda tx: tx.calls.begin(run.id, attempt=1, intents=intents))

    return lambda state, calls: asyncio.run(keep(state, calls))


@pytest.mark.parametrize(
    ("options", "known"),
    [
        (["--sent", STOPPED[:4]], {"1": "sent"}),
        ([STOPPED, "--not-sent"], {"1": "not sent"}),
        ([STOPPED, "--not-sent", "1"], {"1": "not sent"}),
    ],
    ids=["sent", "not sent", "not sent, by its number"],
)
def test_of_the_only_call_no_number_is_needed(deployed, stopped, options, known):
    stopped(RunState.INTERRUPTED, 1)
    resumed = deployed("runs", "resume", *options, "--json")

    assert (resumed.code, resumed.json["state"]) == (0, "RUNNING")
    [noted] = deployed("audit", "--action", "run.resumed", "--json").json["data"]
    assert noted["detail"] == {"state": "INTERRUPTED", "calls": known}


def test_of_several_calls_each_is_named(deployed, stopped):
    stopped(RunState.INTERRUPTED, 3)
    named = [f"{n}. POST /messages/{n} to endpoint 'chat' (line 3)" for n in (1, 2, 3)]
    left = deployed("runs", "resume", STOPPED, "--sent", "2")
    all_left = deployed("runs", "resume", STOPPED)
    resumed = deployed("runs", "resume", STOPPED, "--sent", "1", "--not-sent", "3", "--sent", "2")

    ask = (
        f"error[CALL_NOT_SETTLED]: Say of each call of the run {STOPPED} that was under way whether it was "
        "sent. Sent, it is not sent again, and the script is told that its answer is lost; not sent, it is "
        "sent now. Left are: "
    )
    assert (left.code, left.err) == (2, f"{ask}{named[0]}; {named[2]}.\n")
    assert (all_left.code, all_left.err) == (2, f"{ask}{'; '.join(named)}.\n")
    assert (resumed.code, resumed.err) == (
        0,
        "The server goes on with the run within seconds: deputize show 5af3c0de\n",
    )


def test_of_a_run_that_was_given_up_nothing_is_said(deployed, stopped):
    stopped(RunState.POISONED, 1)
    refused = deployed("runs", "resume", STOPPED, "--sent")
    resumed = deployed("runs", "resume", STOPPED, "--json")

    assert (refused.code, refused.err) == (
        2,
        "error[CONFLICT]: The run is POISONED: nothing need be said of its calls. Resume it without.\n",
    )
    assert (resumed.code, json.loads(resumed.out)["state"]) == (0, "RUNNING")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--sent", "--not-sent", "2"],
            "Invalid value: Give --sent or --not-sent once, or each with the number of a call.",
        ),
        (["--sent", "1", "--not-sent", "1"], "Invalid value: Say once of call 1 whether it was sent."),
        (["--sent=x"], 'Invalid value: "x" is no number of a call.'),
    ],
    ids=["mixed", "twice", "no number"],
)
def test_what_contradicts_itself_is_refused_before_anything_is_done(deployed, options, message):
    refused = deployed("runs", "resume", STOPPED, *options)

    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"error[USAGE]: {message} See `deputize runs resume --help`.\n"
