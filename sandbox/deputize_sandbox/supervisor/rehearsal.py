"""The throw-away script: what it runs through is warm in every guest, before a script of a user comes.

The zygote practises it until the interpreter has specialised what it executes; a guest that is to be parked
runs it once more, and the pages that any script writes to are its own from then on.
"""

from dataclasses import dataclass, field
from typing import Final

_FILENAME: Final = "rehearsal.py"
_NOW: Final = "2000-01-01T00:00:00+00:00"

_SOURCE: Final = """
def main(payload, http, log):
    names = [each["name"].title() for each in payload["people"] if each["active"]]
    log.info(f"{len(names)} of {len(payload['people'])}", names=names)
    response = http.get("/rehearsal", params={"n": len(names)})
    try:
        missing = payload["nobody"]
    except KeyError as error:
        missing = str(error)
    return {"names": sorted(names), "status": response.status_code, "missing": missing}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A job, as the frames of the host that make it up: to compile, to run, and the answers to its calls."""

    compile: dict[str, object] = field(
        default_factory=lambda: {"do": "compile", "source": _SOURCE, "filename": _FILENAME}
    )
    run: dict[str, object] = field(
        default_factory=lambda: {
            "do": "run",
            "filename": _FILENAME,
            "provide": {
                "payload": {"kind": "payload", "value": {"people": [{"name": "ann", "active": True}]}},
                "http": {"kind": "http", "value": None},
                "log": {"kind": "log", "value": None},
            },
            "seed": "rehearsal",
            "recursion": 1000,
            "now": _NOW,
        }
    )
    answers: tuple[dict[str, object], ...] = (
        {
            "id": 1,
            "now": _NOW,
            "value": {
                "status_code": 200,
                "status_message": "OK",
                "headers": [["content-type", "application/json"]],
                "text": "{}",
                "refused": False,
                "reason": None,
                "url": "https://rehearsal.example/",
            },
        },
    )

    def plan(self) -> dict[str, object]:
        """Return the rehearsal as the zygote reads it: JSON."""
        return {"compile": self.compile, "run": self.run, "answers": list(self.answers)}
