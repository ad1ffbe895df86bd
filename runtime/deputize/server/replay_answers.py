"""What a request for a live replay has, and how it is answered."""

from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.idempotency import IDEMPOTENCY_KEY
from deputize.inbound.answers import CallerRefused
from deputize.inbound.idempotency import chosen_key
from deputize.server.documents.runs import ReplayDocument
from deputize.server.problems import refused_caller
from deputize.server.routes.operations import PREFIX
from deputize.use_cases.replay_live import ReplayAccepted


def key_of(request: Request) -> str | None:
    """Return the ``Idempotency-Key`` of *request*; raises the problem that a wrong one is."""
    key = chosen_key(request.headers.getlist(IDEMPOTENCY_KEY))
    if isinstance(key, CallerRefused):
        raise refused_caller(key)
    return key


def replay_answer(answer: ReplayAccepted | CallerRefused, response: Response) -> ReplayDocument:
    """Return the document of a replay that is accepted; raises the problem that a refusal is."""
    if isinstance(answer, CallerRefused):
        raise refused_caller(answer)
    if answer.again:
        response.headers["Idempotency-Replayed"] = "true"
    response.headers["Location"] = f"{PREFIX}/runs/{answer.run_id}"
    return ReplayDocument(id=answer.run_id, replay_of=answer.replay_of)
