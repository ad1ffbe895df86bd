"""Cutting long values so that the cut is known."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from deputize.activity.entries import Truncation


def pointer(*steps: str) -> str:
    """Return the JSON Pointer (RFC 6901) that goes down *steps*."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def cut(
    fields: dict[str, JsonValue], keep: Mapping[str, int]
) -> tuple[dict[str, JsonValue], tuple[Truncation, ...]]:
    """Return *fields* with the values at the pointers of *keep* cut, and a record of each cut.

    *keep* gives bytes of UTF-8 by JSON Pointer; a pointer to nothing is passed over. What is longer
    becomes the beginning of its text; other JSON than text is cut as the JSON text that it is.
    """
    cuts: list[Truncation] = []
    for pointer, limit in keep.items():
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        holder: JsonValue = fields
        for part in parents:
            holder = holder.get(part) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or holder.get(last) is None:
            continue
        value = holder[last]
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        encoded = text.encode("utf-8", "replace")
        if len(encoded) > limit:
            # A character is never cut in two.
            kept = encoded[:limit].decode("utf-8", "ignore")
            holder[last] = kept
            cuts.append(Truncation(path=pointer, bytes=len(encoded), kept=len(kept.encode())))
    return fields, tuple(cuts)
