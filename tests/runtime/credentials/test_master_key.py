"""The key of a deployment, and the file that holds it."""

import os
import pickle
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.credentials.key_file import KeyFileMissing, KeyFileUnsafe, open_key_file
from deputize.credentials.master_key import KeyInvalid, MasterKey


def test_the_first_start_makes_a_key_that_only_its_owner_may_read(tmp_path):
    path = tmp_path / "data" / "key"

    key = open_key_file(path, first_start=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text() == key.text() + "\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_later_start_reads_the_same_key(tmp_path):
    made = open_key_file(tmp_path / "key", first_start=True)

    assert open_key_file(tmp_path / "key", first_start=False) == made


def test_a_first_start_keeps_a_key_that_is_there(tmp_path):
    made = open_key_file(tmp_path / "key", first_start=True)

    assert open_key_file(tmp_path / "key", first_start=True) == made


def test_a_later_start_without_the_key_is_refused_and_makes_none(tmp_path):
    with pytest.raises(KeyFileMissing) as refused:
        open_key_file(tmp_path / "key", first_start=False)

    assert str(refused.value) == (
        f"the key file {tmp_path}/key is missing, and there is data that was written with its key. "
        "Put it back from your backup, or give its content in DEPUTIZE_KEY."
    )
    assert list(tmp_path.iterdir()) == []


def test_of_two_first_starts_at_once_the_first_key_counts(tmp_path, monkeypatch):
    other = MasterKey.generate()
    link = os.link

    def overtaken(source, target):
        target.write_text(other.text())
        target.chmod(0o600)
        link(source, target)

    monkeypatch.setattr(os, "link", overtaken)

    assert open_key_file(tmp_path / "key", first_start=True) == other


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_others_may_open_is_refused(tmp_path, mode):
    path = tmp_path / "key"
    open_key_file(path, first_start=True)
    path.chmod(mode)

    with pytest.raises(KeyFileUnsafe) as refused:
        open_key_file(path, first_start=True)

    assert str(refused.value) == (
        f"the key file {path} must be a file that belongs to the user who runs Deputize and that nobody else "
        f"may read; it has the mode {mode:04o} and the owner {os.geteuid()}. Change it: chmod 600."
    )


@pytest.mark.parametrize(
    "text",
    ["", "\n", "secret", "A" * 42, "A" * 44, "A" * 86 + "==", "ключ", "A" * 43 + "=" + "A"],
)
def test_what_is_no_key_is_refused_and_not_shown(text):
    with pytest.raises(KeyInvalid) as refused:
        MasterKey.parse(text, where="DEPUTIZE_KEY")

    assert str(refused.value) == (
        "DEPUTIZE_KEY holds no key: a key is 32 bytes in base64url, 44 characters. Put back the one that "
        "this deployment was started with."
    )


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written(value):
    key = MasterKey(value)

    assert MasterKey.parse(f" {key.text()}\n", where="a test") == key


def test_a_key_shows_itself_nowhere():
    key = MasterKey(b"k" * 32)

    assert repr(key) == f"‹master key {key.fingerprint[:8]}›"
    assert key.text() not in f"{key} {key!r} {key.fingerprint}"
    with pytest.raises(TypeError, match=r"^‹master key [0-9a-f]{8}› cannot be pickled$"):
        pickle.dumps(key)


def test_purposes_and_keys_have_nothing_in_common():
    keys = MasterKey(b"k" * 32), MasterKey(b"l" * 32)

    derived = {key.derive(purpose) for key in keys for purpose in ("one", "two")}

    assert len(derived) == 4
    assert keys[0].fingerprint != keys[1].fingerprint
