"""What the benchmarks have done: the same few lines for every system, as a function of a payload and a call."""

import json
from dataclasses import dataclass
from typing import Any

TRIVIAL = """
def work(payload, call):
    return 42
"""

TEN_CALLS = """
def work(payload, call):
    for n in range(10):
        call(n)
    return 10
"""

#: Some 4 KB of what integration scripts are made of, in a Python that every system here understands.
TRANSFORMATION = """
PRIORITIES = {"1": "critical", "2": "high", "3": "medium", "4": "low", "5": "low"}
STATES = {"new": "OPEN", "in progress": "ACTIVE", "on hold": "WAITING", "resolved": "CLOSED"}
WEIGHTS = {"critical": 100, "high": 50, "medium": 20, "low": 5}
REGIONS = [("eu-", "Europe"), ("us-", "North America"), ("ap-", "Asia Pacific"), ("sa-", "South America")]


def clean(text, limit):
    words = [word for word in text.replace("\\t", " ").replace("\\n", " ").split(" ") if word]
    joined = " ".join(words)
    if len(joined) <= limit:
        return joined
    return joined[: limit - 3].rstrip() + "..."


def region_of(host):
    for prefix, name in REGIONS:
        if host.startswith(prefix):
            return name
    return "unknown"


def split_name(name):
    parts = [part for part in name.strip().split(" ") if part]
    if not parts:
        return "", ""
    if len(parts) == 1:
        return parts[0].title(), ""
    return parts[0].title(), " ".join([part.title() for part in parts[1:]])


def minutes(text):
    hours, _, rest = text.partition(":")
    if not hours.isdigit() or not rest.isdigit():
        raise ValueError("no time of day: " + text)
    return int(hours) * 60 + int(rest)


def contact(person):
    first, last = split_name(person.get("name", ""))
    devices = person.get("devices", [])
    reachable = [device for device in devices if device.get("active") and device.get("kind") != "fax"]
    return {
        "targetName": person["id"].lower(),
        "firstName": first,
        "lastName": last,
        "devices": sorted([device["kind"] + ":" + device["value"] for device in reachable]),
        "onCall": bool(person.get("on_call")),
    }


def score(incident):
    base = WEIGHTS[PRIORITIES.get(incident["priority"], "low")]
    affected = len(incident.get("hosts", []))
    age = minutes(incident["updated"]) - minutes(incident["opened"])
    if age < 0:
        age = age + 24 * 60
    total = base + affected * 3 + age // 30
    if incident["state"] == "on hold":
        total = total // 2
    return total


def convert(incident):
    hosts = incident.get("hosts", [])
    regions = sorted({region_of(host) for host in hosts})
    summary = clean(incident["title"], 60)
    notes = [clean(note["text"], 80) for note in incident.get("notes", []) if not note.get("internal")]
    try:
        points = score(incident)
    except ValueError as error:
        points = 0
        notes = notes + ["not scored: " + str(error)]
    return {
        "id": "INC" + incident["number"].rjust(8, "0"),
        "summary": f"[{PRIORITIES.get(incident['priority'], 'low').upper()}] {summary}",
        "state": STATES.get(incident["state"], "UNKNOWN"),
        "regions": regions,
        "hosts": len(hosts),
        "score": points,
        "notes": notes,
        "properties": {key.replace(" ", "_").lower(): str(value) for key, value in incident["fields"].items()},
    }


def work(payload, call):
    incidents = [convert(incident) for incident in payload["incidents"] if incident["state"] != "resolved"]
    ranked = sorted(incidents, key=lambda each: (-each["score"], each["id"]))
    people = [contact(person) for person in payload["people"]]
    groups = {}
    for each in ranked:
        for name in each["regions"]:
            groups[name] = groups.get(name, []) + [each["id"]]
    lines = [f"{each['id']:<12}|{each['score']:>5}|{each['summary']}" for each in ranked]
    return {
        "count": len(ranked),
        "worst": ranked[0]["id"] if ranked else None,
        "groups": groups,
        "recipients": [person for person in people if person["devices"] and person["onCall"]],
        "text": "\\n".join(lines),
        "total": sum([each["score"] for each in ranked]),
    }
"""


def incidents() -> dict[str, Any]:
    """Return the payload of the transformation."""
    kinds = ["email", "sms", "voice", "fax"]
    return {
        "incidents": [
            {
                "number": str(4000 + n),
                "title": f"Disk  usage on volume {n} has\treached 9{n % 10} % and is growing by the minute",
                "priority": str(n % 6),
                "state": ["new", "in progress", "on hold", "resolved"][n % 4],
                "opened": f"{n % 24:02d}:{n * 7 % 60:02d}",
                "updated": "soon" if n == 5 else f"{(n + 3) % 24:02d}:{n * 11 % 60:02d}",
                "hosts": [f"{['eu-', 'us-', 'ap-', 'xx-'][(n + k) % 4]}web-{k}" for k in range(n % 5)],
                "notes": [{"text": f"note {k} on it", "internal": k % 2 == 0} for k in range(3)],
                "fields": {"Business Service": f"shop {n}", "Assignment Group": "operations", "Count": n},
            }
            for n in range(12)
        ],
        "people": [
            {
                "id": f"USER{n}",
                "name": f"ann of number {n}",
                "on_call": n % 2 == 0,
                "devices": [
                    {"kind": kind, "value": f"{kind}-{n}", "active": k != 1} for k, kind in enumerate(kinds)
                ],
            }
            for n in range(5)
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to be done: ``work(payload, call)`` of *source*, which calls *calls* times."""

    name: str
    source: str
    payload: Any = None
    calls: int = 0

    @property
    def result(self) -> Any:
        """What it gives, as JSON has it."""
        names: dict[str, Any] = {}
        exec(self.source, names)  # noqa: S102 - our own tasks
        return json.loads(json.dumps(names["work"](self.payload, lambda n: None)))


TASKS = (
    Task(name="trivial", source=TRIVIAL),
    Task(name="4 KB transformation", source=TRANSFORMATION, payload=incidents()),
    Task(name="ten host calls", source=TEN_CALLS, calls=10),
)
