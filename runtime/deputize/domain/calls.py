"""Calls over HTTP, as a run tells its own apart."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import JsonValue

#: What an operator knows of a call whose outcome nobody else does.
Known: TypeAlias = Literal["sent", "not sent"]
#: The same of the only such call, or of each by its number.
KnownOfCalls: TypeAlias = Known | Mapping[int, Known]


@dataclass(frozen=True, slots=True)
class CallKey:
    """A call of a run: the same in every attempt, in whatever order calls at the same time come."""

    #: Of what the script asked for: equal for equal calls.
    fingerprint: str
    #: 1, 2, 3, … among the calls of that fingerprint.
    occurrence: int


class CallCounter:
    """Gives the calls of one attempt their keys."""

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}

    def key(self, asked: JsonValue) -> CallKey:
        """Return the key of a call for which the script *asked* in these words."""
        words = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        fingerprint = hashlib.sha256(words.encode()).hexdigest()
        self._counted[fingerprint] = self._counted.get(fingerprint, 0) + 1
        return CallKey(fingerprint, self._counted[fingerprint])
