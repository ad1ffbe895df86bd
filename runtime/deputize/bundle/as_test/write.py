"""Writes the file of a test: what the run was given, its routes, and what must come of it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deputize.bundle.as_test.expressions import WIDTH, Call, Name, assigned, on_one_line, written
from deputize.bundle.as_test.naming import Naming, naming_for
from deputize.bundle.as_test.routes import WrittenRoutes, identifier, routes_of
from deputize.bundle.errors import NoTestOfIt
from deputize.bundle.file import Bundle
from deputize.domain.run import RunState
from deputize.domain.start import by_request
from deputize.project import Project

_INDENT: Final = 4
_SHOWN_ID: Final = 8
#: Lines of a payload that stand in the file; a longer one has a file of its own.
_LINES: Final = 16
#: What scripts tell the time by.
_TIME: Final = re.compile(r"\b(clock|datetime|time)\b")
_CHANCE: Final = re.compile(r"\b(random|uuid|uuid4)\b")
_USUAL_HEADERS: Final = frozenset({"content-type", "content-length", "accept", "host", "user-agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedTest:
    """A test file, what stands beside it, and what of the run it does not say."""

    text: str
    #: The name of the payload's file, and its text; None where the payload stands in the test.
    payload_file: tuple[str, str] | None
    left_out: tuple[str, ...]


def test_of(bundle: Bundle, *, stem: str, project: Project | None) -> GeneratedTest:
    """Return the test that *bundle* makes; *stem* is the name of its file, without ``.py``.

    It names things as the *project* does that it is for; without one, as they were recorded. Raises
    ``NoTestOfIt`` for a run that was ended from outside: no script does that again by itself.
    """
    if bundle.run.state not in (RunState.COMPLETED, RunState.FAILED):
        raise NoTestOfIt(
            f"run {bundle.run.id} is {bundle.run.state}: it was ended from outside, which a test cannot "
            "repeat. Take a run that is COMPLETED or FAILED."
        )
    return _Writer(bundle, stem, naming_for(bundle, project)).write()


class _Writer:
    def __init__(self, bundle: Bundle, stem: str, naming: Naming) -> None:
        self._bundle = bundle
        self._naming = naming
        self._routes: WrittenRoutes = routes_of(bundle, naming)
        self._left_out = [*naming.lacking, *self._routes.left_out]
        self._payload_file = f"{stem}.json"
        self._beside: tuple[str, str] | None = None
        self._constants: list[str] = []
        self._imports: set[str] = set()

    def write(self) -> GeneratedTest:
        run = self._bundle.run
        called = self._call()
        checks = self._checks()
        clock = self._clock()
        fixtures = ["deputize_run"]
        if self._routes.lines:
            fixtures.append("deputize_mock")
        if clock:
            fixtures.append("deputize_clock")
        if self._routes.needs_httpx:
            self._imports.add("import httpx")
        before = [*clock, *self._routes.lines]
        body = [*before, *([""] if before else []), called, "", *checks]
        head = f"def {_test_name(self._bundle)}({', '.join(fixtures)}):"
        if len(head) > WIDTH:
            arguments = ",\n".join(f"{' ' * _INDENT}{each}" for each in fixtures)
            head = f"{head.partition('(')[0]}(\n{arguments},\n):"
        told = f"{_one_line(run.name)} as {_one_line(run.initiator.id)} ran it"
        parts = [
            f'"""{told}: run {run.id[:_SHOWN_ID]} of {run.queued.date()}."""',
            self._import_lines(),
            "\n".join([*self._constants, *self._routes.constants]),
        ]
        top = "\n\n".join(filter(None, parts))
        text = "\n".join([top, "", "", head, *body, ""])
        self._note_what_came()
        return GeneratedTest(text=text, payload_file=self._beside, left_out=tuple(self._left_out))

    def _import_lines(self) -> str:
        own = {each for each in self._imports if each == "import httpx"}
        # Plain imports come first, as isort has them.
        standard = sorted(self._imports - own, key=lambda each: (each.startswith("from"), each))
        return "\n\n".join("\n".join(each) for each in (standard, sorted(own)) if each)

    def _call(self) -> str:
        bundle = self._bundle
        by_name = bundle.run.integration_id is not None
        named: dict[str, Any] = {}
        payload = bundle.start.payload
        if payload is not None:
            named["payload"] = payload
        named["as_user"] = bundle.run.initiator.id
        if not by_name and not by_request(bundle.run.trigger):
            named["kind"] = bundle.run.trigger
        call = Call("deputize_run", (self._naming.script,), named)
        start = " " * _INDENT + "run = "
        if payload is not None and len(start) + len(on_one_line(call)) > WIDTH:
            constant = assigned("PAYLOAD", payload)
            if constant.count("\n") >= _LINES:
                text = json.dumps(payload, indent=2, ensure_ascii=False) + "\n"
                self._beside = (self._payload_file, text)
                self._imports |= {"import json", "from pathlib import Path"}
                constant = (
                    f'SAMPLE = Path(__file__).with_name("{self._payload_file}")\n'
                    'PAYLOAD = json.loads(SAMPLE.read_text(encoding="utf-8"))'
                )
            self._constants.append(constant)
            named["payload"] = Name("PAYLOAD")
        return start + written(call, indent=_INDENT, before=len(start))

    def _clock(self) -> list[str]:
        """Return what sets the time, where the script may look at it."""
        script = self._bundle.script
        if not any(map(_TIME.search, (script.source, *script.libraries.values()))):
            return []
        self._imports.add("from datetime import UTC, datetime")
        return [" " * _INDENT + f"deputize_clock.now = {_moment(self._bundle.head.now)}"]

    def _checks(self) -> list[str]:
        bundle = self._bundle
        equal: list[tuple[str, Any]] = [("run.state", str(bundle.run.state))]
        if bundle.error is not None:
            equal.append(("run.error.type", bundle.error.type))
        elif self._tells_result():
            equal.append(("run.result", bundle.result))
        refused = [each.endpoint for each in bundle.activity if each.kind == "permission.denied"]
        equal.append(("[refusal.endpoint for refusal in run.refusals]", refused))
        sent = sorted(
            {
                each.initiator.id if each.sent_as == "initiator" else each.sent_as
                for each in bundle.activity
                if each.kind == "http.exchange" and each.sent_as is not None
            }
        )
        if not refused:
            equal[-1] = ("run.refusals", ())
        shown = Name("{" + ", ".join(map(on_one_line, sent)) + "}" if sent else "set()")
        equal.append(("run.sent_as", shown))
        return [_check(what, value) for what, value in equal]

    def _tells_result(self) -> bool:
        """Tell whether the result is the same in a test; note why it is not."""
        bundle = self._bundle
        if bundle.result is None:
            return True
        text = json.dumps(bundle.result, ensure_ascii=False)
        places = [str(each["base_url"]).rstrip("/") for each in bundle.head.endpoints.values()]
        why = ""
        if any(each.path.startswith("/result") for each in bundle.redacted):
            why = "values in it were replaced"
        elif bundle.run.id in text and not self._is_answered(bundle.run.id):
            why = "the id of the run stands in it"
        elif any(each in text for each in places):
            why = "an address of the recorded network stands in it"
        elif any(map(_CHANCE.search, (bundle.script.source, *bundle.script.libraries.values()))):
            why = "the script draws by chance"
        if why:
            self._left_out.append(f"the result: {why}")
        return not why

    def _is_answered(self, text: str) -> bool:
        """Tell whether an answer holds *text*: then the script may have it from there, in a test as well."""
        answers = (each["response"]["content"] for each in self._bundle.har.log.entries)
        return any(text in each.get("text", "") for each in answers)

    def _note_what_came(self) -> None:
        """Note what of the start a call of ``deputize_run`` does not pass on."""
        start = self._bundle.start
        headers = sorted(set(start.headers) - _USUAL_HEADERS)
        if headers:
            self._left_out.append(f"headers of the request: {', '.join(headers)}")
        if start.schedule is not None:
            self._left_out.append("the due time of the schedule")
        if start.parameters:
            self._left_out.append(f"parameters of the request: {', '.join(sorted(start.parameters))}")
        if start.payload is None and start.body not in (None, "", "null"):
            self._left_out.append("the body of the request, which is no JSON")
        replaced = [each.path for each in self._bundle.redacted if each.path.startswith(("/start", "/har"))]
        if replaced:
            self._left_out.append(f"values that the bundle has replaced: {', '.join(replaced)}")


def _check(what: str, value: Any) -> str:
    compared = "is" if value is None or isinstance(value, bool) else "=="
    start = f"{' ' * _INDENT}assert {what} {compared} "
    return start + written(value, indent=_INDENT, before=len(start))


def _test_name(bundle: Bundle) -> str:
    """Return what the run did, as the name of a test."""
    refused = any(each.kind == "permission.denied" for each in bundle.activity)
    name, user = identifier(bundle.run.name), identifier(bundle.run.initiator.id)
    if bundle.run.state is RunState.FAILED:
        ending = "fails" if bundle.error is None else f"fails_with_{_words(bundle.error.type)}"
        did = f"is_refused_and_{ending}" if refused else ending
    else:
        did = "is_refused_and_completes_all_the_same" if refused else "completes"
    return f"test_{name}_run_by_{user}_{did}"


def _words(name: str) -> str:
    """Return ``HttpError`` as ``http_error``."""
    return identifier(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))


def _one_line(text: str) -> str:
    """Return *text* as it may stand in a docstring."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return re.sub(r'[\\"\s]+', " ", printable)


def _moment(moment: datetime) -> str:
    fields = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    microsecond = [moment.microsecond] if moment.microsecond else []
    return f"datetime({', '.join(map(str, [*fields, *microsecond]))}, tzinfo=UTC)"
