"""What each method of authentication means, and for whom a script acts then: said before one is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from deputize.domain.integration import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMethod:
    """One method, for somebody who is to choose."""

    name: str
    #: What a caller sends.
    sends: str
    #: Whom the script acts as; "{you}" stands for who chooses.
    acts_as: str
    #: What speaks for it or against it.
    advice: str
    discouraged: bool = False


METHODS: Final[Mapping[Method, ShownMethod]] = {
    "api-key": ShownMethod(
        name="API key",
        sends="A key and a secret, by HTTP Basic. Both are good for this integration and nothing else.",
        acts_as="The script acts as the owner of the key. The first one is issued to you, {you}.",
        advice="Recommended. It outlives a change of password, and ends with the person.",
    ),
    "signature": ShownMethod(
        name="Signed requests",
        sends="A signature that is made with a shared secret, which is never sent itself.",
        acts_as="The script acts as the owner of the secret. The first one is issued to you, {you}.",
        advice="For providers that sign their webhooks.",
    ),
    "oauth": ShownMethod(
        name="OAuth",
        sends="An access token that a person has let an application have.",
        acts_as="The script acts as that person, within what the token was granted.",
        advice="For applications that act for many people.",
    ),
    "basic": ShownMethod(
        name="Name and password",
        sends="A person's own name and password, by HTTP Basic.",
        acts_as="The script acts as that person.",
        advice="The same password signs in to this page, and callers stop when it is changed.",
    ),
    "url": ShownMethod(
        name="URL",
        sends="A key that stands in the address.",
        acts_as="The script acts as the owner of the key. The first one is issued to you, {you}.",
        advice="Not recommended: proxies and logs write addresses down. For senders that can set no header.",
        discouraged=True,
    ),
}
