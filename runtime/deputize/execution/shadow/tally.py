"""Counts what was found about the calls of one run, by line, method and verdict."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from deputize.domain.legacy import Shadow, ShadowFinding
from deputize.execution.shadow.comparison import Judgement

#: Characters of a path that is kept.
_LONGEST_PATH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Whose calls they are."""

    name: str
    sha256: str


class Tally:
    """The findings of one run; ``findings`` are to be kept when it has ended."""

    def __init__(self, *, shadow: Shadow, script: Script, clock: Callable[[], datetime]) -> None:
        self._shadow = shadow
        self._script = script
        self._clock = clock
        self._found: dict[str, ShadowFinding] = {}

    @property
    def findings(self) -> list[ShadowFinding]:
        """What was found, each with how often."""
        return list(self._found.values())

    def add(self, judgement: Judgement, *, method: str, url: str, line: int | None) -> None:
        """Count one call to *url*, of which the path is kept without its query."""
        now, shadow = self._clock(), self._shadow
        about = (shadow.integration_id, shadow.subject, self._script.name, self._script.sha256, line)
        identity = json.dumps([*about, method, judgement.verdict])
        key = hashlib.sha256(identity.encode()).hexdigest()
        before = self._found.get(key)
        path = urlsplit(url).path[:_LONGEST_PATH]
        if before is not None:
            self._found[key] = replace(
                before, count=before.count + 1, path=path, last=now, detail=judgement.detail
            )
            return
        self._found[key] = ShadowFinding(
            id=key,
            integration_id=shadow.integration_id,
            subject=shadow.subject,
            script=self._script.name,
            script_sha256=self._script.sha256,
            line=line,
            method=method,
            path=path,
            verdict=judgement.verdict,
            count=1,
            first=now,
            last=now,
            detail=judgement.detail,
        )
