"""Who may use a plan, send a form, set an integration off or edit one: pure decisions about values.

Sources: access to the plan *and* sender permission, for requests and for forms alike (domain facts §2.2,
§2.3); a plain script needs access to its plan only. Everything is judged against the present: nothing
here is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from deputize.domain.decision import Denial, Grant
from deputize.domain.functions import ADMIN, DEVELOPER, LOGIN, PEOPLE, PLANS
from deputize.domain.integration import Integration
from deputize.domain.plan import Access, Form, Plan, StartWay
from deputize.domain.scope import Scope
from deputize.domain.standing import Standing

#: Names of people by subject, for sentences.
Names = Mapping[str, str]
_NOBODY_NAMED: Final[Names] = MappingProxyType({})


def decide_plan(standing: Standing, plan: Plan, *, names: Names = _NOBODY_NAMED) -> Grant | Denial:
    """Decide whether *standing* has access to *plan*. *names* are those of the people that it lists."""
    return _decide(standing, f'use plan "{plan.name}"', _plan_rules(standing, plan, names))


def decide_send(
    standing: Standing, plan: Plan, form: Form, *, way: StartWay, names: Names = _NOBODY_NAMED
) -> Grant | Denial:
    """Decide whether *standing* may send *form* of *plan* by *way*: access, sender permission, the way."""
    rules = [
        *_plan_rules(standing, plan, names),
        _sender_rule(standing, form, names),
        _Rule(f"start by {way}", way in form.start, f'form "{form.name}" to be startable by {way}', ()),
    ]
    return _decide(standing, f'send form "{form.name}"', rules)


def decide_trigger(
    standing: Standing,
    plan: Plan,
    form: Form | None,
    integration: Integration,
    *,
    names: Names = _NOBODY_NAMED,
) -> Grant | Denial:
    """Decide whether *standing* may set *integration* off.

    An action that creates events needs sender permission on its *form* beside access to the *plan*; how
    the form may be started otherwise does not count: an inbound integration is a way of its own. Where
    that form is no more, nobody may.
    """
    rules = _plan_rules(standing, plan, names)
    what = f'set integration "{integration.name}" off'
    if integration.creates_event and form is None:
        rules.append(_Rule("form", False, f'integration "{integration.name}" to have a form', ()))
    elif integration.creates_event and form is not None:
        what = f'send form "{form.name}"'
        rules.append(_sender_rule(standing, form, names))
    return _decide(standing, what, rules)


def decide_replay(
    standing: Standing,
    plan: Plan,
    form: Form | None,
    integration: Integration,
    *,
    names: Names = _NOBODY_NAMED,
) -> Grant | Denial:
    """Decide whether *standing* may replay a run of *integration* live.

    Of an inbound one that takes what setting it off takes. What an event has set off takes access to the
    *plan* and sender permission on the *form*, as starting that event would; by which way does not count.
    """
    if integration.inbound:
        return decide_trigger(standing, plan, form, integration, names=names)
    rules = _plan_rules(standing, plan, names)
    if form is None:
        rules.append(_Rule("form", False, f'integration "{integration.name}" to have a form', ()))
    else:
        rules.append(_sender_rule(standing, form, names))
    return _decide(standing, f'replay runs of integration "{integration.name}"', rules)


def decide_legacy(plan: Plan, integration: Integration) -> Grant | Denial:
    """Decide whether a legacy *integration* may be set off: by whoever was let in, while *plan* is enabled.

    Access to the plan and the right to send the form are asked of nobody, for nobody is known to call.
    """
    if plan.enabled:
        return Grant(reason=f'legacy integration "{integration.name}" may be set off as before')
    need = f'plan "{plan.name}" to be enabled'
    return Denial(
        reason=f'The legacy integration "{integration.name}" may not be set off (plan enabled: no).',
        needs=(need,),
        would_pass=(),
    )


def decide_develop(standing: Standing, plan: Plan, *, names: Names = _NOBODY_NAMED) -> Grant | Denial:
    """Decide whether *standing* may see and edit what belongs to *plan*.

    That takes log-in, the function ``developer`` (or ``admin``), and access to the plan; ``admin`` has
    access to every plan, a disabled one too.
    """
    rules = [_login_rule(standing)]
    if not standing.has(ADMIN):
        rules.append(_Rule(f"function {DEVELOPER}", standing.has(DEVELOPER), f"function {DEVELOPER}", ()))
        rules += _access_rules(standing, plan, names)
    return _decide(standing, f'edit plan "{plan.name}"', rules)


def decide_login(standing: Standing, *, what: str) -> Grant | Denial:
    """Decide whether *standing* may do what takes no more than to sign in; *what* completes "may"."""
    return _decide(standing, what, [_login_rule(standing)])


def decide_function(standing: Standing, *functions: str, what: str) -> Grant | Denial:
    """Decide whether *standing* may sign in and has one of *functions*; *what* completes "may"."""
    has = any(standing.has(each) for each in functions)
    wanted = " or ".join(f"function {each}" for each in functions)
    return _decide(standing, what, [_login_rule(standing), _Rule(wanted, has, wanted, ())])


def decide_administer(standing: Standing, over: Collection[str], *, what: str) -> Grant | Denial:
    """Decide whether *standing* may administer somebody whose functions are, or would be, *over*.

    That takes log-in and the function ``people``, and nobody is administered who may do more than oneself:
    their password would open it all. ``admin`` has no such bound. *what* completes "may".
    """
    wanted = f"function {PEOPLE} or function {ADMIN}"
    rules = [_login_rule(standing), _Rule(wanted, standing.has(PEOPLE) or standing.has(ADMIN), wanted, ())]
    if not standing.has(ADMIN):
        beyond = sorted(each for each in over if not standing.has(each))
        rules += [_Rule(f"function {each}", False, f"function {each}", ()) for each in beyond]
    return _decide(standing, what, rules)


def decide_manage_plans(standing: Standing) -> Grant | Denial:
    """Decide whether *standing* may see every plan, and change who has access to some."""
    return decide_function(standing, PLANS, ADMIN, what="change who has access")


def decide_manage_plan(standing: Standing, plan: Plan, *, names: Names = _NOBODY_NAMED) -> Grant | Denial:
    """Decide whether *standing* may change who has access to *plan*, and the senders of its forms.

    That takes log-in, the function ``plans`` (or ``admin``), and access to the plan; ``admin`` has access
    to every plan, and a disabled one can be enabled.
    """
    rules = [_login_rule(standing)]
    if not standing.has(ADMIN):
        rules.append(_Rule(f"function {PLANS}", standing.has(PLANS), f"function {PLANS}", ()))
        rules += _access_rules(standing, plan, names)
    return _decide(standing, f'change who has access to plan "{plan.name}"', rules)


def decide_scope(name: str, scope: Scope | None, *, needs: str, run: bool) -> Grant | Denial:
    """Decide whether the access token that *name* acts by was granted what this *needs*.

    With *run* it is the token that started the run which acts. Whoever acts by none – *scope* is None –
    may do what their account may.
    """
    if scope is None:
        return Grant(reason=f"{name} acts without an access token.")
    token = "access token that started the run" if run else "access token"
    if needs in scope:
        return Grant(reason=f'The {token} has the scope "{needs}".')
    return Denial(
        reason=f'The {token} has no scope "{needs}".', needs=(f"scope {needs} of the {token}",), would_pass=()
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """One condition: its name, whether it holds, what is needed where not, and who has that."""

    name: str
    holds: bool
    need: str
    would_pass: tuple[str, ...]


def _login_rule(standing: Standing) -> _Rule:
    return _Rule(f"function {LOGIN}", standing.has(LOGIN), f"function {LOGIN}", ())


def _sender_rule(standing: Standing, form: Form, names: Names) -> _Rule:
    return _Rule(
        "sender permission",
        form.senders.admits(standing),
        f'sender permission on form "{form.name}"',
        _admitted(form.senders, names),
    )


def _plan_rules(standing: Standing, plan: Plan, names: Names) -> list[_Rule]:
    rules = _access_rules(standing, plan, names)
    if not plan.enabled:
        rules.append(_Rule("plan enabled", False, f'plan "{plan.name}" to be enabled', ()))
    return rules


def _access_rules(standing: Standing, plan: Plan, names: Names) -> list[_Rule]:
    return [
        _Rule(
            "access to plan",
            plan.access.admits(standing),
            f'access to plan "{plan.name}"',
            _admitted(plan.access, names),
        )
    ]


def _admitted(access: Access, names: Names) -> tuple[str, ...]:
    people = sorted(names[each] for each in access.people if each in names)
    return (
        *(f"role {role}" for role in sorted(access.roles)),
        *(f"person {name}" for name in people),
    )


def _decide(standing: Standing, what: str, rules: Sequence[_Rule]) -> Grant | Denial:
    if not standing.active:
        return Denial(
            reason=f"{standing.name} may not {what}: the account is not active.",
            needs=("an active account",),
            would_pass=(),
        )
    missing = [rule for rule in rules if not rule.holds]
    if not missing:
        return Grant(reason=f"{standing.name} may {what}")
    verdicts = ", ".join(f"{rule.name}: {'yes' if rule.holds else 'no'}" for rule in rules)
    would_pass = [each for rule in missing for each in rule.would_pass]
    return Denial(
        reason=f"{standing.name} may not {what} ({verdicts}).",
        needs=tuple(rule.need for rule in missing),
        would_pass=tuple(dict.fromkeys(would_pass)),
    )
