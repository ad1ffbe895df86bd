"""The payload of a callback: what an outbound script is told of a change (domain facts §5.2)."""

from datetime import datetime

from pydantic import JsonValue

from deputize.domain.event import EventChange


def callback_payload(change: EventChange) -> dict[str, JsonValue]:
    """Return the payload of *change*, as a webhook of its kind would carry it.

    Properties are a list of objects with one key each, in their order; a response without a comment has
    the annotation ``"null"``, a text.
    """
    fields = dict(change.fields)
    if change.kind == "RESPONSE" and fields.get("annotation") is None:
        fields["annotation"] = "null"
    return {
        "eventIdentifier": int(change.event.number),
        "date": _date(change.at),
        "eventProperties": [{name: value} for name, value in change.event.properties.items()],
        **fields,
    }


def _date(moment: datetime) -> str:
    """Return *moment* as ``26-11-25 08:34:28.000``."""
    return moment.strftime("%y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"
