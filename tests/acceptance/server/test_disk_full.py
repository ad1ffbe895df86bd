"""A disk that is full: nothing is acknowledged that is not kept, reads go on, and it mends by itself."""

import asyncio
import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import METRICS, Served, answered_within, ended, set_passwords, until

#: Gives the server's data a disk of its own, in a namespace of mounts that goes with the server.
MOUNT = """
mkdir -m 700 "$0" && mount -t tmpfs -o size=16m,mode=700 tmpfs "$0" && cp -p "$0.before"/* "$0" && exec "$@"
"""
#: Whoever is not root mounts as the root of a namespace, and is then again who they were.
AS_ROOT = ("unshare", "--mount", "sh", "-c", MOUNT)
AS_OTHERS = (
    *("unshare", "--map-root-user", "--mount", "sh", "-c"),
    MOUNT.replace("exec", f"exec unshare --user --map-user={os.getuid()} --map-group={os.getgid()}"),
)


@pytest.fixture
def small(project):
    """A server on a small disk, and the folder of its data as this process reaches it."""
    data = project / "data"
    server = Served(project, environment=METRICS, under=(*(AS_OTHERS if os.getuid() else AS_ROOT), data))
    before = Served(project)
    before.start()
    asyncio.run(set_passwords(data, "rob", "dana"))
    before.stop()
    data.rename(project / "data.before")
    server.start()
    try:
        yield server, Path(f"/proc/{server.process_id}/root{data}")
    finally:
        server.stop(kill=True)


def fill(disk):
    """Leave no byte free."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def test_a_full_disk_is_told_and_loses_nothing_that_was_acknowledged(small, tmp_path):
    served, disk = small
    path = served.path("simple")
    acknowledged = []

    with served.client(auth=("rob", "password of rob")) as rob, served.as_("dana") as dana:

        def sent(status):
            answer = rob.post(path, json={"properties": {"Text": "x" * 4000}})
            if answer.status_code == 202:
                acknowledged.append(answer.json()["requestId"])
            return answer if answer.status_code == status else None

        until(lambda: sent(202))
        assert rob.get("/readyz").status_code == 200
        # A log-in is noted, and one that cannot be is refused; this one is good for ten minutes.
        assert dana.get("/api/v1/runs").status_code == 200

        fill(disk)
        refused = until(lambda: sent(503))
        assert refused.json()["code"] == "STORE_UNAVAILABLE"
        assert int(refused.headers["Retry-After"]) > 0
        unready = until(lambda: (answer := rob.get("/readyz")).status_code == 503 and answer)
        assert unready.json()["checks"] == {"accepting": True, "database": False, "sandbox": True}
        for each in acknowledged:
            shown = dana.get(f"/api/v1/runs/{each}")
            assert shown.status_code == 200, shown.text
        assert rob.get("/healthz").status_code == 200

        (disk / "filler").unlink()
        until(lambda: sent(202))
        until(lambda: rob.get("/readyz").status_code == 200)
        for each in acknowledged:
            until(lambda: ended(dana.get(f"/api/v1/runs/{each}").json()))  # noqa: B023 - waited for at once
        # Two seconds are what it takes, ten what a busy machine may make of them.
        within, everything = answered_within(rob, "10.0")
        assert within == everything
        # SQLite itself would follow the link out of the namespace.
        for each in ("copy.db", "copy.db-wal"):
            shutil.copy(disk / each.replace("copy", "deputize"), tmp_path / each)
        with closing(sqlite3.connect(tmp_path / "copy.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
