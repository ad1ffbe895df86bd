"""The server answers as its OpenAPI document says, whatever it is asked."""

import asyncio
import json
import threading

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from deputize.credentials.throttle import Allowance, Allowances
from deputize.domain.start import inbound_start
from deputize.plan_file import PlanFile, write_plan_file
from deputize.plan_file.records import PlanRecord
from deputize.server.app import operations_of
from deputize.server.listen import listen
from deputize.server.openapi import openapi_document
from deputize.server.problem_types import PROBLEM_TYPES

schemathesis.openapi.media_type(
    "application/zip",
    st.binary(max_size=100) | st.just(write_plan_file(PlanFile(plan=PlanRecord(name="imported")))),
)
DOCUMENT = openapi_document(operations_of())
schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.config.update(basic_auth=("ann", "password of ann"))
# Credentials are one's own or none here; who is let in has tests of its own.
schema.config.generation.with_security_parameters = False
#: Wrong passwords without end: here nobody guesses.
ANY_NUMBER = Allowance(failures=10**6, seconds=60)
#: What fits its schema may still be refused: for a cursor that was made up, or a script that is none.
REFUSED_ALL_THE_SAME = [positive_data_acceptance]

#: What is there; names that are made up are mostly not.
KNOWN = {
    "integration": "by-url",
    "plan": "incidents",
    "form": "alert",
    "user": "zoe",
    "run": "run",
    "number": 1,
    "code": "INVALID",
    "name": "known",
    "client": "dpc_known",
    "schedule": "nightly",
}


class Thread:
    """A server that runs beside the test."""

    def __init__(self, open_bench):
        self._open_bench = open_bench
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.url = ""

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        allowances = Allowances(account_and_source=ANY_NUMBER, account=ANY_NUMBER, source=ANY_NUMBER)
        async with self._open_bench(allowances=allowances) as bench:
            start = inbound_start(
                request_id="r", integration_id="by-basic", headers={}, body="", payload=None
            )
            await bench.add_run("run", documents=[{}], start=start.model_dump(mode="json"))
            await bench.put_zoe()
            await bench.put_client("dpc_known", secret="known")
            await bench.put_schedule("nightly")
            async with listen(bench.app, stopping=bench.stopping) as listener:
                self.url = listener.url
                self._listening.set()
                await self._end.wait()

    def __enter__(self):
        self._thread.start()
        assert self._listening.wait(30)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()


@schemathesis.serializer("message/rfc822")
def as_it_is(ctx, value):
    """Send a message as the text that it is."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else b""


@pytest.fixture(scope="module")
def server(open_bench):
    with Thread(open_bench) as server:
        yield server


# A stream does not end; it has tests of its own.
@schema.exclude(operation_id="followActivity").parametrize()
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_an_operation_answers_as_it_is_described(case, server):
    case.call_and_validate(base_url=server.url, excluded_checks=REFUSED_ALL_THE_SAME)
    case.path_parameters = {
        name: KNOWN.get(name, value) for name, value in (case.path_parameters or {}).items()
    }
    case.call_and_validate(base_url=server.url, excluded_checks=REFUSED_ALL_THE_SAME)


def test_the_document_is_openapi_3_1_and_names_every_operation_once():
    operations = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]
    names = [each["operationId"] for each in operations]

    assert DOCUMENT["openapi"].startswith("3.1.")
    assert len(set(names)) == len(names)
    assert all(each["description"] for each in operations)
    assert not [each for each in DOCUMENT["components"]["schemas"] if "Validation" in each]


def test_every_answer_that_is_no_success_is_a_problem_document_unless_it_is_oauths():
    for path, item in DOCUMENT["paths"].items():
        if "/oauth2/" in path:
            continue
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], path


def test_every_code_is_described_with_its_status():
    described = json.dumps(DOCUMENT["paths"])

    assert [code for code in PROBLEM_TYPES if code not in described and PROBLEM_TYPES[code].status < 500] == [
        "METHOD_NOT_ALLOWED",
        "TOO_SLOW",
    ]
