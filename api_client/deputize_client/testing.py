"""Fakes for tests: a credential source and a name server that do as they are told."""

from collections.abc import Mapping, Sequence

from deputize_client.credential_source import CredentialUnavailable
from deputize_client.credentials import BearerCredential, Credential, Secret
from deputize_client.endpoint import Endpoint


class FakeCredentialSource:
    """Gives a bearer token of its own making, counts the questions, and refuses on demand."""

    def __init__(self, token: str = "fake-initiator-token", *, name: str = "initiator") -> None:  # noqa: S107 - a fake
        self._credential: Credential = BearerCredential(Secret(name, token))
        self._refusal: str | None = None
        #: The endpoints that were asked for, by name, in order.
        self.asked: list[str] = []

    def refuse(self, reason: str) -> None:
        """Give no credential from now on, for *reason*."""
        self._refusal = reason

    def give(self, credential: Credential) -> None:
        """Give *credential* from now on."""
        self._credential, self._refusal = credential, None

    async def credential(self, endpoint: Endpoint) -> Credential | CredentialUnavailable:
        """Return the credential, or the refusal."""
        self.asked.append(endpoint.name)
        return self._credential if self._refusal is None else CredentialUnavailable(self._refusal)


class FakeResolver:
    """Answers for the hosts it was given, one answer after the other; the last one stays."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {host: list(each) for host, each in answers.items()}
        #: The hosts that were asked for, in order.
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the next answer for *host*; raises ``OSError`` for one that is unknown."""
        self.asked.append(host)
        answers = self._answers.get(host)
        if not answers:
            raise OSError(f"unknown host {host}")
        return answers.pop(0) if len(answers) > 1 else answers[0]
