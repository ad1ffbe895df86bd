"""What earlier attempts at a run have left in the database."""

from deputize.domain.calls import CallKey
from deputize.domain.stored_run import StoredRun
from deputize.execution.past import Past, PastCall
from deputize.store import Transaction


async def load_past(tx: Transaction, run: StoredRun) -> Past | None:
    """Return what earlier attempts at *run* have left; None where none of them began its script."""
    if run.attempts <= 1:
        return None
    head = await tx.journal.head(run.id)
    if head is None:
        return None
    written = await tx.entries.of_run(run.id)
    return Past(
        attempt=run.attempt,
        head=head,
        entries=await tx.journal.entries(run.id),
        calls={
            CallKey(each.intent.fingerprint, each.intent.occurrence): PastCall(
                intent=each.intent, outcome=each.outcome, known=each.known
            )
            for each in await tx.calls.of_run(run.id)
        },
        lines=[each for each in written if each["kind"] == "log"],
        last_seq=await tx.entries.last_seq(run.id),
    )
