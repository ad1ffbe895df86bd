"""Cutting long values so that the cut is known."""

from deputize.activity.entries import Truncation


def cut_text(text: str, *, limit: int, path: str) -> tuple[str, Truncation | None]:
    """Return *text* cut to *limit* bytes of UTF-8, and the record of the cut if there was one.

    *path* is the JSON Pointer of the value in its entry. A character is never cut in two.
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return text, None
    kept = encoded[:limit].decode("utf-8", "ignore")
    return kept, Truncation(path=path, bytes=len(encoded), kept=len(kept.encode()))
