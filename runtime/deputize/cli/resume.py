"""``deputize runs resume``: goes on with a run that was interrupted."""

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.runs import SHOWN_ID
from deputize.cli.target import Target
from deputize.cli.terminal import Terminal
from deputize.domain.stored_run import StoredRun
from deputize.errors import Misconfigured
from deputize.server.documents.runs import RunSummary
from deputize.use_cases.find_run import find_run
from deputize.use_cases.resume_run import resume_run


class CallNotSettled(Misconfigured):
    """Nobody has said what became of the call that was under way."""

    code = "CALL_NOT_SETTLED"


def resume_interrupted(where: Where, run: str, *, sent: bool | None, as_json: bool, plain: bool) -> ExitCode:
    """Have the server go on with *run*, whose last call was *sent* or was not.

    Raises ``CallNotSettled``, and what ``resume_run`` refuses.
    """
    terminal = Terminal.open(plain=plain)
    if sent is None:
        raise CallNotSettled(
            f"Say what became of the call that was under way: `deputize show {run}` names it. With "
            "--sent it is not sent again, and the script is told that its answer is lost. With --not-sent it "
            "is sent now."
        )

    async def work(deployed: Deployed) -> StoredRun:
        run_id = await find_run(deployed.database, OPERATOR, start=Target.read(run).run)
        return await resume_run(
            deployed.database, OPERATOR, run_id=run_id, call="sent" if sent else "not sent"
        )

    resumed = with_deployment(where, work)
    if as_json:
        terminal.write_json(RunSummary.of(resumed).model_dump(mode="json"))
    else:
        terminal.say(f"The server goes on with the run within seconds: deputize show {resumed.id[:SHOWN_ID]}")
    return ExitCode.OK
