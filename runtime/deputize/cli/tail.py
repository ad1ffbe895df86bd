"""``deputize tail``: the activity of all runs, as it was and as it goes on."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, get_args

import typer
from pydantic import JsonValue

from deputize.activity.entries import ActivityEntry
from deputize.cli.choice import one_of
from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.feed import FeedRenderer
from deputize.cli.moment import moment
from deputize.cli.named import integration_named
from deputize.cli.output import Output
from deputize.cli.terminal import Terminal
from deputize.clock import now
from deputize.domain.stored_entry import EntryFilter
from deputize.use_cases.see_runs import end_of_activity, follow_activity, see_activity

#: Seconds between two looks.
_LOOK_SECONDS: Final = 0.5
_BATCH: Final = 200
_KINDS: Final = tuple(str(each.model_fields["kind"].default) for each in get_args(get_args(ActivityEntry)[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEntries:
    """Which entries are wanted, as the command line says it; what is None is not asked for."""

    integration: str | None
    initiator: str | None
    kind: str | None
    status_code: int | None
    text: str | None
    since: str | None
    until: str | None
    #: Of those that there are, how many.
    limit: int


_Show = Callable[[Mapping[str, JsonValue]], None]


def tail_activity(
    where: Where, wanted: WantedEntries, *, follow: bool, output: Output, plain: bool
) -> ExitCode:
    """Print the last entries that are *wanted*, and those that come when *follow* is set."""
    if follow and output is Output.JSON:
        raise typer.BadParameter("--follow has no end, and --json is one document. Use --ndjson.")
    terminal = Terminal.open(plain=plain)
    narrowed = EntryFilter(
        initiator=wanted.initiator,
        kind=one_of(wanted.kind, _KINDS, option="--kind"),
        status_code=wanted.status_code,
        text=wanted.text,
        since=moment(wanted.since, option="--since", now=now()),
        until=moment(wanted.until, option="--until", now=now()),
    )
    kept: list[Mapping[str, JsonValue]] = []
    show = _shower(terminal, output, kept)

    async def work(deployed: Deployed) -> None:
        named = wanted.integration
        seen = None if named is None else await integration_named(deployed.database, named)
        integration_id = None if seen is None else seen.integration.id
        entries = replace(narrowed, integration_id=integration_id)
        if follow:
            await _follow(deployed, entries, wanted.limit, show)
        else:
            await _show_last(deployed, entries, wanted.limit, show)

    try:
        with_deployment(where, work)
    except KeyboardInterrupt:
        return ExitCode.BY_KEYBOARD
    if output is Output.JSON:
        terminal.write_json({"data": kept})
    return ExitCode.OK


def _shower(terminal: Terminal, output: Output, kept: list[Mapping[str, JsonValue]]) -> _Show:
    match output:
        case Output.TEXT:
            return FeedRenderer(terminal).document
        case Output.NDJSON:
            return lambda document: terminal.write_json(dict(document), indent=None)
        case Output.JSON:
            return kept.append


async def _show_last(deployed: Deployed, wanted: EntryFilter, limit: int, show: _Show) -> set[str]:
    """Show the last entries, and return their ids."""
    if limit == 0:
        return set()
    newest = await see_activity(deployed.database, OPERATOR, wanted=wanted, before=None, limit=limit)
    for each in reversed(newest):
        show(each.document)
    return {str(each.document["id"]) for each in newest}


async def _follow(deployed: Deployed, wanted: EntryFilter, limit: int, show: _Show) -> None:
    place = await end_of_activity(deployed.database, OPERATOR)
    # What is committed between the two is in both.
    shown = await _show_last(deployed, wanted, limit, show)
    while True:
        end = await end_of_activity(deployed.database, OPERATOR)
        batch = await follow_activity(deployed.database, OPERATOR, wanted=wanted, after=place, limit=_BATCH)
        for each in batch:
            if str(each.document["id"]) not in shown:
                show(each.document)
        if len(batch) == _BATCH:
            place = batch[-1].place
            continue
        # Up to the end that was there before, everything that is wanted has been seen.
        place = max(place, end, *(each.place for each in batch[-1:]))
        await asyncio.sleep(_LOOK_SECONDS)
