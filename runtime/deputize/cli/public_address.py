"""The address that callers reach a server at: what the addresses that are given out begin with."""

from urllib.parse import urlsplit

from deputize.errors import Misconfigured


class AddressUnknown(Misconfigured):
    """It is not known, or is no address of a server."""

    code = "ADDRESS_UNKNOWN"


def public_address(given: str | None, known: str | None) -> str:
    """Return *given* of ``--url``, or else what is *known*. Never guessed: raises ``AddressUnknown``."""
    address = given or known
    if address is None:
        raise AddressUnknown(
            "the key is part of an address, and it is not known how callers reach the server. "
            "Say so with --url https://HOST:PORT, or for good in DEPUTIZE_PUBLIC_URL."
        )
    where = "--url" if given else "DEPUTIZE_PUBLIC_URL"
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment or "@" in parts.netloc or not address.isprintable():
        raise AddressUnknown(f'{where}: "{address}" is no address of a server. Write https://HOST:PORT.')
    return address.rstrip("/")
