"""``deputize_run``: runs a script of the project as one of its people."""

from pathlib import Path

from pydantic import JsonValue

from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun
from deputize.errors import DeputizeError, UnknownUser
from deputize.project.source import find_script
from deputize.testing.bench import Bench, Told
from deputize.testing.samples import read_sample


class ScriptRuns:
    """``deputize_run(script, payload=…, as_user=…)``: an ordinary call, in ``async`` tests as well."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __call__(
        self,
        script: str | Path,
        *,
        payload: JsonValue = None,
        sample: str | None = None,
        as_user: str | None = None,
        kind: str | None = None,
        in_process: bool | None = None,
    ) -> Run:
        """Run *script*, an integration's name or a path, to its end and return the run.

        *payload* is the parsed JSON body, and *sample* the name of one in ``samples/``. *as_user* is who sets
        it off; left out, it is whom ``deputize_user`` names. *kind* is as for ``deputize run --kind``. With
        *in_process* the script runs in this very thread, for a debugger, and NOT in the sandbox; left out, it
        does where pytest runs with ``--deputize-in-process``.

        Raises ``UnmockedCall`` for calls that no route answers, and what ``Runtime.run`` raises.
        """
        __tracebackhide__ = True
        bench = self._bench
        if sample is not None:
            if payload is not None:
                raise TypeError("deputize_run takes a payload or a sample, not both")
            payload = read_sample(bench.project, sample)
        try:
            source = find_script(str(script), project=bench.project)
            told = Told(script=source.name, file=source.shown_path, user=as_user or self._default_user())
            bench.runs.append(told)
            told.run = bench.resident.run(
                str(script),
                payload=payload,
                initiator=told.user,
                kind=kind,
                listener=told.entries.append,
                in_process=bench.in_process if in_process is None else in_process,
            )
        except DeputizeError as error:
            raise error.with_traceback(None) from None
        bench.require_answered(told)
        return told.run

    def settled(self) -> tuple[StoredRun, ...]:
        """Wait until nothing runs any more, and return the runs that events have set off, in order."""
        return self._bench.settle()

    def _default_user(self) -> str:
        __tracebackhide__ = True
        self._bench.asked_for_user = True
        if self._bench.user is None:
            people = ", ".join(sorted(self._bench.project.file.users)) or "nobody"
            raise UnknownUser(
                "deputize_run: nobody is named to run the script as. Pass as_user=…, or run pytest with "
                f"--deputize-as=…. People: {people}."
            )
        return self._bench.user
