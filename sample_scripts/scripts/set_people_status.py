"""Switch many people on or off within a time budget, and say what became of each."""

import time
from typing import Any
from urllib.parse import quote

from deputize.script import Constants, Http, Log

API = "/api/xm/1"
NOT_FOUND = 404
SEPARATORS = {"newline": "\n", "comma": ",", "pipe": "|"}


def main(payload: dict[str, Any], http: Http, constants: Constants, log: Log) -> dict[str, Any]:
    names = split(payload["User List"], payload["Separator"])
    if not names:
        return {"Total Users": 0, "Users": "++ THERE WERE NO USERS PASSED IN. Nothing to do ++"}

    if payload["Operation"].lower() == "deactivate":
        wanted, done, already = "INACTIVE", "Deactivated", "Already Inactive"
    else:
        wanted, done, already = "ACTIVE", "Activated", "Already Active"
    report: dict[str, list[str]] = {
        "Users": names,
        already: [],
        done: [],
        "Not Found": [],
        "Not Permitted": [],
        "Not Processed": [],
    }

    # The run has a wall limit: better to stop in time, and to say who is left.
    until = time.monotonic() + float(constants["Time Budget"])
    for number, name in enumerate(names):
        if time.monotonic() > until:
            report["Not Processed"] += names[number:]
            break
        person = http.get(f"{API}/people/{quote(name, safe='')}")
        if person.ok and person.json()["status"] == wanted:
            report[already].append(name)
            continue
        answer = person
        if person.ok:
            answer = http.post(f"{API}/people", json={"id": person.json()["id"], "status": wanted})
        if answer.ok:
            report[done].append(name)
        elif answer.refused:
            report["Not Permitted"].append(name)
        elif answer.status_code == NOT_FOUND:
            report["Not Found"].append(name)
        else:
            log.error("cannot change a person", person=name, status=answer.status_code)
            report["Not Processed"].append(name)

    totals = {f"Total {title}": len(people) for title, people in report.items()}
    return {**{title: ",".join(people) for title, people in report.items()}, **totals}


def split(users: str, separator: str) -> list[str]:
    """Return the names, each once, in their order. *separator* holds the word for it."""
    for word, mark in SEPARATORS.items():
        if word in separator.lower():
            stripped = [name.strip() for name in users.split(mark)]
            return list(dict.fromkeys(name for name in stripped if name))
    raise ValueError(f'Separator is "{separator}"; it must be one of {", ".join(SEPARATORS)}')
