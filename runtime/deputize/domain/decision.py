"""What is decided about a request, with the reasons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """It may be done; ``reason`` is a sentence that says by which right."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """It may not be done; ``reason`` is a sentence for a person."""

    reason: str
    #: What is missing, all of it, such as "View or Use on role Standard User".
    needs: tuple[str, ...]
    #: Who could do it, or what would have to be added, such as "role Company Supervisor".
    would_pass: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a platform refused an initiator, as that platform knows it."""

    initiator: str
    needs: tuple[str, ...]
    would_pass: tuple[str, ...]
    #: Who says so, "platform".
    source: str
