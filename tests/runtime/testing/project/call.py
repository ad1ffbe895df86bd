"""Makes the call that the payload describes, and tells what came of it."""

from deputize.script import Http, HttpError


def main(payload: dict, http: Http):
    try:
        answer = http.request(payload.get("method", "GET"), payload["path"], endpoint=payload["endpoint"])
    except HttpError as error:
        return [error.cause, str(error)]
    return [answer.status_code, answer.text]
