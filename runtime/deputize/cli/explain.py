"""``deputize explain``: why something was refused, who has what was missing, and what can be done."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from pydantic import JsonValue
from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import REFUSED
from deputize.cli.runs import SHOWN_ID
from deputize.cli.target import Target
from deputize.cli.terminal import Terminal
from deputize.domain.start import SCHEDULE
from deputize.use_cases.explain_refusal import Explained, Holders, explain_refusals
from deputize.use_cases.find_run import find_run

_HEADING = 12
_NAME = 11


def explain(where: Where, target: Target, *, as_json: bool, plain: bool) -> ExitCode:
    """Print why what *target* names was refused: every refusal of a run, or the one of an entry."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[Explained]:
        run_id = await find_run(deployed.database, OPERATOR, start=target.run)
        return await explain_refusals(deployed.database, OPERATOR, run_id=run_id, seq=target.seq)

    found = with_deployment(where, work)
    if as_json:
        terminal.write_json({"data": [_json(each) for each in found]})
        return ExitCode.OK
    if not found:
        terminal.say(f"Nothing was refused in run {visible(target.run)}.")
    for number, each in enumerate(found):
        if number:
            terminal.write()
        _show(terminal, each)
    return ExitCode.OK


def _json(explained: Explained) -> dict[str, JsonValue]:
    """Return the refusal as it was written, with what is known now."""
    return {
        "entry": dict(explained.entry),
        "now": {
            "roles": None if explained.roles is None else list(explained.roles),
            "would_pass": [{"who": each.who, "people": list(each.people)} for each in explained.holders],
            "may_change_it": {name: list(functions) for name, functions in explained.changers.items()},
        },
    }


def _show(terminal: Terminal, explained: Explained) -> None:
    entry, run = explained.entry, explained.run
    _part(terminal, "Call", [f"{_call(entry)}  {run.id[:SHOWN_ID]}/{entry['seq']}"], refused=True)
    _part(terminal, "Identity", [f"{run.initiator.id} – {_identity(explained)}"])
    _part(terminal, "Decision", _decision(explained))
    options = _options(explained)
    if options:
        _part(terminal, "You can", [f"{number}  {each}" for number, each in enumerate(options, 1)])


def _part(terminal: Terminal, heading: str, lines: Sequence[str], *, refused: bool = False) -> None:
    for number, line in enumerate(lines):
        text = Text(f"{heading if number == 0 else '':<{_HEADING}}")
        style = REFUSED.style if refused and not terminal.plain else ""
        terminal.write(text.append(visible(line), style=style))


def _call(entry: Mapping[str, JsonValue]) -> str:
    request = entry.get("request")
    if not isinstance(request, Mapping):
        return f"not begun: {entry.get('trigger')}"
    parts = urlsplit(str(request["url"]))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    status = f"{entry['statusCode']} {entry['statusMessage']}"
    return f"{status}  {request['method']} {path}  on endpoint {entry['endpoint']}"


def _identity(explained: Explained) -> str:
    run = explained.run
    how = f"via {run.initiator.via}"
    if run.event_id is not None:
        how += f", as the initiator of event {run.event_id}"
    what = f"who set {run.name} off, {how}"
    if run.trigger == SCHEDULE:
        what = f"as whom a schedule sets {run.name} off, {how}"
    if run.legacy:
        what = "who owns the endpoint of its plan, whoever called: LEGACY"
    if explained.entry["kind"] == "credential.rejected" and not explained.entry["sent"]:
        return f"{what}; the call was not sent"
    return what


def _decision(explained: Explained) -> list[str]:
    entry = explained.entry
    lines = [str(entry["reason"])]
    explain = entry.get("explain")
    if not isinstance(explain, Mapping):
        return lines
    pairs = [("said by", str(explain["source"]))]
    pairs += [("needs", each) for each in _texts(explain["needs"])]
    if explained.roles is not None:
        pairs.append(("has now", ", ".join(f"role {each}" for each in explained.roles) or "no role"))
    pairs += [("would pass", _holders(each)) for each in explained.holders]
    return [*lines, *(f"{name:<{_NAME}}{value}" for name, value in pairs)]


def _holders(holders: Holders) -> str:
    if holders.who.startswith("person ") or not holders.people:
        return holders.who
    return f"{holders.who} ({', '.join(holders.people)})"


def _options(explained: Explained) -> list[str]:
    entry, run = explained.entry, explained.run
    options: list[str] = []
    if entry.get("explain") is not None and explained.changers:
        who = ", ".join(f"{name} ({', '.join(held)})" for name, held in explained.changers.items())
        options.append(f"have it changed by who administers people or plans: {who}")
    if entry["kind"] != "run.denied":
        options.append(f"handle it in the script: if response.refused: …  {_place(entry)}".rstrip())
    able = [name for each in explained.holders for name in each.people if name != run.initiator.id]
    if able:
        options.append(f"try it as one who has that: deputize run {run.name} --as {able[0]} --payload FILE")
    return options


def _place(entry: Mapping[str, JsonValue]) -> str:
    script = entry.get("script")
    if not isinstance(script, Mapping) or script.get("line") is None:
        return ""
    return f"({script['name']}:{script['line']})"


def _texts(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
