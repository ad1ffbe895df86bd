"""``deputize legacy``: see and change the terms on which a plan's legacy integrations go on."""

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, ANSWERED
from deputize.cli.moment import shown_time
from deputize.cli.named import plan_named, user_named
from deputize.cli.secret_input import read_hidden
from deputize.cli.table import Cell, Value, write_pairs
from deputize.cli.terminal import Terminal
from deputize.credentials.passwords import Passwords
from deputize.server.documents.legacy import LegacyDocument
from deputize.use_cases import legacy_terms
from deputize.use_cases.see_legacy import SeenTerms, see_legacy


def show_terms(where: Where, *, plan: str, as_json: bool, plain: bool) -> ExitCode:
    """Print the terms of *plan*; never a password."""
    terminal = Terminal.open(plain=plain)
    seen = with_deployment(where, lambda deployed: _seen(deployed, plan))
    if as_json:
        terminal.write_json(LegacyDocument.of(seen).model_dump(mode="json"))
        return ExitCode.OK
    write_pairs(terminal, _pairs(seen))
    for each in seen.warnings:
        terminal.say(Text(visible(each.detail)))
    return ExitCode.OK


def set_owner(where: Where, *, plan: str, owner: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Have the legacy integrations of *plan* call the platform as *owner*; None: as nobody."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenTerms:
        await plan_named(deployed.database, plan)
        if owner is not None:
            await user_named(deployed.database, owner)
        with told_by_option({"/owner": f'--owner "{owner}"'}):
            await legacy_terms.set_owner(deployed.database, OPERATOR, plan=plan, owner=owner)
        return await _seen(deployed, plan)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(LegacyDocument.of(seen).model_dump(mode="json"))
    elif owner is None:
        terminal.write(f"Legacy integrations of {visible(plan)} have no owner: their calls are refused.")
    else:
        terminal.write(f"Legacy integrations of {visible(plan)} call the platform as {visible(owner)}.")
    return ExitCode.OK


def set_pair(where: Where, *, plan: str, name: str, file: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Give *plan* another pair; its password is read from *file*, a prompt, or stdin."""
    terminal = Terminal.open(plain=plain)
    # Before anybody types it for nothing.
    with_deployment(where, lambda deployed: plan_named(deployed.database, plan))
    password = read_hidden("password", file=file)

    async def work(deployed: Deployed) -> SeenTerms:
        hasher = Passwords(threads=1)
        try:
            with told_by_option({"/name": f'--name "{name}"', "/password": "the password"}):
                await legacy_terms.set_pair(
                    deployed.database, OPERATOR, hasher=hasher, plan=plan, name=name, password=password
                )
        finally:
            await hasher.close()
        return await _seen(deployed, plan)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(LegacyDocument.of(seen).model_dump(mode="json"))
    else:
        terminal.write(
            f"{visible(name)} opens the legacy integrations of {visible(plan)}; an old pair opens nothing."
        )
    return ExitCode.OK


async def _seen(deployed: Deployed, plan: str) -> SeenTerms:
    return await see_legacy(deployed.database, OPERATOR, plan=await plan_named(deployed.database, plan))


def _pairs(seen: SeenTerms) -> list[tuple[str, Value]]:
    terms = seen.terms
    names = ", ".join(each.name if each.enabled else f"{each.name} (disabled)" for each in seen.left)
    return [
        ("plan", seen.plan.name),
        ("callers", _callers(seen)),
        ("calls as", Cell(text="nobody", mark=ABSENT) if seen.owner is None else seen.owner.target_name),
        ("imported", "–" if terms is None else shown_time(terms.imported)),
        ("still legacy", f"{len(seen.left)}: {names}" if names else "none"),
    ]


def _callers(seen: SeenTerms) -> Value:
    terms = seen.terms
    if terms is None:
        return Cell(text="nobody: there are no terms", mark=ABSENT)
    if not terms.authenticated:
        return Cell(text="everybody", mark=ANSWERED)
    if terms.name is None or terms.hash is None:
        return Cell(text="nobody: there is no pair", mark=ABSENT)
    return f"{terms.name} with its password"
