"""Tells the desk of an event that has begun."""

from deputize.script import Callback, Http


def main(callback: Callback, http: Http):
    return http.post("/told", endpoint="Desk", json={"title": callback.event_properties["title"]}).status_code
