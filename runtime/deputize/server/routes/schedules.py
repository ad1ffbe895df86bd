"""Schedules: defined for a user, consented to by that user, paused, deleted."""

from http import HTTPStatus

from deputize.server.callers import Caller, Parts
from deputize.server.documents.schedules import (
    ScheduleDocument,
    Schedules,
    SentConsent,
    SentSchedule,
    SentScheduleChange,
    WholeScheduleDocument,
)
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.consent_to_schedule import consent_to_schedule, withdraw_consent
from deputize.use_cases.define_schedule import change_schedule, create_schedule
from deputize.use_cases.delete_schedule import delete_schedule
from deputize.use_cases.see_schedules import see_schedule, see_schedules

router = operations("Schedules")


@router.get("/schedules", operation_id="listSchedules", responses=may_answer(404))
async def list_schedules(
    parts: Parts, caller: Caller, integration: str | None = None, user: str | None = None
) -> Schedules:
    """Return the schedules that run as the caller and those of plans that they edit, by name."""
    seen = await see_schedules(parts.database, caller, integration_id=integration, user=user)
    return Schedules(data=[ScheduleDocument.of(each) for each in seen])


@router.post(
    "/integrations/{integration}/schedules",
    operation_id="createSchedule",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404, 409),
)
async def post_schedule(
    parts: Parts, caller: Caller, integration: str, body: SentSchedule
) -> WholeScheduleDocument:
    """Define a schedule of the inbound integration. It does nothing until its user has consented."""
    seen = await create_schedule(parts.database, caller, integration_id=integration, new=body.new())
    return WholeScheduleDocument.of(seen)


@router.get("/schedules/{schedule}", operation_id="getSchedule", responses=may_answer(404))
async def get_schedule(parts: Parts, caller: Caller, schedule: str) -> WholeScheduleDocument:
    """Return the schedule of that id, with what its script is given and the next due times."""
    return WholeScheduleDocument.of(await see_schedule(parts.database, caller, schedule_id=schedule))


@router.patch("/schedules/{schedule}", operation_id="changeSchedule", responses=may_answer(404))
async def patch_schedule(
    parts: Parts, caller: Caller, schedule: str, body: SentScheduleChange
) -> WholeScheduleDocument:
    """Change the schedule, or pause it. Whatever else than ``enabled`` changes withdraws the consent."""
    seen = await change_schedule(parts.database, caller, schedule_id=schedule, change=body.change())
    return WholeScheduleDocument.of(seen)


@router.delete(
    "/schedules/{schedule}",
    operation_id="deleteSchedule",
    status_code=HTTPStatus.NO_CONTENT,
    responses=may_answer(404),
)
async def remove_schedule(parts: Parts, caller: Caller, schedule: str) -> None:
    """Delete the schedule; the runs that came of it stay."""
    await delete_schedule(parts.database, caller, schedule_id=schedule)


@router.put("/schedules/{schedule}/consent", operation_id="consentToSchedule", responses=may_answer(404, 409))
async def put_consent(
    parts: Parts, caller: Caller, schedule: str, body: SentConsent
) -> WholeScheduleDocument:
    """Consent, as the user as whom the schedule runs: from the next due time on it does."""
    seen = await consent_to_schedule(parts.database, caller, schedule_id=schedule, digest=body.digest)
    return WholeScheduleDocument.of(seen)


@router.delete("/schedules/{schedule}/consent", operation_id="withdrawConsent", responses=may_answer(404))
async def remove_consent(parts: Parts, caller: Caller, schedule: str) -> WholeScheduleDocument:
    """Withdraw the consent, as the user as whom it runs, or as who edits the plan: it does nothing more."""
    return WholeScheduleDocument.of(await withdraw_consent(parts.database, caller, schedule_id=schedule))
