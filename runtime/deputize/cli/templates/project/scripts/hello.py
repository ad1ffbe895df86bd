"""Greet somebody by their first name, if whoever set this off may look them up."""

from deputize.script import Http, Log, Request


def main(request: Request, http: Http, log: Log) -> dict[str, str]:
    who = request.json()["greet"]

    person = http.get(f"/api/xm/1/people/{who}")  # sent as the person who runs this
    if person.ok:
        name = person.json()["firstName"]
    else:  # a refusal is an answer, not an exception
        log.warning("not on first-name terms", who=who, reason=person.reason)
        name = "whoever you are"

    greeting = f"Hello, {name}!"
    http.post("/messages", endpoint="Chat", json={"text": greeting})
    return {"greeting": greeting}
