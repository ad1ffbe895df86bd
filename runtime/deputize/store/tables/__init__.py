"""Every table, in SQLAlchemy Core."""

from deputize.store.tables.events import annotations, counters, event_audits, events
from deputize.store.tables.keys import api_keys, api_secrets, url_keys
from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import passwords, people, person_roles, roles, tokens
from deputize.store.tables.plans import (
    applied,
    constants,
    endpoints,
    forms,
    integrations,
    plans,
    script_versions,
    secrets,
    shared_libraries,
)
from deputize.store.tables.runs import idempotency, runs
from deputize.store.tables.streams import audit, entries

__all__ = [
    "annotations",
    "api_keys",
    "api_secrets",
    "applied",
    "audit",
    "constants",
    "counters",
    "endpoints",
    "entries",
    "event_audits",
    "events",
    "forms",
    "idempotency",
    "integrations",
    "metadata",
    "passwords",
    "people",
    "person_roles",
    "plans",
    "roles",
    "runs",
    "script_versions",
    "secrets",
    "shared_libraries",
    "tokens",
    "url_keys",
]
