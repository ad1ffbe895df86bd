"""``deputize prune``: what the project does not keep is removed."""

import sqlite3
from contextlib import closing


def test_what_is_too_old_is_removed_and_counted(deployed, folder):
    with (folder / "deputize.toml").open("a") as file:
        file.write("\n[retention]\nruns_days = 30\ndenied_days = 7\n")
    with closing(sqlite3.connect(folder / ".deputize/deputize.db")) as database:
        database.execute("UPDATE runs SET finished = queued WHERE state <> 'QUEUED'")
        database.commit()

    done = deployed("prune")

    assert (done.code, done.err) == (0, "")
    assert done.out == "Removed: 2 runs, 1 denied requests, 0 events, 0 audit records.\n"
    assert [each["state"] for each in deployed("runs", "--json").json["data"]] == ["QUEUED"]
    assert deployed("prune", "--json").json == {"runs": 0, "denied": 0, "events": 0, "audit": 0}


def test_without_a_retention_nothing_is_removed_and_that_is_told(deployed):
    done = deployed("prune")

    assert done.out == "Removed: 0 runs, 0 denied requests, 0 events, 0 audit records.\n"
    assert done.err == "Runs are kept for ever: set runs_days below [retention] in deputize.toml.\n"
    assert len(deployed("runs", "--json").json["data"]) == 4


def test_a_retention_that_means_nothing_is_refused(deployed, folder):
    with (folder / "deputize.toml").open("a") as file:
        file.write("\n[retention]\nruns_days = 0\n")

    done = deployed("prune")

    assert done.code == 2
    assert "retention.runs_days: Input should be greater than or equal to 1 (value: 0)." in done.err
