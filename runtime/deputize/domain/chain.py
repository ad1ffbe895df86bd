"""What led to a run, so that nothing goes in circles (security model B-03)."""

from dataclasses import dataclass
from typing import Final, Literal

from deputize.domain.event import Chain

#: Integrations in a row, each set off by the one before it.
MOST_LINKS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRefused:
    """An integration that must not be set off: ``reason`` is a sentence for a person."""

    code: Literal["CHAIN_TOO_DEEP", "CHAIN_CYCLE"]
    reason: str


def extend(chain: Chain, integration_id: str, *, name: str, most: int = MOST_LINKS) -> Chain | ChainRefused:
    """Return *chain* with the integration at its end, or why it must not be set off.

    *name* is the integration's, for the sentence. An integration that has already led here would go on
    for ever; one beyond *most* would nearly.
    """
    if integration_id in chain:
        return ChainRefused(
            code="CHAIN_CYCLE",
            reason=f'"{name}" has led to itself over {len(chain)} scripts; it is not set off again. '
            "Break the circle: let one of them look whether there is anything left to do.",
        )
    if len(chain) >= most:
        return ChainRefused(
            code="CHAIN_TOO_DEEP",
            reason=f'"{name}" would be link {len(chain) + 1} of a chain of scripts that set each other off; '
            f"the longest is {most}.",
        )
    return (*chain, integration_id)
