"""Conditions on runs: those that wait, are held by an attempt, or are wanted by a filter."""

from datetime import datetime

from sqlalchemy import ColumnElement, Dialect, and_, or_, select

from deputize.domain.attempt import Attempt
from deputize.domain.run import RunState
from deputize.domain.stored_run import RunFilter
from deputize.store.tables import entries, runs
from deputize.store.tables.runs import REFUSED
from deputize.store.words import folded, holds


def waits(at: datetime) -> ColumnElement[bool]:
    """Return that a run was never taken up and is due, or that its worker is gone."""
    due = or_(runs.c.due.is_(None), runs.c.due <= at)
    return or_(
        and_(runs.c.state == RunState.QUEUED, due),
        and_(runs.c.state == RunState.RUNNING, runs.c.worker.is_(None)),
    )


def held_by(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    """Return that *attempt* is the one that counts."""
    return (
        runs.c.id == attempt.run_id,
        runs.c.state == RunState.RUNNING,
        runs.c.attempts == attempt.number,
        runs.c.worker == attempt.worker,
    )


def conditions_of(wanted: RunFilter, *, dialect: Dialect) -> list[ColumnElement[bool]]:
    """Return what holds of the runs that are *wanted*, for a database of that *dialect*."""
    conditions = _plain(wanted)
    if wanted.text:
        said = holds(entries.c.text, folded(wanted.text), dialect=dialect)
        conditions.append(select(entries.c.position).where(entries.c.run_id == runs.c.id, said).exists())
    return conditions


def _plain(wanted: RunFilter) -> list[ColumnElement[bool]]:
    equal = {
        runs.c.integration_id: wanted.integration_id,
        runs.c.initiator_subject: wanted.subject,
        runs.c.initiator_id: wanted.initiator,
        runs.c.state: wanted.state,
        runs.c.trigger: wanted.trigger,
        runs.c.event_id: wanted.event_id,
        runs.c.replay_of: wanted.replay_of,
        runs.c.retry_of: wanted.retry_of,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if wanted.refused:
        conditions.append(REFUSED)
    if wanted.ids is not None:
        conditions.append(runs.c.id.in_(wanted.ids))
    if wanted.given_up:
        conditions.append(runs.c.given_up.is_not(None))
    if wanted.since is not None:
        conditions.append(runs.c.queued >= wanted.since)
    if wanted.until is not None:
        conditions.append(runs.c.queued < wanted.until)
    return conditions
