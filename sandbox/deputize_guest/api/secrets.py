"""The secrets that a script may name."""

from collections.abc import Iterable, Iterator, Mapping

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.missing_key import missing_key
from deputize_guest.secret import Secret


class Secrets(ApiObject, Mapping[str, Secret]):
    """What stands for each secret of the plan, by name. Read-only; the values stay with the host.

    One may stand in a header, a parameter or a body of a call; the host puts the value in when it sends,
    for the endpoints on the secret's list only.
    """

    __slots__ = ("_secrets",)

    def __init__(self, names: Iterable[str]) -> None:
        self._secrets = {name: Secret(name) for name in names}

    def __getitem__(self, name: str) -> Secret:
        try:
            return self._secrets[name]
        except KeyError:
            raise missing_key("the plan has no secret", name, self._secrets) from None

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._secrets))

    def __len__(self) -> int:
        return len(self._secrets)

    def __repr__(self) -> str:
        return f"<Secrets {', '.join(self._secrets)}>"
