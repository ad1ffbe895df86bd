"""The report says where each integration stands, and what to do about what is not best practice."""

import hashlib
from dataclasses import replace
from uuid import uuid4

import pytest

from deputize.composition.foresight import foresight_of
from deputize.domain.integration import ScriptVersion
from deputize.domain.legacy import LegacyTerms
from deputize.domain.plan import Access
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.use_cases.issue_key import add_key
from deputize.use_cases.migration.report import report_migration

pytestmark = pytest.mark.anyio

SCRIPT = """
def main(http):
    http.get("/api/xm/1/people/sue")
    return http.get("/api/xm/1/people").json()
""".lstrip()


async def report(office, name="ann", **more):
    return await report_migration(
        office.database, office.as_(name), foresight=foresight_of(office.database), **more
    )


async def findings(office, code, **more):
    return [each for each in (await report(office, **more)).findings if each.code == code]


async def put_run(office, integration, *, user="rob", via="api-key", headers=None, denied=None):
    """Keep a run of *integration* that *user* set off, and a refusal in it."""
    run_id = str(uuid4())
    run = StoredRun(
        id=run_id,
        state=RunState.COMPLETED,
        integration_id=integration,
        plan_id="p1",
        name=integration,
        trigger="inbound",
        script_sha256="0" * 64,
        shown_path=integration,
        start={"headers": headers or {}},
        initiator=Principal(id=user, name=user, via=via, subject=f"id-of-{user}"),
        trace_id="0" * 32,
        queued=office.clock(),
    )

    async def work(tx):
        await tx.runs.add(run)
        if denied is not None:
            await tx.entries.append(run_id, [_refusal(run, **denied)])

    await office.write(work)


def _refusal(run, *, needs, would_pass, line=4):
    return {
        "id": f"{run.id[:24]}000000000001",
        "run": run.id,
        "seq": 1,
        "ts": run.queued.isoformat(),
        "kind": "permission.denied",
        "level": "warning",
        "initiator": {"id": run.initiator.id, "via": run.initiator.via},
        "script": {"name": run.name, "sha256": run.script_sha256, "line": line},
        "trace_id": run.trace_id,
        "endpoint": "platform",
        "request": {"method": "GET", "url": "http://127.0.0.1:4711/api/xm/1/people/sue?embed=roles"},
        "statusCode": 403,
        "explain": {"initiator": "rob", "needs": needs, "would_pass": would_pass, "source": "platform"},
    }


async def give_key(office, integration="by-api-key", user="rob"):
    async def work(tx):
        wanted = await tx.integrations.get(integration)
        await add_key(
            tx,
            office.hasher,
            office.signing,
            integration=wanted,
            subject=f"id-of-{user}",
            issued_by="operator",
        )

    await office.write(work)


async def save_script(office, integration, source):
    version = ScriptVersion(
        id=str(uuid4()),
        owner_id=integration,
        number=2,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        author="dev",
        created=office.clock(),
    )
    await office.write(lambda tx: tx.scripts.add(version))
    await office.change_integration(integration, script_version_id=version.id)


async def test_each_inbound_integration_is_there_with_what_stands_in_its_way(office):
    await office.change_integration("by-basic", method=None, legacy=True)
    await office.write(
        lambda tx: tx.legacy.put_terms(
            LegacyTerms(plan_id="p1", authenticated=False, owner="id-of-sue", imported=tx.now)
        )
    )
    await put_run(office, "by-basic", user="sue", via="legacy")
    await give_key(office)

    found = {each.reviewed.integration.name: each for each in (await report(office)).integrations}

    old, done, unchosen, other = (found[name] for name in ("by-basic", "by-api-key", "unchosen", "other"))
    assert "on-response" not in found
    assert (old.method, old.sends_as, old.old_requests, old.last_used) == ("legacy", "sue", 1, office.clock())
    assert old.readiness.why == (
        "Nobody has looked yet what would change: `deputize migrate shadow Incidents/by-basic --as USER` does.",
    )
    assert (done.method, done.sends_as, done.readiness.state, done.holders) == (
        "api-key",
        "initiator",
        "done",
        ("rob",),
    )
    assert (unchosen.method, unchosen.readiness.why) == (
        "choose one",
        ("No method has been chosen: every request is refused.",),
    )
    assert other.readiness.why == (
        "Nobody has a key: `deputize key create --integration Incidents/other --for USER` makes one.",
    )


async def test_runs_older_than_thirty_days_do_not_count_but_for_the_last_use(office):
    await put_run(office, "other")
    used = office.clock()
    office.clock.forward(days=31)

    [other] = [
        each for each in (await report(office)).integrations if each.reviewed.integration.name == "other"
    ]

    assert (other.requests, other.last_used) == (0, used)


@pytest.mark.parametrize(
    ("headers", "certainty", "evidence"),
    [
        (
            {"x-grafana-id": "1", "user-agent": "Grafana", "x-forwarded-for": "::1"},
            "certain",
            "They send headers of their own (x-grafana-id), so they could send a key in one.",
        ),
        ({"user-agent": "curl/8.5"}, "likely", "They call with curl, which can send any header."),
        (
            {"user-agent": "Grafana", "host": "x"},
            "cannot tell",
            "Whether they could send a header cannot be told by their requests.",
        ),
    ],
)
async def test_a_key_in_the_address_is_weak_where_headers_are_possible(office, headers, certainty, evidence):
    await put_run(office, "by-url", headers=headers)

    [weak] = await findings(office, "WEAK_METHOD")

    assert (weak.integration, weak.certainty) == ("Incidents/by-url", certainty)
    assert weak.message == (
        f"Callers prove who they are by a key in the address, which ends up in logs. {evidence}"
    )
    assert weak.command == (
        'curl -u ADMIN -X PATCH --json \'{"method": "api-key"}\' "$DEPUTIZE_URL/api/v1/integrations/by-url"'
        " && deputize key create --integration Incidents/by-url --for USER"
    )


async def test_refusals_are_told_with_the_role_that_was_missing(office):
    denied = {"needs": ["View or Use on role Supervisor"], "would_pass": ["role Reader", "person sue"]}
    for _ in range(2):
        await put_run(office, "other", denied=denied)
    await put_run(office, "other", user="sue", via="legacy", denied=denied)

    [missing] = await findings(office, "MISSING_ROLE")

    assert (missing.user, missing.line, missing.count) == ("rob", 4, 2)
    assert missing.message == (
        "rob was refused GET /api/xm/1/people/sue 2 times in 30 days: needs View or Use on role Supervisor."
    )
    assert missing.command == (
        'curl -u ADMIN -X PATCH --json \'{"roles": ["REST", "Reader"]}\' "$DEPUTIZE_URL/api/v1/users/rob"'
    )


async def test_what_would_refuse_the_holder_of_a_key_is_told(office):
    await office.change_plan("Incidents", access=Access(roles=frozenset({"Developer"})))
    await give_key(office)

    [access] = await findings(office, "ACCESS")

    assert (access.user, access.message) == ("rob", 'rob may not use plan "Incidents" (access to plan: no).')
    assert access.command == (
        'curl -u ADMIN -X PATCH --json \'{"access": {"everybody": false, "roles": ["Developer"], '
        '"users": ["rob"]}}\' "$DEPUTIZE_URL/api/v1/plans/p1"'
    )


async def test_a_missing_sender_permission_is_told(office):
    async def work(tx):
        form = await tx.forms.get("f1")
        await tx.forms.put(replace(form, senders=Access(people=frozenset({"id-of-sue"}))))

    await office.write(work)
    await put_run(office, "by-url")

    [sender] = await findings(office, "SENDER")

    assert (sender.integration, sender.user) == ("Incidents/by-url", "rob")
    assert sender.advice == 'Needed: sender permission on form "alert".'


async def test_calls_that_read_others_are_judged_by_the_platform(office):
    await save_script(office, "by-api-key", SCRIPT)
    await give_key(office)

    one, listed = await findings(office, "READS_OTHERS")

    assert (one.line, one.certainty, one.message) == (
        2,
        "certain",
        "Line 2 reads sue, whom rob may not see: the call would be refused.",
    )
    assert (listed.line, listed.count) == (3, 5)
    assert listed.message == (
        "Line 3 lists people, and 5 active people with the role Administrator or Developer or Issuer or "
        "Standard or Supervisor would be left out of it for rob: no error says so."
    )


async def test_a_status_that_nothing_looks_at_is_told_by_line(office):
    await save_script(office, "other", SCRIPT)

    assert [(each.line, each.message) for each in await findings(office, "STATUS_IGNORED")] == [
        (2, "Line 2 calls http.get and nothing looks at the status: a refusal goes unnoticed."),
        (3, "Line 3 calls http.get and nothing looks at the status: a refusal goes unnoticed."),
    ]


async def test_a_developer_is_told_of_scripts_and_not_of_the_rights_of_others(office):
    await save_script(office, "by-api-key", SCRIPT)
    await give_key(office)

    told = await report(office, "dev")

    assert {each.reviewed.plan.name for each in told.integrations} == {"Incidents"}
    assert {each.code for each in told.findings} == {"STATUS_IGNORED", "WEAK_METHOD"}


async def test_a_report_changes_nothing(office):
    await save_script(office, "by-api-key", SCRIPT)
    await give_key(office)

    assert await report(office) == await report(office)
    assert await office.audit() == []


async def test_a_script_in_another_language_is_to_be_ported(office):
    async def work(tx):
        version = await tx.scripts.get("script of other")
        await tx.scripts.add(replace(version, id="js", number=2, language="javascript", source="var x;"))

    await office.write(work)
    await office.change_integration("other", script_version_id="js")

    [other] = [
        each for each in (await report(office)).integrations if each.reviewed.where == "Incidents/other"
    ]

    assert other.readiness.why[0] == "Its script is in javascript and cannot be run: port it to Python."
