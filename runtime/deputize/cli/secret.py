"""``deputize secret``: set, list and delete what scripts may send and nobody can read."""

from collections.abc import Sequence

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, OK
from deputize.cli.moment import shown_time
from deputize.cli.named import plan_named
from deputize.cli.secret_input import read_hidden
from deputize.cli.table import Cell, write_table
from deputize.cli.terminal import Terminal
from deputize.credentials.sealing import Sealer
from deputize.domain.endpoint import EVERY_PLAN, SealedSecret
from deputize.errors import Refused, did_you_mean
from deputize.server.documents.resources import SecretDocument, Secrets
from deputize.use_cases.set_secret import SecretChange, see_secrets
from deputize.use_cases.set_secret import delete_secret as delete
from deputize.use_cases.set_secret import set_secret as set_it
from deputize_client import Secret


class UnknownSecret(Refused):
    """There is no secret of that name where it was looked for."""

    code = "UNKNOWN_SECRET"


def set_secret(
    where: Where,
    *,
    name: str,
    plan: str | None,
    endpoints: Sequence[str],
    file: str | None,
    keep_value: bool,
    as_json: bool,
    plain: bool,
) -> ExitCode:
    """Set the secret *name* of *plan*, or of every plan; its value comes from *file*, a prompt, or stdin."""
    terminal = Terminal.open(plain=plain)
    value = None if keep_value else Secret(name, read_hidden("secret", file=file))
    options = {f"/endpoints/{index}": f'--endpoint "{each}"' for index, each in enumerate(endpoints)}
    options |= {"/endpoints": "--endpoint", "/value": "the value", "/name": f'"{name}"'}

    async def work(deployed: Deployed) -> SealedSecret:
        with told_by_option(options):
            await set_it(
                deployed.database,
                OPERATOR,
                sealer=Sealer(deployed.deployment.key),
                plan=await _scope(deployed, plan),
                name=name,
                change=SecretChange(value=value, endpoints=endpoints or None),
            )
        seen = await see_secrets(deployed.database, OPERATOR, plan=await _scope(deployed, plan))
        return next(each for each in seen if each.name == name)

    secret = with_deployment(where, work)
    if as_json:
        terminal.write_json(SecretDocument.of(secret).model_dump(mode="json"))
    else:
        goes = ", ".join(sorted(secret.endpoints))
        terminal.write(f"The secret {visible(name)} of {_whose(plan)} may be sent to {visible(goes)}.")
    return ExitCode.OK


def list_secrets(where: Where, *, plan: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Print the secrets that scripts of *plan* may use, or those of every plan; never their values."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[SealedSecret]:
        return await see_secrets(deployed.database, OPERATOR, plan=await _scope(deployed, plan))

    secrets = with_deployment(where, work)
    if as_json:
        document = Secrets(data=[SecretDocument.of(each) for each in secrets])
        terminal.write_json(document.model_dump(mode="json"))
    elif secrets:
        rows = [
            [
                each.name,
                "every plan" if each.scope == EVERY_PLAN else "the plan",
                ", ".join(sorted(each.endpoints)),
                Cell(text="set", mark=OK) if each.sealed else Cell(text="in the environment", mark=ABSENT),
                shown_time(each.changed),
            ]
            for each in secrets
        ]
        write_table(terminal, ("Name", "Of", "Endpoints", "Value", "Changed"), rows)
    else:
        terminal.say(f"No secrets of {_whose(plan)}.")
    return ExitCode.OK


def delete_secret(where: Where, *, name: str, plan: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Delete the secret *name* of *plan*, or of every plan."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> None:
        scope = await _scope(deployed, plan)
        seen = await see_secrets(deployed.database, OPERATOR, plan=scope)
        # A plan's list has those of every plan as well, which are deleted without --plan.
        own = [each.name for each in seen if scope == EVERY_PLAN or each.scope != EVERY_PLAN]
        if name not in own:
            raise UnknownSecret(
                f'there is no secret "{name}" of {_whose(plan)}.{did_you_mean(name, own)} '
                "`deputize secret list` shows them."
            )
        await delete(deployed.database, OPERATOR, plan=scope, name=name)

    with_deployment(where, work)
    if as_json:
        terminal.write_json({"deleted": name})
    else:
        terminal.write(f"The secret {visible(name)} of {_whose(plan)} is deleted.")
    return ExitCode.OK


async def _scope(deployed: Deployed, plan: str | None) -> str:
    return EVERY_PLAN if plan is None else await plan_named(deployed.database, plan)


def _whose(plan: str | None) -> str:
    return "every plan" if plan is None else f"plan {visible(plan)}"
