"""The sandbox: compiles and runs scripts that nobody trusts, each in a process of its own."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Final, Self

from deputize_sandbox.capability import Answer, CallHandler, GuestCall, Provided
from deputize_sandbox.code_cache import CodeCache
from deputize_sandbox.compilation import compiled_script, sha256_of
from deputize_sandbox.errors import JailUnavailable, ProtocolViolation, SandboxClosed, ZygoteFailed
from deputize_sandbox.jail.build import build
from deputize_sandbox.jail.profile import JailProfile, profiles
from deputize_sandbox.jail.report import JailReport, LayerReport, Tier
from deputize_sandbox.limits import SandboxLimits
from deputize_sandbox.outcome import Crashed, Faulted, Outcome, Usage, settled
from deputize_sandbox.script import CompiledScript, Rejected
from deputize_sandbox.supervisor.conversation import Clock, Conversation
from deputize_sandbox.supervisor.frames import encode
from deputize_sandbox.supervisor.guest_program import GuestProgram
from deputize_sandbox.supervisor.pool import Pool, PoolSize

#: What compiling one script may use; the runs of the script have limits of their own.
_COMPILE_LIMITS: Final = SandboxLimits(wall_seconds=20.0, cpu_seconds=10, memory_mb=256)


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """Runs scripts in guests: jailed processes of their own, used once.

    ::

        async with Sandbox() as sandbox:
            script = await sandbox.compile(source, filename="script.py")
            outcome = await sandbox.run(script, provide={}, handler=handler, limits=SandboxLimits())

    With *allow_contained* a machine without namespaces or Landlock will do: ``report`` says so. *modules* are
    pure modules of the application that scripts may import, each with the names that are safe. *clock* tells
    the time that scripts see.
    """

    def __init__(
        self,
        *,
        allow_contained: bool = False,
        modules: Mapping[str, Sequence[str]] = MappingProxyType({}),
        size: PoolSize | None = None,
        clock: Clock = _now,
    ) -> None:
        self._allow_contained = allow_contained
        self._modules = {name: tuple(names) for name, names in modules.items()}
        self._size = size or PoolSize()
        self._clock = clock
        self._cache = CodeCache()
        self._pool: Pool | None = None

    async def __aenter__(self) -> Self:
        """Build the jail and prove it. Raises JailUnavailable where a layer is missing, ZygoteFailed."""
        self._pool = await Pool.open(
            self._program(),
            self._profiles(),
            allow_contained=self._allow_contained,
            size=self._size,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill the guests that still run, and leave no process behind."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @property
    def report(self) -> JailReport:
        """What became of each layer of the jail."""
        return self._open_pool.report

    @property
    def edition(self) -> str:
        """What makes the code of scripts now: a fingerprint of interpreter and rules."""
        return self._open_pool.edition

    @property
    def zygote(self) -> int | None:
        """The number of the process that forks guests now; None while there is none."""
        return self._open_pool.zygote

    async def available(self) -> bool:
        """Return whether guests can be had now; where the zygote died, another one is started first."""
        return await self._open_pool.available()

    async def ready(self) -> None:
        """Wait until guests are parked as the size says; runs need not wait for that."""
        await self._open_pool.wait_full()

    async def compile(
        self, source: str, *, filename: str, shared: Mapping[str, str] = MappingProxyType({})
    ) -> CompiledScript | Rejected:
        """Compile *source* in a guest, or return what is wrong with it. Nothing of it is executed.

        *shared* are the sources of the libraries that it may import, by name.
        """
        pool = self._open_pool
        digest = sha256_of(source)
        libraries = tuple((name, sha256_of(text)) for name, text in sorted(shared.items()))
        key = (digest, filename, pool.edition, libraries)
        compiled = self._cache.get(key)
        if compiled is None:
            edition = pool.edition
            job = encode({"do": "compile", "source": source, "filename": filename, "shared": dict(shared)})
            answer = await (await self._conversation(_Nobody(), _COMPILE_LIMITS)).compile(job)
            compiled = compiled_script(
                answer, source=source, filename=filename, shared=shared, sha256=digest, edition=edition
            )
            if not isinstance(answer, Crashed):
                self._cache.put(key, compiled)
        return compiled

    async def run(
        self,
        script: CompiledScript,
        *,
        provide: Mapping[str, Provided],
        handler: CallHandler,
        limits: SandboxLimits,
        seed: str | None = None,
        now: datetime | None = None,
    ) -> Outcome:
        """Run *script* in a guest of its own and return how that ended.

        *provide* fills the parameters of ``main``. The same *seed*, *now* and answers give the same run;
        None: another seed each time, the clock's time. Raises JailUnavailable, ZygoteFailed or
        GuestUnavailable when no guest can be had; then nothing of the script was executed.
        """
        if script.edition != self._open_pool.edition:
            # Kept from before an upgrade: other rules, perhaps another interpreter.
            again = await self.compile(script.source, filename=script.filename, shared=script.libraries)
            if isinstance(again, Rejected):
                return _no_longer_allowed(again)
            script = again
        job = encode(
            {
                "provide": {name: {"kind": each.kind, "value": each.value} for name, each in provide.items()},
                "seed": seed or os.urandom(16).hex(),
                "recursion": limits.recursion,
                "message_bytes": limits.message_bytes,
                "now": (now or self._clock()).isoformat(),
            },
            before=script.job,
        )
        return await (await self._conversation(handler, limits)).run(job)

    @property
    def _open_pool(self) -> Pool:
        if self._pool is None:
            raise SandboxClosed("this sandbox is not open. Use it inside `async with Sandbox() as sandbox:`.")
        return self._pool

    async def _conversation(self, handler: CallHandler, limits: SandboxLimits) -> Conversation:
        pool = self._open_pool
        guest = await pool.take()
        return Conversation(guest, handler=handler, limits=limits, clock=self._clock, pool=pool)

    # What a test may replace

    def _program(self) -> GuestProgram:
        return GuestProgram(modules=self._modules)

    def _profiles(self) -> Sequence[JailProfile]:
        return profiles()


async def examine(*, allow_contained: bool = False) -> JailReport:
    """Return what jail this machine can build, each layer proved. Never raises for a missing one."""
    try:
        jail = await build(GuestProgram(), profiles(), allow_contained=allow_contained)
    except JailUnavailable as error:
        return error.report
    except (ZygoteFailed, ModuleNotFoundError) as error:
        layer = LayerReport(name="zygote", ok=False, detail=str(error))
        return JailReport(tier=Tier.REFUSED, layers=(layer,))
    await jail.zygote.close()
    return jail.report


class _Nobody:
    """Answers what compiling has to ask: nothing."""

    async def ask(self, call: GuestCall) -> Answer:
        raise ProtocolViolation(f"a call of {call.capability} while compiling")

    async def tell(self, call: GuestCall) -> None:
        raise ProtocolViolation(f"a message to {call.capability} while compiling")


def _no_longer_allowed(rejected: Rejected) -> Faulted:
    first = rejected.diagnostics[0]
    return Faulted(
        type="ScriptRejected",
        message=f"line {first.line}: {first.code}: {first.message}",
        traceback=(),
        usage=settled(Usage()),
    )
