"""The data of a deployment: made at the first start, and never opened with another key."""

import re
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from deputize.credentials.key_file import KeyFileMissing
from deputize.credentials.master_key import MasterKey
from deputize.deployment import KeyDiffers, data_folder, open_deployment
from deputize.project.changes import Changes
from deputize.settings import Settings

pytestmark = pytest.mark.anyio


def clock():
    return datetime(2026, 11, 25, tzinfo=UTC)


async def opened(folder, settings=None):
    async with open_deployment(settings or Settings(), folder=folder, clock=clock) as deployment:
        return deployment.key


async def test_the_first_start_makes_a_database_and_a_key_that_nobody_else_reads(tmp_path):
    folder = tmp_path / "data"
    key = await opened(folder)

    assert await opened(folder) == key
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.name for path in folder.iterdir()} >= {"deputize.db", "master.key"}


async def test_a_later_start_without_the_key_file_is_refused(tmp_path):
    folder = tmp_path / "data"
    await opened(folder)
    (folder / "master.key").unlink()

    with pytest.raises(KeyFileMissing, match=re.escape(str(folder / "master.key"))):
        await opened(folder)
    assert not (folder / "master.key").exists()


async def test_another_key_than_the_one_it_was_written_with_is_refused(tmp_path):
    folder = tmp_path / "data"
    await opened(folder)
    other = Settings(key=SecretStr(MasterKey.generate().text()))

    with pytest.raises(KeyDiffers) as refused:
        await opened(folder, other)
    assert str(folder / "master.key") in str(refused.value)


async def test_the_key_of_the_settings_needs_no_file(tmp_path):
    settings = Settings(key=SecretStr(MasterKey.generate().text()))
    await opened(tmp_path / "data", settings)

    assert not (tmp_path / "data" / "master.key").exists()


async def test_taking_a_project_over_does_not_forget_the_key(tmp_path):
    async with open_deployment(Settings(), folder=tmp_path / "data", clock=clock) as deployment:
        gone = await deployment.database.write(lambda tx: Changes(tx).gone())

    assert gone == []
    await opened(tmp_path / "data")


def test_the_folder_is_the_one_that_is_named_first(tmp_path):
    named, configured = tmp_path / "named", tmp_path / "configured"

    assert data_folder(Settings(data=configured), project_root=tmp_path, data=named) == named
    assert data_folder(Settings(data=configured), project_root=tmp_path, data=None) == configured
    assert data_folder(Settings(), project_root=tmp_path, data=None) == tmp_path / ".deputize"
