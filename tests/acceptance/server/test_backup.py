"""A backup that is taken under load has every run that was acknowledged before it began."""

import shutil
import sqlite3
import threading
from contextlib import closing

from .conftest import ended, until


def test_a_backup_under_load_restores_every_acknowledged_run(served, tmp_path):
    path, auth = served.path("simple"), ("rob", "password of rob")
    acknowledged, enough = [], threading.Event()

    def send():
        with served.client(auth=auth) as client:
            while not enough.is_set():
                answer = client.post(path, json={"properties": {}})
                assert answer.status_code == 202, answer.text
                acknowledged.append(answer.json()["requestId"])

    sending = [threading.Thread(target=send) for _ in range(4)]
    for each in sending:
        each.start()
    try:
        until(lambda: len(acknowledged) >= 20)
        before = list(acknowledged)
        served.command("backup", str(tmp_path / "copy.db"))
        # The load went on while it was taken.
        assert len(acknowledged) > len(before)
    finally:
        enough.set()
        for each in sending:
            each.join()
    served.stop(kill=True)

    # As the page of the server says it.
    shutil.copy(tmp_path / "copy.db", served.data / "deputize.db")
    for beside in ("deputize.db-wal", "deputize.db-shm"):
        (served.data / beside).unlink(missing_ok=True)
    with closing(sqlite3.connect(served.data / "deputize.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    served.start()

    with served.as_("dana") as client:
        for each in before:
            run = client.get(f"/api/v1/runs/{each}")
            assert run.status_code == 200, run.text
            until(lambda: ended(client.get(f"/api/v1/runs/{each}").json()))  # noqa: B023 - waited for at once
