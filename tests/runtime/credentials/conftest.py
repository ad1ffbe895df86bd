"""A clock that stands still, and a password hash that counts its work."""

import hashlib
import threading
from dataclasses import dataclass, field

import pytest

from deputize.credentials.passwords import Passwords


@dataclass
class Seconds:
    """A clock of seconds that stands still until it is moved."""

    now: float = 1000.0

    def __call__(self):
        return self.now

    def forward(self, seconds):
        self.now += seconds


@dataclass
class CountingHasher:
    """A quick password hash that counts what it is asked, and waits while it is held."""

    hashed: int = 0
    verified: int = 0
    threads: set = field(default_factory=set)
    _open: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self._open.set()

    def hold(self):
        self._open.clear()

    def release(self):
        self._open.set()

    def hash(self, password):
        self.hashed += 1
        return f"{self.hashed}${hashlib.sha256(password).hexdigest()}"

    def verify(self, password, hash):  # noqa: A002 - the name that pwdlib gives it
        self.verified += 1
        self.threads.add(threading.current_thread().name)
        assert self._open.wait(timeout=30)
        return hash.partition("$")[2] == hashlib.sha256(password).hexdigest()


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def hasher():
    return CountingHasher()


@pytest.fixture
async def passwords(hasher, seconds):
    pool = Passwords(hasher=hasher, threads=1, waiting=2, remembered_seconds=60, monotonic=seconds)
    yield pool
    hasher.release()
    await pool.close()
