"""Issues a key to an inbound integration, to oneself or to somebody else; its secret is shown once."""

from typing import Final
from uuid import uuid4

from deputize.authorisation import decide_function, decide_login, decide_plan
from deputize.credentials.keys import KeyHasher, mint_api_secret, mint_key_id, mint_url_key
from deputize.credentials.signing_secrets import MOST_LIVE, SigningSecrets, mint_signing_secret, unfit
from deputize.domain.functions import ISSUE_KEYS
from deputize.domain.integration import Integration
from deputize.domain.keys import ApiKey, ApiSecret, SigningSecret, UrlKey
from deputize.domain.person import Person
from deputize.domain.plan import Plan
from deputize.domain.signature import SignatureScheme
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, require
from deputize.use_cases.finding import find_integration, names_by_subject
from deputize.use_cases.keys import IssuedKey, Key, seen
from deputize_client import Secret

_ISSUED: Final = frozenset({"api-key", "signature", "url"})


async def issue_key(
    database: Database,
    actor: Actor,
    *,
    hasher: KeyHasher,
    signing: SigningSecrets,
    integration_id: str,
    holder: str | None = None,
    given: Secret | None = None,
) -> IssuedKey:
    """Issue a key of the kind that the integration asks for, and return it with its secret.

    *holder* is the name of whom it is for; without one it is the actor's own. *given* is the signing
    secret that the sender's provider has made. A person has one live key to an integration, but for
    signing secrets: a second one is a ``Conflict``, and rotation is how it gets another secret.
    """
    return await database.write(
        lambda tx: keep_key(
            tx,
            actor,
            hasher=hasher,
            signing=signing,
            integration_id=integration_id,
            holder=holder,
            given=given,
        )
    )


async def keep_key(
    tx: Transaction,
    actor: Actor,
    *,
    hasher: KeyHasher,
    signing: SigningSecrets,
    integration_id: str,
    holder: str | None,
    given: Secret | None = None,
) -> IssuedKey:
    """Decide whether the key may be issued, keep it, and return it with its secret."""
    standing = await actor.standing(tx)
    integration, plan = await find_integration(tx, integration_id)
    person = await _holder(tx, actor, holder)
    _decide(standing, plan, integration, person)
    if integration.method != "signature":
        await _refuse_second(tx, integration, person)
    key, secret = await add_key(
        tx,
        hasher,
        signing,
        integration=integration,
        subject=person.id,
        issued_by=actor.subject,
        given=given,
    )
    await note(
        tx,
        actor,
        "key.issued",
        f"integration:{plan.name}/{integration.name}",
        key=key.id,
        kind=integration.method,
        holder=person.target_name,
    )
    names = await names_by_subject(tx)
    return IssuedKey(key=await seen(tx, key, integration=integration, names=names), secret=secret)


async def add_key(
    tx: Transaction,
    hasher: KeyHasher,
    signing: SigningSecrets,
    *,
    integration: Integration,
    subject: str,
    issued_by: str,
    given: Secret | None = None,
) -> tuple[Key, Secret | None]:
    """Keep a new key of *subject* to *integration*, and return it with its secret unless that was *given*."""
    if integration.method == "signature":
        return await _add_signing_secret(
            tx, signing, integration=integration, subject=subject, issued_by=issued_by, given=given
        )
    if given is not None:
        raise Invalid(
            Fault(pointer="/secret", detail="Only signing secrets are given; other keys are made here.")
        )
    if integration.method == "url":
        secret = mint_url_key()
        url_key = UrlKey(
            id=str(uuid4()),
            integration_id=integration.id,
            subject=subject,
            hash=hasher.of_url_key(integration_id=integration.id, url_key=secret.reveal()),
            created=tx.now,
            issued_by=issued_by,
        )
        await tx.keys.add_url_key(url_key)
        return url_key, secret
    # Of its subject: the same at every integration.
    key = await tx.keys.create_api_key(ApiKey(id=mint_key_id(), subject=subject, created=tx.now))
    secret = mint_api_secret()
    api_secret = ApiSecret(
        id=str(uuid4()),
        integration_id=integration.id,
        subject=subject,
        hash=hasher.of_api_secret(integration_id=integration.id, key_id=key.id, secret=secret.reveal()),
        created=tx.now,
        issued_by=issued_by,
    )
    await tx.keys.add_secret(api_secret)
    return api_secret, secret


async def _add_signing_secret(
    tx: Transaction,
    signing: SigningSecrets,
    *,
    integration: Integration,
    subject: str,
    issued_by: str,
    given: Secret | None,
) -> tuple[SigningSecret, Secret | None]:
    # Two at once would each count without the other.
    await tx.plans.hold(integration.plan_id)
    live = await tx.signatures.live_secrets(integration.id, now=tx.now)
    if len(live) >= MOST_LIVE:
        raise Conflict(
            f'The integration "{integration.name}" has {len(live)} live signing secrets, which is as many as '
            "may be. Revoke one, or rotate without an overlap."
        )
    if given is not None:
        preset = SignatureScheme.of(integration.signature or {}).preset
        why = unfit(given.reveal(), preset)
        if why is None and any(signing.unseal(each) == given for each in live):
            # Whose request it is could not be told.
            why = "This secret is live at the integration already. Have another one made."
        if why is not None:
            raise Invalid(Fault(pointer="/secret", detail=why))
    secret = given or mint_signing_secret()
    secret_id = str(uuid4())
    kept = SigningSecret(
        id=secret_id,
        integration_id=integration.id,
        subject=subject,
        sealed=signing.seal(secret, secret_id=secret_id),
        created=tx.now,
        issued_by=issued_by,
    )
    await tx.signatures.add_secret(kept)
    return kept, secret if given is None else None


async def _holder(tx: Transaction, actor: Actor, name: str | None) -> Person:
    person = await tx.people.get(actor.subject) if name is None else await tx.people.by_name(name)
    if person is None and name is None:
        raise Invalid(Fault(pointer="/for", detail="Name whom the key is for: the operator has no account."))
    if person is None or not person.active:
        raise Invalid(Fault(pointer="/for", detail="There is no active user of this name."))
    return person


def _decide(standing: Standing, plan: Plan, integration: Integration, holder: Person) -> None:
    if holder.id == standing.subject:
        require(decide_login(standing, what="have a key"))
        require(decide_plan(standing, plan))
    else:
        require(decide_function(standing, ISSUE_KEYS, what="issue a key to somebody else"))
    if not integration.inbound:
        raise Conflict(
            f'The integration "{integration.name}" takes no keys: it is outbound, '
            "and what happens to the events of its form sets it off."
        )
    if integration.method not in _ISSUED:
        chosen = f"the method {integration.method}" if integration.method else "no method yet"
        raise Conflict(
            f'The integration "{integration.name}" takes no keys: its callers are authenticated by {chosen}. '
            'Choose the method "api-key", "signature" or "url" first.'
        )


async def _refuse_second(tx: Transaction, integration: Integration, holder: Person) -> None:
    keys = (
        await tx.keys.url_keys(integration_id=integration.id, subject=holder.id)
        if integration.method == "url"
        else await tx.keys.secrets(integration_id=integration.id, subject=holder.id)
    )
    if any(each.ends is None for each in keys):
        raise Conflict(
            f'{holder.target_name} has a key to the integration "{integration.name}" already. '
            "Rotate it for a new secret, or revoke it."
        )
