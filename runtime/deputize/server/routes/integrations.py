"""Integrations: their settings, their scripts, and the keys to them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path

from deputize.server.callers import Caller, Parts
from deputize.server.documents.integrations import (
    Checked,
    IntegrationDocument,
    Integrations,
    ScriptDocument,
    SentIntegration,
    SentScript,
    VersionDocument,
    Versions,
    WholeIntegrationDocument,
)
from deputize.server.documents.keys import IssuedKeyDocument, KeyDocument, Keys, SentKey
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.edit_integration import edit_integration
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.see_integrations import (
    check_script,
    see_integration,
    see_integrations,
    see_version,
    see_versions,
)
from deputize.use_cases.see_keys import see_keys

router = operations("Integrations")

_MOST_VERSIONS = 10**9


@router.get("/integrations", operation_id="listIntegrations", responses=may_answer(404))
async def list_integrations(parts: Parts, caller: Caller, plan: str | None = None) -> Integrations:
    """Return the integrations of a plan, or of every plan that the caller edits, by name."""
    seen = await see_integrations(parts.database, caller, plan=plan)
    return Integrations(data=[IntegrationDocument.of(each) for each in seen])


@router.get("/integrations/{integration}", operation_id="getIntegration", responses=may_answer(404))
async def get_integration(parts: Parts, caller: Caller, integration: str) -> WholeIntegrationDocument:
    """Return the integration of that id, with its script."""
    seen = await see_integration(parts.database, caller, integration_id=integration)
    return WholeIntegrationDocument.of(seen)


@router.patch("/integrations/{integration}", operation_id="editIntegration", responses=may_answer(404, 409))
async def patch_integration(
    parts: Parts, caller: Caller, integration: str, body: SentIntegration
) -> WholeIntegrationDocument:
    """Edit the integration: a new script is checked and becomes the next version. Return it."""
    await edit_integration(
        parts.database, caller, checker=parts.checker, integration_id=integration, change=body.change()
    )
    seen = await see_integration(parts.database, caller, integration_id=integration)
    return WholeIntegrationDocument.of(seen)


@router.post("/integrations/{integration}/check", operation_id="checkScript", responses=may_answer(404))
async def check(parts: Parts, caller: Caller, integration: str, body: SentScript) -> Checked:
    """Return what would be wrong with a script; nothing is saved, and nothing of it is executed."""
    found = await check_script(
        parts.database, caller, checker=parts.checker, integration_id=integration, source=body.script
    )
    return Checked.of(found)


@router.get(
    "/integrations/{integration}/versions", operation_id="listScriptVersions", responses=may_answer(404)
)
async def list_versions(parts: Parts, caller: Caller, integration: str) -> Versions:
    """Return every version of the integration's script, the newest first."""
    versions = await see_versions(parts.database, caller, integration_id=integration)
    return Versions(data=[VersionDocument.of(each) for each in versions])


@router.get(
    "/integrations/{integration}/versions/{number}",
    operation_id="getScriptVersion",
    responses=may_answer(404),
)
async def get_version(
    parts: Parts, caller: Caller, integration: str, number: Annotated[int, Path(ge=1, le=_MOST_VERSIONS)]
) -> ScriptDocument:
    """Return one version of the integration's script."""
    version = await see_version(parts.database, caller, integration_id=integration, number=number)
    return ScriptDocument.of(version)


@router.get(
    "/integrations/{integration}/keys", operation_id="listKeysOfIntegration", responses=may_answer(404)
)
async def list_keys(parts: Parts, caller: Caller, integration: str) -> Keys:
    """Return the keys to the integration that the caller may see, the newest first."""
    keys = await see_keys(parts.database, caller, integration_id=integration)
    return Keys(data=[KeyDocument.of(each) for each in keys])


@router.post(
    "/integrations/{integration}/keys",
    operation_id="issueKey",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404, 409),
)
async def post_key(
    parts: Parts, caller: Caller, integration: str, body: SentKey | None = None
) -> IssuedKeyDocument:
    """Issue a key to the integration, to oneself or to somebody else. Its secret is shown only now."""
    issued = await issue_key(
        parts.database,
        caller,
        hasher=parts.hasher,
        signing=parts.signing,
        integration_id=integration,
        holder=None if body is None else body.for_other,
        given=None if body is None else body.given,
    )
    return IssuedKeyDocument.issued(issued, public_url=parts.public_url)
