"""Looks things up on the platform, and tells "there is none" from "you may not look"."""

from typing import Any

from deputize.script import Http

NOT_FOUND = 404


def find(http: Http, path: str) -> dict[str, Any] | None:
    """Return what is at *path*, or None when there is nothing. Raises HttpError for every other answer.

    Only a 404 says that there is nothing. Who takes a refusal for that creates what exists already.
    """
    response = http.get(path)
    if response.status_code == NOT_FOUND:
        return None
    return response.raise_for_status().json()
