"""What a person is allowed in general, at this moment: the input of every decision."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person with their roles, as the platform knows them now. Never kept: it is asked for anew."""

    #: The platform's own id of the account, which a new account of the same name does not inherit.
    subject: str
    #: The user's name, "rob".
    name: str
    #: Nothing is done in the name of somebody who is not active.
    active: bool
    roles: frozenset[str]
    #: What the roles allow, together: see ``functions``.
    functions: frozenset[str]

    def has(self, function: str) -> bool:
        """Whether one of the roles has *function*."""
        return function in self.functions
