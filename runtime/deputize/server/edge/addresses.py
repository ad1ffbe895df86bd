"""The address of a request, below wherever the application has been mounted."""

from urllib.parse import quote

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """Return the path as it is routed: decoded, and without the prefix of a mount."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def raw_path_of(scope: Scope) -> bytes:
    """Return the whole path as it was sent, as far as the server tells."""
    raw: bytes | None = scope.get("raw_path")
    return quote(scope["path"]).encode() if raw is None else raw
