"""Every table, in SQLAlchemy Core."""

from deputize.store.tables.calls import calls
from deputize.store.tables.devices import devices
from deputize.store.tables.events import annotations, counters, event_audits, event_recipients, events
from deputize.store.tables.groups import group_members, group_supervisors, groups, shift_members, shifts
from deputize.store.tables.keys import api_keys, api_secrets, url_keys
from deputize.store.tables.legacy import legacy_switches, legacy_terms, shadow_findings, shadows
from deputize.store.tables.metadata import metadata
from deputize.store.tables.oauth import (
    oauth_clients,
    oauth_codes,
    oauth_cutoffs,
    oauth_grants,
    oauth_refresh_tokens,
    oauth_revoked_tokens,
    oauth_signing_keys,
)
from deputize.store.tables.people import (
    passwords,
    people,
    person_roles,
    person_supervisors,
    roles,
    tokens,
)
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
from deputize.store.tables.schedules import schedules
from deputize.store.tables.sessions import sessions
from deputize.store.tables.signatures import seen_signatures, signing_secrets
from deputize.store.tables.streams import audit, entries, journal
from deputize.store.tables.workers import workers

__all__ = [
    "annotations",
    "api_keys",
    "api_secrets",
    "applied",
    "audit",
    "calls",
    "constants",
    "counters",
    "devices",
    "endpoints",
    "entries",
    "event_audits",
    "event_recipients",
    "events",
    "forms",
    "group_members",
    "group_supervisors",
    "groups",
    "idempotency",
    "integrations",
    "journal",
    "legacy_switches",
    "legacy_terms",
    "metadata",
    "oauth_clients",
    "oauth_codes",
    "oauth_cutoffs",
    "oauth_grants",
    "oauth_refresh_tokens",
    "oauth_revoked_tokens",
    "oauth_signing_keys",
    "passwords",
    "people",
    "person_roles",
    "person_supervisors",
    "plans",
    "roles",
    "runs",
    "schedules",
    "script_versions",
    "secrets",
    "seen_signatures",
    "sessions",
    "shadow_findings",
    "shadows",
    "shared_libraries",
    "shift_members",
    "shifts",
    "signing_secrets",
    "tokens",
    "url_keys",
    "workers",
]
