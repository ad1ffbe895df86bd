"""Fixtures that every test may use: a clock, and a database of either kind.

``database`` runs a test on SQLite and on PostgreSQL. PostgreSQL is a real server: the first test
that needs it starts one of its own, on a socket in a folder of its own, and all processes of the
test run share it. Each holds a shared lock on a file; a process beside them waits for the exclusive
one, so that the server ends with the last of them, however that one ends. Every test has a database
to itself, copied from a template that was migrated once, or left empty by the test before.
"""

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deputize.store import Database
from deputize.store.address import Address
from deputize.store.tables import metadata
from deputize.store.upgrade import upgrade

_TEMPLATE = "deputize_template"
#: What a power cut leaves is of no interest here.
_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "deadlock_timeout=50ms",
    "listen_addresses=",
)
#: Of a server that is killed: it keeps what it has confirmed, if the machine goes on.
_OWN_SETTINGS = ("fsync=off", "listen_addresses=")
#: Nobody sorts by code points, so that a column that relies on the database's order is found out.
_LOCALE = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


_FORGET_JOBS = """
DO $$ BEGIN
  IF to_regclass('dbos.workflow_status') IS NOT NULL THEN
    DELETE FROM dbos.workflow_input; DELETE FROM dbos.workflow_status;
  END IF;
END $$
"""


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default=datetime(2018, 4, 17, 20, 2, 47, 476_000, tzinfo=UTC))

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of a new database, on one store and then on the other."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/deputize.db"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
async def database(database_url, clock):
    """An open database, on one store and then on the other."""
    database = Database(database_url, clock=clock)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def postgresql_url(postgresql):
    """The address of a migrated database of PostgreSQL without a row."""
    name = postgresql.take()
    yield postgresql.url(name)
    postgresql.give_back(name)


@pytest.fixture
def empty_postgresql_url(postgresql):
    """The address of a new database of PostgreSQL without any table."""
    name = f"test_{uuid4().hex}"
    postgresql.do(f"CREATE DATABASE {name}")
    yield postgresql.url(name)
    postgresql.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory, worker_id):
    """The server, which all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with (shared / "postgresql.users").open("w") as users, (shared / "postgresql.start").open("w") as start:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(start, fcntl.LOCK_EX)
        place = shared / "postgresql.folder"
        if not (place.is_file() and Path(place.read_text()).exists()):
            place.write_text(str(_start_server(users)))
        server = Server(Path(place.read_text()))
        fcntl.flock(start, fcntl.LOCK_UN)
        yield server


@pytest.fixture
def wire(postgresql):
    """A way to the server that may stand still, and the name of a migrated database there."""
    wire = Wire(postgresql)
    name = postgresql.take()
    yield wire, name
    wire.close()
    postgresql.give_back(name)


@pytest.fixture
def own_postgresql(tmp_path):
    """A server that belongs to the test, which may end it at any time; what it has confirmed, it keeps."""
    with own_server(tmp_path) as server:
        yield server


@contextmanager
def own_server(folder, settings=_OWN_SETTINGS):
    """A server that ends with the context, or with the process; *folder* is for its lock."""
    with (folder / "postgresql.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield OwnServer(_start_server(users, settings))


class Wire:
    """A way over TCP to a server of PostgreSQL that may stand still: it carries nothing then, and closes nothing."""

    def __init__(self, server):
        self._place = f"{server.folder}/.s.PGSQL.5432"
        self._carries = threading.Event()
        self._carries.set()
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._begin(self._accept)

    def url(self, name):
        """The address of a database at the other end."""
        return f"postgresql+psycopg://deputize@127.0.0.1:{self._listener.getsockname()[1]}/{name}"

    def stand_still(self):
        self._carries.clear()

    def go_on(self):
        self._carries.set()

    def close(self):
        self._carries.set()
        for each in (self._listener, *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _begin(self, doing, *arguments):
        threading.Thread(target=doing, args=arguments, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._sockets.append(near)
                self._begin(self._connect, near)

    def _connect(self, near):
        self._carries.wait()
        far = socket.socket(socket.AF_UNIX)
        self._sockets.append(far)
        try:
            far.connect(self._place)
        except OSError:
            near.close()
            return
        self._begin(self._carry, near, far)
        self._carry(far, near)

    def _carry(self, source, sink):
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self._carries.wait()
                sink.sendall(data)
        self._carries.wait()
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


class Server:
    """A running server, and how it is talked to."""

    def __init__(self, folder):
        self.folder = folder
        self._spare = []

    def url(self, name):
        return f"postgresql+psycopg://deputize@/{name}?host={self.folder}"

    def do(self, statement, parameters=None, *, name="postgres"):
        with psycopg.connect(f"host={self.folder} user=deputize dbname={name}", autocommit=True) as admin:
            admin.execute(statement, parameters)

    def ask(self, statement, parameters=None, *, name="postgres"):
        """Return the rows of an answer."""
        with psycopg.connect(f"host={self.folder} user=deputize dbname={name}", autocommit=True) as admin:
            return admin.execute(statement, parameters).fetchall()

    def end_connections(self, name):
        """Cut off whoever is connected to a database."""
        self.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def take(self):
        """Return the name of a migrated database without a row; making one takes half a second."""
        if self._spare:
            return self._spare.pop()
        name = f"test_{uuid4().hex}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def give_back(self, name):
        """Empty a database, whoever still uses it, for the next test."""
        self.end_connections(name)
        self.do("; ".join(str(table.delete()) for table in reversed(metadata.sorted_tables)), name=name)
        self.do(_FORGET_JOBS, name=name)
        self._spare.append(name)


class OwnServer(Server):
    """A server that ends and comes back."""

    def new_url(self):
        """Return the address of a new, migrated database."""
        return self.url(self.take())

    def stop(self):
        """End it as if it had been killed, with all its connections."""
        self._control("stop", "--mode=immediate")

    def start(self):
        """Start it again, and wait until it has recovered."""
        settings = [f"-c {each}" for each in (*_OWN_SETTINGS, f"unix_socket_directories={self.folder}")]
        self._control("start", "--wait", f"--log={self.folder}/log", "-o", " ".join(settings))

    def _control(self, *arguments):
        subprocess.run(
            [_binaries() / "pg_ctl", *arguments, f"--pgdata={self.folder}/data"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            check=True,
            **_unprivileged(self.folder),
        )


def _start_server(users, settings=_SETTINGS):
    binaries = _binaries()
    # Not below pytest's folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="deputize-pg-"))
    owner = _unprivileged(folder)
    data = folder / "data"
    settings = [f"-c {setting}" for setting in (*settings, f"unix_socket_directories={folder}")]
    for command in (
        ["initdb", f"--pgdata={data}", "--username=deputize", "--auth=trust", "--no-sync", *_LOCALE],
        ["pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={folder}/log", "-o", " ".join(settings)],
    ):
        # Not through a pipe, which the server would hold open.
        with (folder / "output").open("a+") as output:
            done = subprocess.run(
                [binaries / command[0], *command[1:]],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                check=False,
                **owner,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()
    # Opened anew: a lock belongs to an open file, and this one is to be another's.
    with Path(users.name).open() as waited_for:
        stop = f"'{binaries}/pg_ctl' stop --mode=immediate --pgdata='{data}'; rm -rf '{folder}'"
        subprocess.run(
            ["sh", "-c", f"{{ flock --exclusive {waited_for.fileno()}; {stop}; }} &"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[waited_for.fileno()],
            start_new_session=True,
            cwd="/",
            check=True,
            **owner,
        )
    server = Server(folder)
    server.do(f"CREATE DATABASE {_TEMPLATE}")
    upgrade(Address.of(server.url(_TEMPLATE)))
    return folder


def _binaries():
    """Return the folder of PostgreSQL's own programs, which Debian keeps out of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = [path for path in reversed(debian) if (path / "initdb").is_file()]
    in_path = shutil.which("initdb")
    if in_path is not None:
        found.append(Path(in_path).resolve().parent)
    if not found:
        pytest.fail(
            "PostgreSQL is not installed, and these tests run on a real one: there is no initdb in PATH "
            "or in /usr/lib/postgresql/*/bin. Install the package postgresql.",
            pytrace=False,
        )
    return found[0]


def _unprivileged(folder):
    """Return how to run a command as somebody whom PostgreSQL accepts: anybody but root."""
    if os.getuid() != 0:
        return {}
    names = {each.pw_name: each for each in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
