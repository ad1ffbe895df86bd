"""Remembers why requests were refused, for a while, by the trace id of their answer."""

from collections import OrderedDict

from deputize.domain.decision import Explanation


class RecentDenials:
    """The last denials; the oldest one goes when there are too many."""

    def __init__(self, *, most: int = 10_000) -> None:
        self._most = most
        self._by_trace: OrderedDict[str, Explanation] = OrderedDict()

    def remember(self, trace: str, explanation: Explanation) -> None:
        """Keep why the answer with *trace* was a refusal."""
        self._by_trace[trace] = explanation
        if len(self._by_trace) > self._most:
            self._by_trace.popitem(last=False)

    def explain(self, trace: str) -> Explanation | None:
        """Return why the answer with *trace* was a refusal; None when it is not remembered."""
        return self._by_trace.get(trace)
