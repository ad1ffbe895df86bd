"""Legacy integrations go on as they were: whom they let in, as whom they run, and when that ends."""

from dataclasses import asdict

import pytest

from deputize.domain.legacy import NO_OWNER, NO_OWNER_NAME
from deputize.domain.plan import Access, Plan
from deputize.domain.start import Start
from deputize.inbound.answers import Accepted, CallerRefused

pytestmark = pytest.mark.anyio

PAIR = ("reapi", "password of the pair")
REFUSED = ("UNAUTHENTICATED", "The request has no credential, or none that is accepted here.")
UNKNOWN = ("NOT_FOUND", "There is no such integration.")


def told(answer):
    assert isinstance(answer, CallerRefused), answer
    return answer.code, answer.detail


async def initiator(bench, answer):
    assert isinstance(answer, Accepted), answer
    principal = (await bench.run(answer.request_id)).initiator
    return principal.id, principal.name, principal.via, principal.subject


async def uses(bench):
    records = await bench.database.read(lambda store: store.audit.page(limit=100, action="legacy.used"))
    return [(each.actor, each.target, each.source, each.detail) for each in records]


@pytest.fixture
def presented(bench, header):
    """Everything that a request may present, right and wrong, misplaced and doubled."""

    async def presented(integration_id):
        key = await bench.api_key("by api-key", "rob")
        return {
            "nothing": (),
            "a person's password": (header("rob", "password of rob"),),
            "a wrong password": (header("rob", "wrong"),),
            "the pair": (header(*PAIR),),
            "an api key": (header(*key),),
            "a url key": (f"apiKey={await bench.url_key('by url', 'rob')}",),
            "a key of no shape": ("apiKey=secret",),
            "a token of somebody else's": (("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),),
            "two credentials": (header("rob", "password of rob"), header(*PAIR)),
            "a token in the address": ("access_token=x",),
            "no base64": (("Authorization", "Basic !"),),
        }

    return presented


async def test_where_authentication_was_off_everybody_is_let_in_whatever_they_present(bench, presented):
    """C-15: an unedited integration that was open stays open; C-17: its run is the endpoint owner's."""
    await bench.add_legacy("legacy", authenticated=False)

    for credentials in (await presented("legacy")).values():
        assert await initiator(bench, await bench.take("legacy", *credentials)) == (
            "dana",
            "Dana",
            "legacy",
            "id of dana",
        )
    assert bench.password_hash.verified == 0


async def test_what_was_presented_without_being_looked_at_reaches_neither_script_nor_stream(bench, header):
    await bench.add_legacy("legacy", authenticated=False)
    token = header("rob", "password of rob")

    answer = await bench.take(
        "legacy",
        token,
        header("x", "y"),
        query="apiKey=secret&access_token=secret&n=1",
        headers=[("X-N", "1")],
    )

    start = Start.model_validate((await bench.run(answer.request_id)).start)
    assert (dict(start.headers), dict(start.parameters)) == ({"x-n": "1"}, {"n": "1"})


async def test_where_authentication_was_on_the_pair_of_the_plan_is_let_in_and_nobody_else(bench, presented):
    """C-16: a person's own password does not open it, and neither does any key."""
    await bench.add_legacy("legacy", authenticated=True)

    answers = {
        what: await bench.take("legacy", *credentials)
        for what, credentials in (await presented("legacy")).items()
    }

    assert await initiator(bench, answers.pop("the pair")) == ("dana", "Dana", "legacy", "id of dana")
    assert {told(answers.pop(each))[0] for each in ("two credentials", "a token in the address")} == {
        "CREDENTIALS_AMBIGUOUS"
    }
    assert {told(each) for each in answers.values()} == {REFUSED}


@pytest.mark.parametrize("password", ["", "Password of the pair", "password of the pai", "password of rob"])
@pytest.mark.parametrize("name", ["reapi", "REAPI", "rob"])
async def test_half_of_the_pair_opens_nothing(bench, header, name, password):
    await bench.add_legacy("legacy", authenticated=True)

    assert told(await bench.take("legacy", header(name, password))) == REFUSED


async def test_a_plan_without_a_password_of_the_pair_lets_nobody_in(bench, header):
    await bench.add_legacy("legacy", authenticated=True, password=None)

    assert told(await bench.take("legacy", header(*PAIR))) == REFUSED
    assert told(await bench.take("legacy", header("rob", "password of rob"))) == REFUSED


async def test_a_legacy_integration_without_terms_on_record_lets_nobody_in(bench, header):
    await bench.add_integration("legacy", method=None, legacy=True)

    assert told(await bench.take("legacy")) == REFUSED
    assert told(await bench.take("legacy", header("rob", "password of rob"))) == REFUSED


@pytest.mark.parametrize("method", ["url", "basic", "api-key", "oauth", "signature", None])
@pytest.mark.parametrize("authenticated", [True, False])
async def test_the_terms_open_no_integration_that_is_not_legacy(bench, header, method, authenticated):
    """C-16: neither the pair nor its absence opens one that has a method, or one for which none is chosen."""
    await bench.add_legacy("legacy", authenticated=authenticated)
    await bench.add_integration("other", method=method)

    assert told(await bench.take("other")) == REFUSED
    assert told(await bench.take("other", header(*PAIR))) == REFUSED


async def test_the_pair_opens_nothing_of_another_plan(bench, header):
    """C-16: each plan has its own."""
    await bench.add_legacy("legacy", authenticated=True)
    await bench.database.write(lambda store: store.plans.put(Plan(id="other", name="Other")))
    await bench.add_integration("elsewhere", plan_id="other", method=None, legacy=True)
    await bench.set_terms(plan_id="other", authenticated=True, password="another password")

    assert told(await bench.take("elsewhere", header(*PAIR))) == REFUSED


@pytest.mark.parametrize("authenticated", [True, False])
async def test_once_a_method_is_chosen_anonymous_and_legacy_requests_are_nobodys(
    bench, header, authenticated
):
    """C-15: the edit ends it for that integration, and for no other."""
    await bench.add_legacy("legacy", authenticated=authenticated)
    await bench.add_integration("beside", method=None, legacy=True)
    await bench.change_integration("legacy", method="basic", legacy=False)

    assert told(await bench.take("legacy")) == REFUSED
    assert told(await bench.take("legacy", header(*PAIR))) == REFUSED
    assert await initiator(bench, await bench.take("legacy", header("rob", "password of rob"))) == (
        "rob",
        "Rob",
        "basic",
        "id of rob",
    )
    assert isinstance(await bench.take("beside", header(*PAIR)), Accepted)


async def test_a_legacy_request_is_judged_by_no_access_and_no_sender(bench):
    await bench.add_legacy("legacy", authenticated=False, owner="eve")
    await bench.change_integration("legacy", action="CREATE_EVENT", form_id="alert")
    await bench.change_plan(access=Access())
    await bench.change_form(senders=Access())

    assert (await initiator(bench, await bench.take("legacy")))[0] == "eve"


async def test_a_disabled_plan_denies_legacy_requests_and_says_so(bench):
    await bench.add_legacy("legacy", authenticated=False)
    await bench.change_plan(enabled=False)

    answer = await bench.take("legacy")

    (entry,) = await bench.entries(answer.run_id)
    assert (answer.code, answer.needs) == ("NOT_PERMITTED", ('plan "Incidents" to be enabled',))
    assert entry["kind"] == "run.denied"
    assert entry["initiator"] == {"id": "dana", "via": "legacy"}
    assert entry["legacy"] is True
    assert entry["reason"] == 'The legacy integration "legacy" may not be set off (plan enabled: no).'


async def test_a_disabled_legacy_integration_is_there_for_the_pair_alone(bench, header):
    await bench.add_legacy("legacy", authenticated=True)
    await bench.change_integration("legacy", enabled=False)

    assert told(await bench.take("legacy", header(*PAIR))) == UNKNOWN
    assert told(await bench.take("legacy", header("rob", "password of rob"))) == REFUSED
    await bench.set_terms(authenticated=False)
    assert told(await bench.take("legacy")) == REFUSED


@pytest.mark.parametrize(("authenticated", "answer"), [(True, UNKNOWN), (False, REFUSED)])
async def test_a_script_in_another_language_is_not_run(bench, header, authenticated, answer):
    await bench.add_legacy("legacy", authenticated=authenticated)
    version = await bench.database.read(lambda store: store.scripts.get("v1"))
    foreign = type(version)(
        **asdict(version) | {"id": "v2", "owner_id": "legacy", "number": 1, "language": "javascript"}
    )
    await bench.database.write(lambda store: store.scripts.add(foreign))
    await bench.change_integration("legacy", script_version_id="v2")

    refused = await bench.take("legacy", header(*PAIR))

    assert told(refused) == answer
    assert refused.operator_detail == (
        'the script of "legacy" is in javascript, which is not run: save Python'
    )
    assert bench.submitted == []


async def test_the_rate_of_the_plan_counts_for_legacy_requests(bench):
    await bench.add_legacy("legacy", authenticated=False)
    await bench.change_plan(requests_per_minute=2)

    answers = [await bench.take("legacy") for _ in range(3)]

    assert [type(each) for each in answers] == [Accepted, Accepted, CallerRefused]
    assert answers[2].code == "RATE_LIMITED"


async def test_the_owner_is_whoever_has_the_account_now_by_their_present_name(bench):
    await bench.add_legacy("legacy", authenticated=False)
    await bench.change_person("dana", target_name="service", first_name="Service")

    assert await initiator(bench, await bench.take("legacy")) == (
        "service",
        "Service",
        "legacy",
        "id of dana",
    )


async def test_a_disabled_owner_is_still_the_initiator(bench):
    await bench.add_legacy("legacy", authenticated=False)
    await bench.change_person("dana", status="INACTIVE")

    assert (await initiator(bench, await bench.take("legacy")))[::3] == ("dana", "id of dana")


@pytest.mark.parametrize("owner", [None, "somebody who is no more"])
async def test_without_an_owner_the_run_is_accepted_as_nobodys(bench, owner):
    """C-17: what it calls is refused; that it starts is as before."""
    await bench.add_legacy("legacy", authenticated=False, owner=owner)

    assert await initiator(bench, await bench.take("legacy")) == (
        NO_OWNER_NAME,
        NO_OWNER_NAME,
        "legacy",
        NO_OWNER,
    )


async def test_the_owner_has_no_effect_on_an_integration_with_a_method(bench, header):
    """C-17: whose run it is is told by who calls, whoever owns the endpoint."""
    await bench.add_legacy("legacy", authenticated=True)
    await bench.change_integration("legacy", method="basic", legacy=False)

    before = await initiator(bench, await bench.take("legacy", header("rob", "password of rob")))
    await bench.set_terms(authenticated=True, owner=None)
    after = await initiator(bench, await bench.take("legacy", header("rob", "password of rob")))

    assert before == after == ("rob", "Rob", "basic", "id of rob")


async def test_a_script_that_calls_an_open_one_keeps_its_chain_and_not_its_initiator(bench):
    await bench.add_legacy("legacy", authenticated=False)
    token, _ = await bench.run_token("rob", chain=("first",))
    looping, _ = await bench.run_token("rob", chain=("first", "legacy"))

    answer = await bench.take("legacy", ("Authorization", f"Bearer {token}"))
    refused = await bench.take("legacy", ("Authorization", f"Bearer {looping}"))

    assert (await bench.run(answer.request_id)).chain == ("first", "legacy")
    assert (await initiator(bench, answer))[0] == "dana"
    assert refused.code == "CHAIN_CYCLE"


async def test_an_idempotency_key_of_the_owners_matches_none_of_a_legacy_request(bench, header):
    """C-42: whoever calls unknown does not learn what the owner was told."""
    await bench.add_legacy("legacy", authenticated=False)
    key = [("Idempotency-Key", "order-1")]

    own = await bench.take("by basic", header("dana", "password of dana"), headers=key)
    first = await bench.take("legacy", headers=key)
    again = await bench.take("legacy", headers=key)

    assert first.request_id != own.request_id
    assert (again.request_id, again.replayed) == (first.request_id, True)


async def test_legacy_use_is_noted_once_a_day_for_each_integration(bench, header):
    """O-07: with who, what, from where, and no secret."""
    await bench.add_legacy("legacy", authenticated=True)
    await bench.add_integration("beside", method=None, legacy=True)
    for integration_id in ("legacy", "legacy", "beside"):
        assert isinstance(await bench.take(integration_id, header(*PAIR)), Accepted)
    await bench.take("legacy", header("rob", "wrong"))
    noted = await uses(bench)
    bench.clock.forward(days=1, seconds=1)
    await bench.take("legacy", header(*PAIR), source="198.51.100.7")
    noted_later = await uses(bench)

    detail = {"authenticated": True, "as": "dana"}
    assert noted == [
        ("reapi", "integration:Incidents/beside", "192.0.2.1", detail),
        ("reapi", "integration:Incidents/legacy", "192.0.2.1", detail),
    ]
    assert noted_later == [("reapi", "integration:Incidents/legacy", "198.51.100.7", detail), *noted]


async def test_guessing_the_pair_is_throttled_and_the_right_one_ends_nobodys_count(bench, header):
    """C-10: the pair has the name of a person here, and opens no way to guess that person's password."""
    await bench.add_legacy("legacy", authenticated=True)
    await bench.change_person("rob", target_name="reapi")
    for _ in range(19):
        await bench.take("by basic", header("reapi", "wrong"))
    assert isinstance(await bench.take("legacy", header(*PAIR)), Accepted)
    await bench.take("legacy", header("reapi", "wrong"))

    assert (await bench.take("by basic", header("reapi", "wrong"))).code == "THROTTLED"
    assert (await bench.take("legacy", header(*PAIR))).code == "THROTTLED"


async def test_terms_that_change_while_a_request_is_read_let_nobody_in(bench, header):
    await bench.add_legacy("legacy", authenticated=True)
    caller = await bench.intake._candidate(bench.request("legacy", header(*PAIR)))
    await bench.set_terms(authenticated=True, password="another password")

    assert told(await bench.intake._commit(caller)) == REFUSED
