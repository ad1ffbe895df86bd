"""What an access token is good for, of all that its owner may do."""

from typing import Final, TypeAlias

#: Names of scopes; what is not in it may not be done, whoever the person is.
Scope: TypeAlias = frozenset[str]

#: Set inbound integrations off.
TRIGGER: Final = "trigger"
#: Read what the platform's API shows.
READ: Final = "read"
#: Change what the platform's API lets be changed.
WRITE: Final = "write"

SCOPES: Final[Scope] = frozenset({TRIGGER, READ, WRITE})
