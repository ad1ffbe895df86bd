"""Signing secrets: issued like other keys, several at a time, made here or given by the sender's provider."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from deputize.credentials.signing_secrets import MOST_LIVE, key_of, mint_signing_secret, signing_secret
from deputize.domain.signature import SignatureScheme
from deputize.store.tables import metadata
from deputize.use_cases.errors import Conflict, Invalid, NotPermitted
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.revoke_key import revoke_key
from deputize.use_cases.rotate_key import rotate_key
from deputize.use_cases.see_keys import see_keys

pytestmark = pytest.mark.anyio

GIVEN = "a-secret-that-the-provider-has-made"


@pytest.fixture
async def signed(office):
    """Have requests to an integration signed by one of the presets, GitHub's unless said otherwise."""

    async def signed(preset="github", integration_id="by-api-key"):
        scheme = SignatureScheme(preset=preset)
        await office.change_integration(integration_id, method="signature", signature=scheme.kept())

    await signed()
    return signed


async def issue(office, name, *, given=None, holder=None, integration_id="by-api-key"):
    return await issue_key(
        office.database,
        office.as_(name),
        hasher=office.hasher,
        signing=office.signing,
        integration_id=integration_id,
        holder=holder,
        given=None if given is None else signing_secret(given),
    )


async def rotate(office, name, key_id, *, given=None, **more):
    return await rotate_key(
        office.database,
        office.as_(name),
        hasher=office.hasher,
        signing=office.signing,
        key_id=key_id,
        given=None if given is None else signing_secret(given),
        **more,
    )


async def live(office):
    """Return the secrets that requests may be signed with, and whose they are."""
    found = await office.read(lambda tx: tx.signatures.live_secrets("by-api-key", now=tx.now))
    return {(office.signing.unseal(each).reveal(), each.subject) for each in found}


async def test_a_secret_is_made_in_the_form_of_standard_webhooks_and_is_its_holders(office, signed):
    issued = await issue(office, "iris", holder="rob")

    text = issued.secret.reveal()
    assert text.startswith("whsec_")
    assert len(key_of(text, "standard-webhooks")) == 32
    assert (issued.key.kind, issued.key.key_id, issued.key.holder) == ("signature", None, "rob")
    assert await live(office) == {(text, "id-of-rob")}
    assert await office.audit() == [
        (
            "iris",
            "key.issued",
            "integration:Incidents/by-api-key",
            {"key": issued.key.id, "kind": "signature", "holder": "rob"},
        )
    ]


async def test_a_secret_that_is_given_is_not_shown_again(office, signed):
    issued = await issue(office, "stan", given=GIVEN)

    assert issued.secret is None
    assert await live(office) == {(GIVEN, "id-of-stan")}


async def test_a_secret_is_kept_nowhere_as_it_is(office, signed):
    issued = [await issue(office, "stan"), await issue(office, "stan", given=GIVEN)]
    await rotate(office, "stan", issued[1].key.id, given=GIVEN[::-1])

    async def dump(tx):
        tables = [metadata.tables[name] for name in ("signing_secrets", "audit")]
        return repr([(await tx.keys._connection.execute(select(table))).all() for table in tables])

    stored = await office.read(dump)
    for text in (issued[0].secret.reveal(), GIVEN, GIVEN[::-1]):
        assert text not in stored
        assert text not in repr(issued)


async def test_a_sealed_secret_opens_in_its_own_row_only(office, signed):
    issued = await issue(office, "stan")
    kept = await office.read(lambda tx: tx.signatures.secret(issued.key.id))

    assert repr(office.signing.unseal(kept)) == "‹secret:signing secret›"
    assert issued.secret.reveal() not in repr(kept)


async def test_several_live_at_once_and_no_more_than_a_request_is_tried_with(office, signed):
    keys = [await issue(office, "stan") for _ in range(MOST_LIVE)]
    with pytest.raises(Conflict) as refused:
        await issue(office, "dev")
    with pytest.raises(Conflict):
        await rotate(office, "stan", keys[0].key.id, overlap=timedelta(seconds=1))
    await rotate(office, "stan", keys[0].key.id)
    await revoke_key(office.database, office.as_("stan"), key_id=keys[1].key.id)
    await issue(office, "dev")

    assert str(refused.value) == (
        'The integration "by-api-key" has 4 live signing secrets, which is as many as may be. '
        "Revoke one, or rotate without an overlap."
    )
    assert len(await live(office)) == MOST_LIVE


async def test_a_rotated_secret_works_beside_the_new_one_for_the_overlap(office, signed):
    first = await issue(office, "stan")
    second = await rotate(office, "stan", first.key.id, overlap=timedelta(minutes=1))
    third = await rotate(office, "stan", second.key.id, given=GIVEN)

    assert third.secret is None
    assert {text for text, _ in await live(office)} == {first.secret.reveal(), GIVEN}
    office.clock.forward(minutes=1)
    assert await live(office) == {(GIVEN, "id-of-stan")}
    with pytest.raises(Conflict, match="rotated already"):
        await rotate(office, "stan", first.key.id)


@pytest.mark.parametrize(
    ("preset", "given", "why"),
    [
        (
            "github",
            "fifteen-bytes-x",
            "A signing secret has at least 16 bytes; this one could be guessed. Have it replaced.",
        ),
        (
            "standard-webhooks",
            "whsec_c2hvcnQ=",
            "A signing secret has at least 16 bytes; this one could be guessed. Have it replaced.",
        ),
        (
            "standard-webhooks",
            "a secret of more than 16 bytes".replace(" ", "_"),
            "A secret of Standard Webhooks is whsec_ and base64; copy it whole from the sender's settings.",
        ),
        (
            "slack",
            "a secret with spaces in between",
            "A signing secret is 1 to 500 printable ASCII characters without a space.",
        ),
        (
            "stripe",
            "x" * 501,
            "A signing secret is 1 to 500 printable ASCII characters without a space.",
        ),
        (
            "hmac",
            "a-secret-with-a-line-feed\n",
            "A signing secret is 1 to 500 printable ASCII characters without a space.",
        ),
    ],
)
async def test_what_is_no_secret_is_refused_and_not_quoted(office, signed, preset, given, why):
    scheme = {"preset": preset} | ({"header": "X-Signature"} if preset == "hmac" else {})
    await office.change_integration("by-api-key", signature=scheme)
    with pytest.raises(Invalid) as refused:
        await issue(office, "stan", given=given)

    assert str(refused.value) == f"/secret: {why}"
    assert await live(office) == set()


async def test_a_secret_that_is_live_already_is_nobody_elses(office, signed):
    await issue(office, "stan", given=GIVEN)
    for name in ("dev", "stan"):
        with pytest.raises(Invalid) as refused:
            await issue(office, name, given=GIVEN)

        assert str(refused.value) == (
            "/secret: This secret is live at the integration already. Have another one made."
        )
    await revoke_key(
        office.database,
        office.as_("stan"),
        key_id=(await see_keys(office.database, office.as_("stan")))[0].id,
    )
    await issue(office, "dev", given=GIVEN)

    assert await live(office) == {(GIVEN, "id-of-dev")}


@pytest.mark.parametrize("integration_id", ["other", "by-url"])
async def test_the_secrets_of_other_keys_are_made_here(office, integration_id):
    with pytest.raises(Invalid) as refused:
        await issue(office, "stan", given=GIVEN, integration_id=integration_id)

    assert str(refused.value) == "/secret: Only signing secrets are given; other keys are made here."


async def test_who_sees_rotates_and_revokes_them_is_decided_as_for_other_keys(office, signed):
    issued = await issue(office, "stan")
    with pytest.raises(NotPermitted):
        await issue(office, "dev", holder="rob")
    for act in (rotate(office, "ann", issued.key.id), rotate(office, "dev", issued.key.id)):
        with pytest.raises(NotPermitted):
            await act
    with pytest.raises(NotPermitted):
        await revoke_key(office.database, office.as_("sue"), key_id=issued.key.id)

    async def seen(name):
        return [each.id for each in await see_keys(office.database, office.as_(name))]

    assert [await seen(name) for name in ("stan", "dev", "ann", "sue")] == [
        [issued.key.id],
        [issued.key.id],
        [issued.key.id],
        [],
    ]
    await revoke_key(office.database, office.as_("ann"), key_id=issued.key.id)
    assert await live(office) == set()


async def test_a_secret_of_another_method_than_the_integration_has_is_not_rotated(office, signed):
    issued = await issue(office, "stan")
    await office.change_integration("by-api-key", method="api-key", signature=None)

    with pytest.raises(Conflict, match="does not take keys of this kind any more"):
        await rotate(office, "stan", issued.key.id)


def test_every_secret_that_is_made_is_another_one():
    assert len({mint_signing_secret().reveal() for _ in range(100)}) == 100
