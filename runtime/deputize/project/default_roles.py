"""The roles that a project may name without defining them.

What each may do follows the domain facts §2.4: a REST Web Service User calls REST and cannot sign in, a
Standard User adds the log-in, a Limited Developer the developer's pages; supervisors see and edit.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from deputize.domain.functions import (
    ADMIN,
    DEVELOPER,
    EVENTS,
    GROUPS,
    ISSUE_KEYS,
    LOGIN,
    PEOPLE,
    PLANS,
    REPLAY_AS_INITIATOR,
    REST,
)
from deputize.domain.person import EVERYBODY, Role

_ALL_RIGHTS: Final = frozenset({"View", "Use", "Edit", "Delete", "Assign"})
_SUPERVISED: Final = frozenset({LOGIN, REST, PEOPLE, GROUPS, EVENTS, PLANS, DEVELOPER, ADMIN, ISSUE_KEYS})

DEFAULT_ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {
        role.name: role
        for role in (
            Role(name="REST Web Service User", functions=frozenset({REST})),
            Role(name="Standard User", functions=frozenset({LOGIN})),
            Role(name="Limited Developer", functions=frozenset({LOGIN, DEVELOPER})),
            Role(name="Developer", functions=frozenset({LOGIN, DEVELOPER, PLANS})),
            Role(
                name="Person Supervisor",
                functions=frozenset({LOGIN, PEOPLE}),
                on={EVERYBODY: frozenset({"View", "Use", "Edit"})},
            ),
            Role(name="Group Supervisor", functions=frozenset({LOGIN, GROUPS})),
            Role(
                name="Company Supervisor",
                functions=frozenset(
                    {LOGIN, REST, PEOPLE, GROUPS, EVENTS, PLANS, DEVELOPER, ADMIN, ISSUE_KEYS}
                ),
                on={EVERYBODY: _ALL_RIGHTS},
            ),
            Role(
                name="Full Access User",
                functions=_SUPERVISED | {REPLAY_AS_INITIATOR},
                on={EVERYBODY: _ALL_RIGHTS},
            ),
        )
    }
)
