"""Between a project of now and a bundle of another time or place: its script, its ids, its addresses."""

from collections.abc import Mapping
from pathlib import PurePath

from deputize.activity.journal import JournalBody, JournalRequest
from deputize.bundle.errors import BundleInvalid
from deputize.bundle.file import Bundle
from deputize.project import Project, ids
from deputize.project.source import ScriptSource
from deputize_client import Endpoint, Redactor, SentRequest


def script_of(bundle: Bundle, project: Project) -> str:
    """Return the name that the script of *bundle* has in *project*: with its plan, where that is there.

    Raises ``BundleInvalid`` for a path that leads out of the project.
    """
    run, path = bundle.run, bundle.script.path
    if run.integration_id is None:
        if PurePath(path).is_absolute() or ".." in PurePath(path).parts:
            raise BundleInvalid(
                f"the script {path} of run {run.id} is not one of the project. Name the script that is meant."
            )
        return path
    return f"{run.plan}/{run.name}" if run.plan in project.file.plans else run.name


def recorded_ids(bundle: Bundle, source: ScriptSource) -> dict[str, str]:
    """Return the ids that *bundle* has of integration, plan and form, by those that *source* has."""
    recorded, integration = bundle.run, source.integration
    if integration is None or recorded.integration_id is None:
        return {}
    renamed = {ids.integration_id(integration.plan, integration.name): recorded.integration_id}
    form = integration.section.form
    if bundle.head.form is not None and form is not None:
        renamed[ids.plan_id(integration.plan)] = bundle.head.form["plan_id"]
        renamed[ids.form_id(integration.plan, form)] = bundle.head.form["form_id"]
    return renamed


def base_of(bundle: Bundle, endpoint: str) -> str:
    """Return the address, without a slash at its end, that *endpoint* had; empty for one that it had not."""
    return str(bundle.head.endpoints.get(endpoint, {}).get("base_url", "")).rstrip("/")


def as_recorded(
    bundle: Bundle, made: SentRequest, *, endpoint: Endpoint, renamed: Mapping[str, str]
) -> SentRequest:
    """Return *made*, a request to *endpoint*, as *bundle* would have it.

    It has the address of then, the ids of then, as *renamed*, and nothing that is told to be a secret.
    """
    base, now = base_of(bundle, endpoint.name), endpoint.base_url.rstrip("/")
    url, content = made.url, made.body
    if base and url.startswith(now):
        url = base + url.removeprefix(now)
    for present, recorded in renamed.items():
        url = url.replace(present, recorded)
        content = None if content is None else content.replace(present.encode(), recorded.encode())
    request = JournalRequest(
        method=made.method,
        url=url,
        headers=made.headers,
        body=None if content is None else JournalBody.of(content),
    )
    clean, _ = Redactor().redact_json(request.model_dump(mode="json"))
    request = JournalRequest.model_validate(clean)
    return SentRequest(
        method=request.method,
        url=request.url,
        headers=request.headers,
        body=None if request.body is None else request.body.content,
    )
