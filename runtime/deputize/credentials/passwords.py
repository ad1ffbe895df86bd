"""Hashes and verifies passwords with Argon2id, a bounded number at a time.

Theory of operation. One verification takes about a tenth of a second of processor time and 64 MiB. It
runs in a small pool of threads (Argon2 releases the interpreter's lock), so that requests which need no
password go on meanwhile; no more than ``waiting`` stand in the queue, and whoever comes then is told
that it is ``Busy``. Where there is nothing to verify against – nobody of that name, a disabled account –
a dummy is verified, so that the work says nothing about who exists. The same password presented many
times at once is verified once, and one that was right is remembered for a minute: see
``RememberedPasswords``. A wrong one never is.
"""

import asyncio
import os
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from deputize.credentials.remembered import RememberedPasswords

_T = TypeVar("_T")

#: Verifications that may wait for a thread.
WAITING = 32
#: Seconds for which a password that was right is not hashed again.
REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 4096
_RETRY_SECONDS = 2


class Hasher(Protocol):
    """A password hash, as ``pwdlib`` has it."""

    def hash(self, password: bytes) -> str:
        """Return what is stored for *password*."""
        ...

    def verify(self, password: bytes, hash: str) -> bool:  # noqa: A002 - the name that pwdlib gives it
        """Whether *password* is the one that was hashed."""
        ...


def argon2() -> Hasher:
    """Return Argon2id with the memory and passes of RFC 9106, and one lane: a check takes one processor."""
    return PasswordHash((Argon2Hasher(time_cost=3, memory_cost=64 * 1024, parallelism=1),))


class Verdict(Enum):
    """Whether a password was the right one."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Too many passwords are being checked; this one was not looked at."""

    #: Seconds after which to try again.
    retry_after: int


Check: TypeAlias = Verdict | Busy


class Passwords:
    """The pool. Used within one event loop; ``close`` it at the end."""

    def __init__(
        self,
        *,
        hasher: Hasher | None = None,
        threads: int | None = None,
        waiting: int = WAITING,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the hash and the bounds of the pool; *threads* is by default half of the processors."""
        self._hasher = argon2() if hasher is None else hasher
        count = max(1, (os.cpu_count() or 1) // 2) if threads is None else threads
        self._pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="passwords")
        self._room = threading.Semaphore(count + waiting)
        self._remembered = RememberedPasswords(
            seconds=remembered_seconds, most=_MOST_REMEMBERED, monotonic=monotonic
        )
        self._under_way: dict[bytes, Future[bool]] = {}
        self._dummy = self._hasher.hash(secrets.token_bytes())

    async def hash(self, password: str) -> str | Busy:
        """Return what is stored for *password*."""
        content = _bytes(password)
        submitted = self._submit(lambda: self._hasher.hash(content))
        if isinstance(submitted, Busy):
            return submitted
        return await _result(submitted)

    async def verify(self, password: str, stored: str | None) -> Check:
        """Return whether *password* is the one of the *stored* hash.

        Without a stored hash the answer is WRONG, after as much work as any other.
        """
        content = _bytes(password)
        compared = self._dummy if stored is None else stored
        digest = self._remembered.digest(compared, content)
        if self._remembered.has(digest):
            return Verdict.RIGHT
        future = self._under_way.get(digest)
        if future is None:
            submitted = self._submit(lambda: self._hasher.verify(content, compared))
            if isinstance(submitted, Busy):
                return submitted
            future = self._under_way[digest] = submitted
        try:
            right = await _result(future)
        finally:
            if self._under_way.get(digest) is future:
                del self._under_way[digest]
        if not right or stored is None:
            return Verdict.WRONG
        self._remembered.add(digest)
        return Verdict.RIGHT

    async def close(self) -> None:
        """Finish what is under way and end the threads."""
        await asyncio.to_thread(self._pool.shutdown)

    def _submit(self, work: Callable[[], _T]) -> "Future[_T] | Busy":
        if not self._room.acquire(blocking=False):
            return Busy(retry_after=_RETRY_SECONDS)
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        return future


async def _result(future: "Future[_T]") -> _T:
    # A caller who goes away takes nothing along: others may wait for the same result.
    return await asyncio.shield(asyncio.wrap_future(future))


def _bytes(password: str) -> bytes:
    """Return *password* so that the same characters are the same bytes (NFC, RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
