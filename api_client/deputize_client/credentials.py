"""Secrets that do not print themselves, and the credentials that are made of them."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol, final


@final
class Secret:
    """A value that shows its name only; ``reveal()`` is the one way to the value.

    It cannot be pickled, formats as ``‹secret:name›``, compares in constant time, and is hashed by
    identity. Raises ``ValueError`` for an empty value or one that is not text.
    """

    __slots__ = ("_value", "name")

    def __init__(self, name: str, value: str) -> None:
        if not value:
            raise ValueError(f"the secret {name!r} is empty")
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise ValueError(f"the secret {name!r} is not valid UTF-8")
        self.name = name
        self._value = value

    def reveal(self) -> str:
        """Return the value. Whoever calls this answers for where it goes."""
        return self._value

    def __repr__(self) -> str:
        return f"‹secret:{self.name}›"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = object.__hash__

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be pickled")


@dataclass(frozen=True, slots=True)
class MissingSecret:
    """A secret that is configured nowhere. Calls that need it are not sent, and name the setting."""

    name: str
    #: The setting that would supply it, such as an environment variable's name.
    setting: str


class Credential(Protocol):
    """What proves an identity to one endpoint. Its ``repr`` must not show a secret."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers that carry it, in plain text."""
        ...

    def secrets(self) -> tuple[Secret, ...]:
        """Return every value that must not be seen again in an answer, a log or a record."""
        ...

    def redacted(self) -> str:
        """Return how it is shown to people."""
        ...


@dataclass(frozen=True, slots=True)
class BearerCredential:
    """``Authorization: Bearer <token>`` (RFC 6750)."""

    token: Secret

    def headers(self) -> Mapping[str, str]:
        """Return the one header, in plain text."""
        return {"Authorization": f"Bearer {self.token.reveal()}"}

    def secrets(self) -> tuple[Secret, ...]:
        """Return the token."""
        return (self.token,)

    def redacted(self) -> str:
        """Return ``Bearer ‹secret:name›``."""
        return f"Bearer {self.token}"


@dataclass(frozen=True, slots=True)
class BasicCredential:
    """``Authorization: Basic …`` (RFC 7617), in UTF-8."""

    user: str
    password: Secret

    def headers(self) -> Mapping[str, str]:
        """Return the one header, in plain text."""
        return {"Authorization": f"Basic {self._token()}"}

    def secrets(self) -> tuple[Secret, ...]:
        """Return the password, ``user:password``, and the token that carries both."""
        name = self.password.name
        return self.password, Secret(name, self._pair()), Secret(name, self._token())

    def redacted(self) -> str:
        """Return ``Basic user:‹secret:name›``."""
        return f"Basic {self.user}:{self.password}"

    def _pair(self) -> str:
        return f"{self.user}:{self.password.reveal()}"

    def _token(self) -> str:
        return base64.b64encode(self._pair().encode()).decode()
