"""Find the one Jira user who has an e-mail address."""

from typing import Any

from deputize.script import Http, HttpError, Log, Response

NO_USER = {"Jira User Account ID": "", "Jira User Display Name": ""}


class NotFound(Exception):
    """There is not exactly one user, or Jira does not say."""


def main(payload: dict[str, Any], http: Http, log: Log) -> dict[str, str]:
    goes_on = payload.get("Continue On Error", "").strip().lower() in ("true", "yes", "1")
    try:
        user = find_user(http, log, payload["User Email"].strip())
    except (NotFound, HttpError) as error:
        if not goes_on:
            raise RuntimeError(f"Error: {error}") from error
        log.error(str(error))
        return NO_USER
    return {"Jira User Account ID": user["accountId"], "Jira User Display Name": user["displayName"]}


def find_user(http: Http, log: Log, email: str) -> dict[str, Any]:
    """Return the user. Raises NotFound for none and for several, HttpError when Jira cannot be reached."""
    if not email:
        raise NotFound("User Email is empty")
    response = http.get("/rest/api/3/user/search", endpoint="Jira Cloud", params={"query": email})
    if not response.ok:
        raise NotFound(
            f'Failed to find user with email "{email}", Jira Cloud returned error code '
            f"[{response.status_code}] and the following messages: {messages(response)}"
        )
    users = read_json(response)
    log.info("Found the following users:", users=[each["displayName"] for each in users])
    if len(users) > 1:
        raise NotFound(f"More than one Jira account matched email {email}")
    if not users:
        raise NotFound(f"No Jira accounts matched email {email}")
    return users[0]


def messages(response: Response) -> str:
    """Return what Jira says of an error: its messages, or else what is wrong with each field."""
    said = read_json(response)
    if said.get("errorMessages"):
        return " ".join(said["errorMessages"])
    return " ".join(f"{name}: {what}" for name, what in said.get("errors", {}).items())


def read_json(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise NotFound("Unable to parse errors, see logs for details.") from None
