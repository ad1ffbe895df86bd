"""Cursors of lists: opaque, signed, and good for one caller's one list with the same filters."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from deputize.server.problems import Misplaced, Problem

#: Characters that no cursor of ours reaches.
_LONGEST: Final = 1000


class Cursors:
    """Writes and reads cursors under a key of the deployment's own."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, place: list[str | int], *, of: Mapping[str, str | None]) -> str:
        """Return the cursor for *place* in the list that *of* describes: its name, caller and filters."""
        return str(self._serializer(of).dumps(place))

    def read(self, cursor: str, *, of: Mapping[str, str | None]) -> list[str | int]:
        """Return the place. Raises the 400 for a cursor that was not written for that list."""
        serializer = self._serializer(of)
        try:
            place: list[str | int] = list(serializer.loads(cursor[:_LONGEST]))
        except BadSignature:
            raise _unknown() from None
        # The last character of a signature has bits that say nothing: of its spellings one is ours.
        if serializer.dumps(place) != cursor:
            raise _unknown()
        return place

    def _serializer(self, of: Mapping[str, str | None]) -> URLSafeSerializer:
        # The list is part of the salt and so of the signature; it is not repeated in the cursor.
        described = json.dumps(of, sort_keys=True)
        return URLSafeSerializer(
            self._key, salt=f"cursor {described}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def _unknown() -> Problem:
    return Problem(
        "CURSOR_INVALID",
        "The cursor was not given out for this list with these filters. Begin without one.",
        faults=[Misplaced(place="parameter", name="cursor", detail="Unknown.")],
    )
