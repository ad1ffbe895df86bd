"""``deputize backup``: a copy of the database, while it is in use."""

import shlex
import sqlite3
from contextlib import closing

from sqlalchemy import make_url


def rows(path, query):
    with closing(sqlite3.connect(path)) as copy:
        return copy.execute(query).fetchall()


def test_a_copy_has_all_the_runs_and_nobody_else_may_read_it(deployed, folder, tmp_path):
    target = tmp_path / "copy.db"

    done = deployed("backup", str(target))

    assert (done.code, done.err) == (
        0,
        f"The master key is not in it: keep {folder / '.deputize/master.key'} as well, and apart from the "
        "copy.\n",
    )
    assert done.out == f"Backed up to {target}: {target.stat().st_size / 1024:,.0f} KiB.\n"
    assert target.stat().st_mode & 0o777 == 0o600
    assert rows(target, "SELECT count(*) FROM runs") == [(4,)]
    assert [each.name for each in tmp_path.iterdir() if "copy" in each.name] == ["copy.db"]


def test_the_key_is_not_in_the_copy_and_what_was_deleted_is_not_either(deployed, folder, tmp_path):
    deleted = "a-name-that-nobody-had-" + "x" * 40
    deployed("secret", "set", deleted, "--endpoint", "chat", stdin=b"value")
    with closing(sqlite3.connect(folder / ".deputize/deputize.db")) as database:
        database.execute("DELETE FROM secrets WHERE name = ?", (deleted,))
        database.execute("DELETE FROM audit WHERE target LIKE ?", (f"%{deleted}",))
        database.commit()

    deployed("backup", str(tmp_path / "copy.db"))

    held = (tmp_path / "copy.db").read_bytes()
    assert (folder / ".deputize/master.key").read_bytes().strip() not in held
    assert deleted.encode() not in held


def test_who_took_a_backup_is_in_the_audit_stream_and_in_the_copy(deployed, tmp_path):
    told = deployed("backup", str(tmp_path / "copy.db"), "--json").json

    assert told["bytes"] == (tmp_path / "copy.db").stat().st_size
    (record,) = deployed("audit", "--action", "backup.taken", "--json").json["data"]
    assert (record["actor"], record["target"]) == ("operator", "file:copy.db")
    assert rows(tmp_path / "copy.db", "SELECT target FROM audit WHERE action = 'backup.taken'") == [
        ("file:copy.db",)
    ]


def test_a_file_that_is_there_is_never_written_over(deployed, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("yesterday's")

    done = deployed("backup", str(target))

    assert done.code == 2
    assert done.err == (
        f"error[BACKUP_REFUSED]: {target}: there is a file already. Name one that is not there yet.\n"
    )
    assert target.read_text() == "yesterday's"


def test_a_folder_that_is_not_there_is_named(deployed, tmp_path):
    target = tmp_path / "nowhere" / "copy.db"

    done = deployed("backup", str(target))

    assert done.code == 2
    assert done.err == (
        f"error[BACKUP_REFUSED]: {target}: cannot be made: No such file or directory. Name a file in a folder "
        "that is there and that this user may write to.\n"
    )


def test_on_postgresql_the_command_to_use_is_named_without_a_password(
    deployed, folder, tmp_path, postgresql_url
):
    url = postgresql_url.replace("deputize@", "deputize:hunter2@")
    target = tmp_path / "copy.db"

    done = deployed("backup", str(target), DEPUTIZE_STORE=url)

    assert done.code == 2
    command = done.err.splitlines()[1].strip()
    assert shlex.split(command) == [
        "pg_dump",
        "--format=custom",
        f"--file={target}",
        str(make_url(postgresql_url).set(drivername="postgresql")),
    ]
    assert "hunter2" not in done.err + done.out
