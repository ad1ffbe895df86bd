"""The token with which whoever watches over the server reads its metrics, and nothing else."""

import hmac


class MetricsToken:
    """A token of the settings; it is shown nowhere."""

    def __init__(self, value: str) -> None:
        self._value = value.encode()

    def __repr__(self) -> str:
        return "<MetricsToken>"

    def admits(self, authorization: str | None) -> bool:
        """Return whether the header *authorization* is ``Bearer`` with this token."""
        scheme, _, presented = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(presented.strip().encode(), self._value)
