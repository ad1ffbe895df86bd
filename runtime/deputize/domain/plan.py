"""Plans and their forms: the unit of access, and what may be sent by whom."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from deputize.domain.standing import Standing

#: A way in which a form may be started.
StartWay: TypeAlias = Literal["ui", "api", "mobile", "email"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who has access: everybody, or the holders of roles and single people."""

    everybody: bool = False
    roles: frozenset[str] = frozenset()
    #: Subjects of people: an account that comes later under the same name is not among them.
    people: frozenset[str] = frozenset()

    def admits(self, standing: Standing) -> bool:
        """Whether *standing* has access."""
        return self.everybody or standing.subject in self.people or bool(self.roles & standing.roles)


EVERYBODY = Access(everybody=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A container of forms, integrations, endpoints, constants and shared libraries."""

    id: str
    name: str
    enabled: bool = True
    access: Access = EVERYBODY
    #: Inbound requests that are accepted in a minute; None sets no limit.
    requests_per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A message template; sending it starts an event."""

    id: str
    plan_id: str
    name: str
    senders: Access = EVERYBODY
    start: frozenset[StartWay] = frozenset({"ui", "api", "mobile"})
    #: What those who are told may answer, in order.
    response_options: tuple[str, ...] = ()
