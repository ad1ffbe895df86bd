"""Runs guests without a jail: for tests of the language alone, and for nothing else.

The tests' process may have threads, so it does not fork. It starts this file as a program, which loads the
guest once and forks for each job, as the zygote does. An audit hook in the child records what the script
makes the interpreter do beyond computing; where the language holds, it records nothing.
"""

import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

#: What the guest itself, and the standard library on its way, may make the interpreter do: event → files.
EXPECTED: Final = {
    "builtins.id": {"copy.py", "dataclasses.py", "inspect.py", "json/encoder.py", "reprlib.py"},
    "compile": {
        "ast.py",
        "collections/__init__.py",
        "dataclasses.py",
        "deputize_guest/dialect/compile_script.py",
        "typing.py",
    },
    "exec": {"collections/__init__.py", "dataclasses.py", "deputize_guest/run_job.py"},
    "marshal.dumps": {"deputize_guest/dialect/compile_script.py"},
    "marshal.loads": {"deputize_guest/run_job.py"},
    # Where a script cannot be parsed, for its line; it is called "<script>".
    "open": {"ast.py", "deputize_guest/dialect/compile_script.py"},
    "object.__getattr__": {
        "contextlib.py",
        "dataclasses.py",
        "deputize_guest/host_channel.py",
        "deputize_guest/script_traceback.py",
        "functools.py",
        "inspect.py",
        "typing.py",
    },
    "object.__setattr__": {"collections/__init__.py", "dataclasses.py", "typing.py"},
    "sys.unraisablehook": {"deputize_guest/run_job.py"},
    "sys._getframe": {"collections/__init__.py", "deputize_guest/host_channel.py", "enum.py", "typing.py"},
    "sys._getframemodulename": {"collections/__init__.py", "enum.py", "typing.py"},
}
_MEMORY: Final = 1024 * 1024 * 1024
_PACKET: Final = 1024

Answers = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Ended:
    """How a job ended: its last frame, what it said before, what the script reached."""

    frame: dict[str, Any]
    said: list[dict[str, Any]] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)

    @property
    def logged(self) -> list[str]:
        """The messages that were logged."""
        return [each["arguments"]["message"] for each in self.said if each["kind"] == "tell"]

    @property
    def end(self) -> str:
        """How it ended, in a line, as the footers of cases say it."""
        frame = self.frame
        match frame["kind"]:
            case "returned":
                return f"returned {json.dumps(frame['value'], ensure_ascii=False)}"
            case "faulted":
                return f"faulted {frame['type']}: {frame['message']}"
            case "rejected":
                return "rejected " + "; ".join(
                    f"{each.get('file', '')}{':' * ('file' in each)}{each['line']}:{each['column']} {each['code']}"
                    for each in frame["diagnostics"]
                )
        return frame["kind"]


def stock_answer(call: dict[str, Any]) -> dict[str, Any]:
    """Answer a call as a host does for whom all is well."""
    response = {
        "status_code": 200,
        "status_message": "OK",
        "headers": [["Content-Type", "application/json"]],
        "text": '{"a": 1}',
        "refused": False,
        "reason": None,
        "url": "https://example.com/x",
    }
    match call["capability"], call["method"]:
        case ("http", "send") | ("form", "post"):
            return {"value": response}
        case "http", "send_all":
            return {"value": [response for _ in call["arguments"]["requests"]]}
        case "clock", "now":
            return {"value": {"iso": "2024-05-01T10:00:00+00:00"}}
    return {"value": None}


class Unconfined:
    """Does jobs in forked guests without a jail."""

    def __init__(self, added: Mapping[str, list[str]] | None = None) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        roots = [path for path in sys.path if path]
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", __file__, str(theirs.fileno()), json.dumps(added or {}), *roots],
            pass_fds=[theirs.fileno()],
            env={"PYTHONHASHSEED": "0"},
        )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._control.close()
        self._process.wait()

    def job(
        self,
        job: Mapping[str, Any],
        answers: Answers = stock_answer,
        *,
        cpu_seconds: int = 20,
        examine: bool = False,
    ) -> Ended:
        """Do one job; *answers* are given to its calls.

        With *examine*, the result is a list of any values, and what of them no script may hold is reached.
        """
        from deputize_guest import wire

        ours, theirs = socket.socketpair()
        report, reporting = os.pipe()
        with ours, os.fdopen(report, "rb") as reports:
            socket.send_fds(
                self._control, [json.dumps([cpu_seconds, examine]).encode()], [theirs.fileno(), reporting]
            )
            theirs.close()
            os.close(reporting)
            connection = wire.Connection(ours.fileno())
            connection.send(wire.encode(job))
            frame, said = self._converse(connection, answers)
            reached = sorted({line.decode() for line in reports.read().splitlines()})
        return Ended(frame, said, reached)

    def _converse(self, connection: Any, answers: Answers) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        from deputize_guest import wire

        said = []
        while True:
            try:
                frame = connection.receive()
            except wire.HostGone:
                return {"kind": "gone"}, said
            if frame["kind"] not in ("call", "tell"):
                return frame, said
            said.append(frame)
            if frame["kind"] == "call":
                connection.send(wire.encode({"id": frame["id"], **answers(frame)}))

    def compile(self, source: str, *, shared: Mapping[str, str] | None = None) -> Ended:
        """Compile *source*."""
        job: dict[str, Any] = {"do": "compile", "source": source, "filename": "script.py"}
        return self.job(job | ({"shared": dict(shared)} if shared else {}))

    def run(
        self,
        source: str,
        *,
        provide: Mapping[str, Mapping[str, Any]] | None = None,
        answers: Answers = stock_answer,
        shared: Mapping[str, str] | None = None,
        cpu_seconds: int = 20,
        examine: bool = False,
        **more: Any,
    ) -> Ended:
        """Compile *source* and, if it may run, run it; a parameter that *provide* lacks is of the kind of its name."""
        compiled = self.compile(source, shared=shared)
        if compiled.frame["kind"] != "compiled":
            return compiled
        names = {each["name"] for each in compiled.frame["parameters"]}
        job = {
            "do": "run",
            "code": compiled.frame["code"],
            "filename": "script.py",
            "provide": {
                each["name"]: {"kind": each["name"], "value": STOCK.get(each["name"])}
                for each in compiled.frame["parameters"]
                if each["name"] in STOCK
            }
            | {name: each for name, each in (provide or {}).items() if name in names},
            "seed": "seed",
            "recursion": 1000,
            "now": "2024-05-01T10:00:00+00:00",
            **({"shared": compiled.frame["shared"]} if "shared" in compiled.frame else {}),
            **more,
        }
        ended = self.job(job, answers, cpu_seconds=cpu_seconds, examine=examine)
        return Ended(ended.frame, ended.said, sorted({*compiled.reached, *ended.reached}))


#: What parameters hold when a test does not say otherwise.
STOCK: Final[dict[str, Any]] = {
    "callback": {
        "kind": "RESPONSE",
        "event_id": "7",
        "event_properties": {"Incident_Number": "I1"},
        "raw": {},
        "recipient": "bsmith",
        "response": "Acknowledge",
    },
    "clock": None,
    "constants": {"Colour": "red"},
    "http": None,
    "initiator": {"id": "rob", "name": "Rob", "via": "test"},
    "log": None,
    "payload": {"a": [1, 2, {"b": "c"}]},
    "request": {
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "parameters": {},
        "body": "{}",
        "request_id": "r1",
        "integration_id": "i1",
        "remote_address": None,
    },
}


def main(control_fd: str, added: str, *roots: str) -> None:
    """Fork a guest for each pair of descriptors that comes over the control socket."""
    sys.path[:] = roots
    from deputize_guest import loop

    loop.warm_up(json.loads(added))
    control = socket.socket(fileno=int(control_fd))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _PACKET, 2)
        if not message:
            return
        guest, report = descriptors
        pid = os.fork()
        if pid == 0:
            try:
                _serve(guest, report, *json.loads(message))
            finally:
                os._exit(1)
        os.close(guest)
        os.close(report)
        os.waitpid(pid, 0)


def _serve(guest: int, report: int, cpu_seconds: int, examine: bool) -> None:
    from deputize_guest import loop, run_job

    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(lambda event, arguments: _audit(event, arguments, report))
    if examine:
        run_job.to_json = lambda values, what: _examine(values, report)
    loop.serve(guest)
    os._exit(0)


def _examine(values: list[Any], report: int) -> None:
    from deputize_guest.dialect.reach import ways_out

    # The search itself looks where no script may.
    _AUDITING.append("examine")
    for number, value in enumerate(values):
        for way in ways_out(value, f"kept[{number}]"):
            os.write(report, f"held {way}".encode("utf-8", "replace") + b"\n")


def _audit(event: str, arguments: tuple[Any, ...], report: int) -> None:
    # What this very function does raises events too.
    if _AUDITING:
        return
    _AUDITING.append(event)
    try:
        file = sys._getframe(2).f_code.co_filename
        if not any(file.endswith(f"/{each}") for each in EXPECTED.get(event, ())):
            line = f"{event} from {Path(file).name}: {arguments!r}"[:400].replace("\n", " ")
            os.write(report, line.encode("utf-8", "replace") + b"\n")
    finally:
        _AUDITING.clear()


_AUDITING: Final[list[str]] = []

if __name__ == "__main__":
    main(*sys.argv[1:])
