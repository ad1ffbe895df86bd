"""``--sent`` and ``--not-sent``: of the only call, or of each by its number."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:  # so that --help is quick
    from deputize.domain.calls import Known, KnownOfCalls

_OPTIONS: Final = frozenset({"--sent", "--not-sent"})
#: A number of a call; an id of a run is longer.
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")
#: What stands for the only call.
_ALONE: Final = ""


class TellingCalls(TyperCommand):
    """A command whose ``--sent`` and ``--not-sent`` may stand without a number."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read *args*, of which such an option is given an empty value where it has none."""
        return super().parse_args(ctx, list(_completed(args)))


def known_calls(sent: Sequence[str], not_sent: Sequence[str]) -> "KnownOfCalls":
    """Return what the options say of the calls. Raises ``typer.BadParameter`` where they contradict."""
    said: list[tuple[str, Known]] = [(each, "sent") for each in sent]
    said += [(each, "not sent") for each in not_sent]
    if len(said) == 1 and said[0][0] == _ALONE:
        return said[0][1]
    known: dict[int, Known] = {}
    for number, each in said:
        if number == _ALONE:
            raise typer.BadParameter("Give --sent or --not-sent once, or each with the number of a call.")
        if not _NUMBER.fullmatch(number):
            raise typer.BadParameter(f'"{number}" is no number of a call.')
        if int(number) in known:
            raise typer.BadParameter(f"Say once of call {number} whether it was sent.")
        known[int(number)] = each
    return known


def _completed(arguments: Sequence[str]) -> Iterator[str]:
    following = [*arguments[1:], ""]
    for each, after in zip(arguments, following, strict=True):
        alone = each in _OPTIONS and not _NUMBER.fullmatch(after)
        yield f"{each}={_ALONE}" if alone else each
