"""``deputize integrations``: what there is to set off, how, and what has to be seen to."""

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import ABSENT, ANSWERED, OK
from deputize.cli.named import path_of, plan_named
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.server.documents.integrations import IntegrationDocument, Integrations
from deputize.use_cases.see_integrations import SeenIntegration, see_integrations

_COLUMNS = ("Integration", "Set off by", "Method", "State", "See to", "Id")


def list_integrations(where: Where, *, plan: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Print the integrations of *plan*, or of every plan, and a sentence for each warning."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[SeenIntegration]:
        named = None if plan is None else await plan_named(deployed.database, plan)
        return await see_integrations(deployed.database, OPERATOR, plan=named)

    seen = with_deployment(where, work)
    if as_json:
        documents = Integrations(data=[IntegrationDocument.of(each) for each in seen])
        terminal.write_json(documents.model_dump(mode="json"))
    elif seen:
        write_table(terminal, _COLUMNS, [_row(each) for each in seen])
        for each in dict.fromkeys(warning for one in seen for warning in one.warnings):
            terminal.say(Text(f"{each.code}: {visible(each.detail)}"))
    else:
        terminal.say("No integrations.")
    return ExitCode.OK


def _row(seen: SeenIntegration) -> list[Value]:
    each = seen.integration
    return [
        path_of(seen),
        each.callback or "inbound",
        "–" if not each.inbound else each.method or Cell(text="none", mark=ABSENT),
        Cell(text="enabled", mark=OK) if each.enabled else Cell(text="disabled", mark=ABSENT),
        Cell(text=", ".join(one.code for one in seen.warnings), mark=ANSWERED) if seen.warnings else "–",
        each.id,
    ]
