"""Scripts that come over the platform's REST API, checked like any other that is saved."""

from collections.abc import Sequence

from deputize.platform.embedded import Draft
from deputize.use_cases.scripts import Candidate, Checker


class DraftCheck:
    """Implements the embedded platform's ``ScriptCheck``."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    async def __call__(self, draft: Draft) -> Sequence[str]:
        """Return a sentence for each error of *draft*, with the place where it stands."""
        found = await self._checker.check(
            Candidate(
                name=draft.name,
                source=draft.source,
                trigger=draft.trigger,
                has_form=draft.has_form,
                shared=dict(draft.shared),
                endpoints=draft.endpoints,
            )
        )
        return [
            f"{each.file}:{each.line}:{each.column}: {each.code}: {each.message}"
            for each in found
            if each.severity == "error"
        ]
