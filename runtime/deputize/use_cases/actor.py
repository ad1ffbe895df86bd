"""Who does something: a person who is logged in, or whoever operates the deployment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deputize.domain.decision import Denial
from deputize.domain.functions import FUNCTIONS
from deputize.domain.standing import Standing
from deputize.store import Transaction
from deputize.use_cases.errors import NotPermitted

#: Stands for the operator where a subject is kept.
OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody, and from where; what they may do is asked for anew in each transaction."""

    subject: str
    name: str
    #: An address, or ``cli``.
    source: str
    #: When the password was set by which they have signed in; None where it was not by one.
    password_changed: datetime | None = None

    @classmethod
    def operator(cls, source: str = "cli") -> "Actor":
        """Return whoever has the deployment's files, and so may do everything."""
        return cls(subject=OPERATOR, name=OPERATOR, source=source)

    @property
    def is_operator(self) -> bool:
        """Whether it is whoever has the deployment's files."""
        return self.subject == OPERATOR

    async def standing(self, tx: Transaction) -> Standing:
        """Return what the actor may do now.

        Raises ``NotPermitted`` for one who is gone or disabled, or whose password is another one since.
        """
        if self.is_operator:
            return Standing(
                subject=OPERATOR, name=OPERATOR, active=True, roles=frozenset(), functions=FUNCTIONS
            )
        standing = await tx.people.standing(self.subject)
        if standing is None or not standing.active:
            raise NotPermitted(
                Denial(
                    reason=f"{self.name} may do nothing any more: the account is not active.",
                    needs=("an active account",),
                    would_pass=(),
                )
            )
        if self.password_changed is not None:
            password = await tx.passwords.get(self.subject)
            if password is None or password.changed != self.password_changed:
                raise NotPermitted(
                    Denial(
                        reason=f"{self.name} may do nothing any more: the password has been changed.",
                        needs=("the present password",),
                        would_pass=(),
                    )
                )
        return standing
