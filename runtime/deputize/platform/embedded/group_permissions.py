"""Who may do what to groups on the embedded platform: pure decisions about values."""

from deputize.domain.decision import Denial, Grant
from deputize.domain.functions import GROUPS, REST
from deputize.domain.group import Group
from deputize.platform.embedded.permissions import Authority, Holder, Rules


def see_group(rules: Rules, actor: Holder, group: Group) -> Grant | Denial:
    """Decide whether *actor* may see *group*, and send to it.

    Everybody may when it is observed by all; else its supervisors, the holders of its observing roles,
    and whoever has the function ``groups``.
    """
    if group.observed_by_all or actor.id in group.supervisors or actor.roles & group.observers:
        return Grant(reason=f"{actor.name} may see group {group.target_name}")

    def lacks(authority: Authority) -> tuple[str, ...]:
        if authority.has(GROUPS) or authority.is_any_of(group.observers):
            return ()
        roles = "".join(f", role {role}" for role in sorted(group.observers))
        return (f"function {GROUPS}{roles}, or being a supervisor of group {group.target_name}",)

    return rules.decide(actor, f"see group {group.target_name}", lacks)


def create_group(rules: Rules, actor: Holder) -> Grant | Denial:
    """Decide whether *actor* may create a group: the function ``groups`` or ``rest``."""
    return rules.decide(actor, "create a group", lambda authority: _lacks(authority, (GROUPS, REST)))


def change_group(rules: Rules, actor: Holder, group: Group) -> Grant | Denial:
    """Decide whether *actor* may change *group*, its members and its shifts.

    Its supervisors may, and whoever has the function ``groups`` or ``rest``.
    """
    if actor.id in group.supervisors:
        return Grant(reason=f"{actor.name} is a supervisor of group {group.target_name}")
    return rules.decide(
        actor,
        f"change group {group.target_name}",
        lambda authority: _lacks(authority, (GROUPS, REST), or_being=group),
    )


def govern_group(rules: Rules, actor: Holder, group: Group) -> Grant | Denial:
    """Decide whether *actor* may say who sees and who supervises *group*.

    Its supervisors may, and whoever has the function ``groups``.
    """
    return _own(rules, actor, group, f"change who sees group {group.target_name}")


def delete_group(rules: Rules, actor: Holder, group: Group) -> Grant | Denial:
    """Decide whether *actor* may delete *group*: its supervisors, and the function ``groups``."""
    return _own(rules, actor, group, f"delete group {group.target_name}")


def _own(rules: Rules, actor: Holder, group: Group, what: str) -> Grant | Denial:
    if actor.id in group.supervisors:
        return Grant(reason=f"{actor.name} is a supervisor of group {group.target_name}")
    return rules.decide(actor, what, lambda authority: _lacks(authority, (GROUPS,), or_being=group))


def _lacks(
    authority: Authority, functions: tuple[str, ...], *, or_being: Group | None = None
) -> tuple[str, ...]:
    if authority.has(*functions):
        return ()
    need = " or ".join(f"function {each}" for each in functions)
    return (need if or_being is None else f"{need}, or being a supervisor of group {or_being.target_name}",)
