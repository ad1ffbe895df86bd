"""``deputize migrate switch`` and ``undo``: give a legacy integration its method, and take that back."""

from dataclasses import dataclass
from typing import cast, get_args

from deputize.cli.choice import one_of
from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.key import key_address, show_key_once, signing_secrets
from deputize.cli.named import integration_named, user_named
from deputize.cli.signature_option import signature_scheme
from deputize.cli.terminal import Terminal
from deputize.credentials.keys import KeyHasher
from deputize.domain.integration import Method
from deputize.server.documents.migration import SwitchedDocument
from deputize.use_cases.migration.switching import Switched, switch_over, undo_switch


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchCommand:
    """What the command line asks for."""

    integration: str
    method: str
    #: The name of a preset, or JSON.
    signature: str | None
    user: str | None
    confirmed: bool
    url: str | None


def switch_integration(where: Where, command: SwitchCommand, *, as_json: bool, plain: bool) -> ExitCode:
    """Switch an integration over and print what spoke against it, and the key, this once."""
    terminal = Terminal.open(plain=plain)
    method = cast("Method", one_of(command.method, get_args(Method), option="--method"))
    signature = signature_scheme(command.signature, option="--signature")

    async def work(deployed: Deployed) -> tuple[Switched, str | None]:
        seen = await integration_named(deployed.database, command.integration)
        if command.user is not None:
            await user_named(deployed.database, command.user)
        needed = method == "url" and command.user is not None
        address = key_address(deployed, command.url, needed=needed)
        options = {
            "/for": f'--for "{command.user}"',
            "/method": f"--method {method}",
            "/signature": "--signature",
        }
        with told_by_option(options):
            switched = await switch_over(
                deployed.database,
                OPERATOR,
                hasher=KeyHasher(deployed.deployment.key),
                signing=signing_secrets(deployed),
                integration_id=seen.integration.id,
                method=method,
                signature=signature,
                holder=command.user,
                confirmed=command.confirmed,
            )
        return switched, address

    switched, address = with_deployment(where, work)
    if as_json:
        document = SwitchedDocument.of(switched, public_url=address or "")
        terminal.write_json(document.model_dump(mode="json"))
        return ExitCode.OK
    for each in switched.objections:
        terminal.say(visible(f"Confirmed: {each}"))
    name = visible(f"{switched.plan.name}/{switched.integration.name}")
    terminal.say(f"{name} has the method {method}, and its scripts call as the initiator.")
    terminal.say(f"Undo: deputize migrate undo {name}")
    if switched.key is not None:
        show_key_once(terminal, switched.key, address, as_json=False)
    return ExitCode.OK


def undo_integration(where: Where, *, integration: str, as_json: bool, plain: bool) -> ExitCode:
    """Give an integration back as it was before it was switched over."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> Switched:
        seen = await integration_named(deployed.database, integration)
        return await undo_switch(deployed.database, OPERATOR, integration_id=seen.integration.id)

    undone = with_deployment(where, work)
    if as_json:
        terminal.write_json(SwitchedDocument.of(undone, public_url="").model_dump(mode="json"))
        return ExitCode.OK
    name = visible(f"{undone.plan.name}/{undone.integration.name}")
    terminal.write(f"{name} is legacy again, as it was. Its keys stay, and open nothing.")
    return ExitCode.OK
