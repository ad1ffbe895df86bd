"""The functions that a role may have: what its holders may do, whoever it concerns."""

from typing import Final

#: Create and change every person and every group over REST; neither see them nor assign roles.
REST: Final = "rest"
#: Sign in to the page and to ``/api/v1``.
LOGIN: Final = "login"
#: See and edit the integrations, scripts, endpoints, constants and secrets of accessible plans.
DEVELOPER: Final = "developer"
#: Administer people: their passwords, status and roles.
PEOPLE: Final = "people"
#: Read, change and annotate every event.
EVENTS: Final = "events"
#: See and edit every plan: its access, its forms and their senders.
PLANS: Final = "plans"
#: See and edit every group.
GROUPS: Final = "groups"
#: Administer the deployment: see every run, import plans, read the audit stream.
ADMIN: Final = "admin"
#: Issue a key to somebody else, who sees it.
ISSUE_KEYS: Final = "issue-keys-for-others"
#: Hand messages over in the name of their senders: for the gateway that vouches for who sent them.
EMAIL: Final = "email"
#: Replay a run as its initiator.
REPLAY_AS_INITIATOR: Final = "replay:as-initiator"

FUNCTIONS: Final = frozenset(
    {REST, LOGIN, DEVELOPER, PEOPLE, EVENTS, PLANS, GROUPS, ADMIN, ISSUE_KEYS, EMAIL, REPLAY_AS_INITIATOR}
)
