"""``deputize runs resume``: goes on with a run that was interrupted or given up."""

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.runs import SHOWN_ID
from deputize.cli.target import Target
from deputize.cli.terminal import Terminal
from deputize.domain.calls import KnownOfCalls
from deputize.domain.stored_run import StoredRun
from deputize.server.documents.runs import RunSummary
from deputize.use_cases.find_run import find_run
from deputize.use_cases.resume_run import resume_run


def resume_stopped(where: Where, run: str, *, calls: KnownOfCalls, as_json: bool, plain: bool) -> ExitCode:
    """Have the server go on with *run*, of whose *calls* somebody knows what became.

    Raises what ``resume_run`` refuses.
    """
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> StoredRun:
        run_id = await find_run(deployed.database, OPERATOR, start=Target.read(run).run)
        return await resume_run(deployed.database, OPERATOR, run_id=run_id, calls=calls)

    resumed = with_deployment(where, work)
    if as_json:
        terminal.write_json(RunSummary.of(resumed).model_dump(mode="json"))
    else:
        terminal.say(f"The server goes on with the run within seconds: deputize show {resumed.id[:SHOWN_ID]}")
    return ExitCode.OK
