"""``deputize_run``: runs a script of the project as one of its people."""

from pathlib import Path

from pydantic import JsonValue

from deputize.bundle.file import Bundle, write_bundle
from deputize.bundle.present import recorded_ids, script_of
from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun
from deputize.errors import DeputizeError, UnknownUser
from deputize.project.source import find_script
from deputize.testing.bench import Bench, Told
from deputize.testing.bundles import bundle_at, bundle_path
from deputize.testing.samples import read_sample
from deputize.testing.tape import Tape


class ScriptRuns:
    """``deputize_run(script, payload=…, as_user=…)``: an ordinary call, in ``async`` tests as well."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __call__(
        self,
        script: str | Path | None = None,
        *,
        payload: JsonValue = None,
        sample: str | None = None,
        bundle: str | Path | None = None,
        as_user: str | None = None,
        kind: str | None = None,
        in_process: bool | None = None,
    ) -> Run:
        """Run *script*, an integration's name or a path, to its end and return the run.

        *payload* is the parsed JSON body, and *sample* the name of one in ``samples/``. *as_user* is who sets
        it off; left out, it is whom ``deputize_user`` names. *kind* is as for ``deputize run --kind``. With
        *in_process* the script runs in this very thread, for a debugger, and NOT in the sandbox; left out, it
        does where pytest runs with ``--deputize-in-process``.

        *bundle* is a recorded run: one of ``bundles/`` beside the test, or a path. It answers the calls that
        no route of the test answers, and whatever else is left out here is as it was recorded. What is done
        with a call that it has no answer to, ``--deputize-record`` says.

        Raises ``UnmockedCall`` for calls that nothing answers, what ``Runtime.run`` raises, and for bundles
        ``BundleMissing``, ``BundleInvalid``, ``RecordingRefused`` and ``SecretInBundle``.
        """
        __tracebackhide__ = True
        bench = self._bench
        if sample is not None:
            if payload is not None:
                raise TypeError("deputize_run takes a payload or a sample, not both")
            payload = read_sample(bench.project, sample)
        if script is None and bundle is None:
            raise TypeError("deputize_run takes a script, or a bundle that names one")
        try:
            return self._run(script, payload, bundle, user=as_user, kind=kind, in_process=in_process)
        except DeputizeError as error:
            raise error.with_traceback(None) from None

    def _run(
        self,
        script: str | Path | None,
        payload: JsonValue,
        named: str | Path | None,
        *,
        user: str | None,
        kind: str | None,
        in_process: bool | None,
    ) -> Run:
        __tracebackhide__ = True
        bench = self._bench
        path = None if named is None else bundle_path(named, folder=bench.folder)
        bundle = None if path is None else bundle_at(path, mode=bench.mode)
        if script is None:
            if bundle is None:
                raise TypeError(f"deputize_run: {path} is yet to be recorded; name the script that makes it")
            script = script_of(bundle, bench.project)
        source = find_script(str(script), project=bench.project)
        told = Told(
            script=source.name, file=source.shown_path, user=user or self._default_user(recorded=bundle)
        )
        bench.runs.append(told)
        tape = None
        if path is not None:
            tape = Tape(
                bundle,
                path=path,
                mode=bench.mode,
                user=told.user,
                clock=bench.clock,
                renamed={} if bundle is None else recorded_ids(bundle, source),
            )
        told.run = run = bench.resident.run(
            str(script),
            payload=payload,
            initiator=told.user,
            kind=kind,
            listener=told.entries.append,
            in_process=bench.in_process if in_process is None else in_process,
            tape=tape,
        )
        bench.require_answered(told)
        if tape is not None and tape.is_to_be_written(run):
            made = bench.resident.bundle_of(run)
            write_bundle(made, tape.path)
            bench.recorded.append(f"{tape.path}: {made.size} as {told.user}")
        return run

    def settled(self) -> tuple[StoredRun, ...]:
        """Wait until nothing runs any more, and return the runs that events have set off, in order."""
        return self._bench.settle()

    def _default_user(self, *, recorded: Bundle | None) -> str:
        __tracebackhide__ = True
        self._bench.asked_for_user = True
        if self._bench.user is None and recorded is not None:
            return recorded.run.initiator.id
        if self._bench.user is None:
            people = ", ".join(sorted(self._bench.project.file.users)) or "nobody"
            raise UnknownUser(
                "deputize_run: nobody is named to run the script as. Pass as_user=…, or run pytest with "
                f"--deputize-as=…. People: {people}."
            )
        return self._bench.user
