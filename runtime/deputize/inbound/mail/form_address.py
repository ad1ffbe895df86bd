"""Addresses that name a form: ``plan+form@…``, both names as an address can have them."""

import re
from dataclasses import dataclass
from typing import Final

_OTHERS: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAddress:
    """The form that an address names, by folded names."""

    plan: str
    form: str


def form_address(address: str) -> FormAddress | None:
    """Return the form that *address* names; None where it names none."""
    local = address.rpartition("@")[0]
    plan, plus, form = local.partition("+")
    if not plus or "+" in form:
        return None
    named = FormAddress(plan=folded(plan), form=folded(form))
    return named if named.plan and named.form else None


def folded(name: str) -> str:
    """Return *name* as it stands in an address: lower case, a hyphen for what is no letter or digit.

    "On call (EU)" is ``on-call-eu``.
    """
    return _OTHERS.sub("-", name.lower()).strip("-")
