"""The shortest whole test of a script: everything is real but the network."""

import asyncio
import json
from pathlib import Path

from deputize import Run, Runtime
from deputize_client.testing import MockedEndpoints

PROJECT = Path(__file__).parents[1]
CALLBACK = {
    "eventIdentifier": 1,
    "recipient": "mmcbride",
    "response": "Acknowledge",
    "eventProperties": [{"Incident_Number": "INC1"}],
}


async def run(mocked: MockedEndpoints) -> Run:
    async with Runtime.open(PROJECT, transport=mocked) as runtime:
        return await runtime.run("acknowledge", payload=CALLBACK, initiator="rob")


def test_a_refusal_does_not_keep_the_ticket_from_being_updated(monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_EASYVISTA", "any value")
    mocked = MockedEndpoints()
    mocked["platform"].get("/api/xm/1/people/mmcbride").respond(403)
    update = mocked["EasyVista"].put("/api/v1/70049/requests/INC1").respond(200)

    done = asyncio.run(run(mocked))

    assert done.state == "COMPLETED"
    assert len(done.refusals) == 1
    assert json.loads(update.calls.last.request.content) == {"AVAILABLE_FIELD_1": "mmcbride"}
