"""Where the commands find the data of a deployment, and what they say when it is not there."""

import shutil

from deputize.credentials.master_key import MasterKey


def test_the_data_lies_beside_the_project_wherever_one_is_in_it(deployed):
    deployed.folder = deployed.folder / "scripts"

    assert deployed("runs").out.count("\n") == 5


def test_the_data_may_be_named_without_a_project(process, tmp_path):
    data = process.folder / ".deputize"
    process.folder = tmp_path

    assert process("runs", "--data", str(data)).out.count("\n") == 5
    assert process("runs", DEPUTIZE_DATA=str(data)).out.count("\n") == 5


def test_database_and_key_may_be_elsewhere(deployed, tmp_path):
    data = deployed.folder / ".deputize"
    key, store = (data / "master.key").read_text(), f"sqlite+aiosqlite:///{data}/deputize.db"
    deployed.folder = tmp_path

    assert deployed("runs", DEPUTIZE_KEY=key, DEPUTIZE_STORE=store).out.count("\n") == 5


def test_without_a_project_it_is_said_how_to_name_the_data(deployed, tmp_path):
    deployed.folder = tmp_path

    ended = deployed("runs")
    assert ended.code == 2
    assert ended.err == (
        f"error[PROJECT_NOT_FOUND]: {tmp_path}: no deputize.toml here or in a folder above. Make a project "
        "with `deputize init NAME`, or name one with --project DIR. Or name the folder of the data with "
        "--data DIR.\n"
    )


def test_looking_makes_no_data(deployed):
    shutil.rmtree(deployed.folder / ".deputize")

    ended = deployed("runs")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"error[DATA_NOT_FOUND]: {deployed.folder}/.deputize: no data of a server here. `deputize serve` "
        "makes it when it first starts; name another folder with --data DIR. Runs of `deputize run` are not kept.\n"
    )
    assert not (deployed.folder / ".deputize").exists()


def test_another_key_than_the_one_of_the_data_is_refused(deployed):
    ended = deployed("runs", DEPUTIZE_KEY=MasterKey.generate().text())

    assert ended.code == 2
    assert ended.err.startswith("error[KEY_DIFFERS]: ")


def test_a_setting_that_means_nothing_is_named_without_its_value(deployed):
    ended = deployed("runs", DEPUTIZE_CONCURRENCY="many")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "error[SETTINGS_INVALID]: DEPUTIZE_CONCURRENCY: input should be a valid integer, unable to parse "
        "string as an integer.\n"
    )


def test_a_database_that_does_not_answer_has_an_exit_code_of_its_own(deployed):
    ended = deployed("runs", "--json", DEPUTIZE_STORE="postgresql+psycopg://u:hidden@127.0.0.1:1/x")

    assert (ended.code, ended.json["error"]["code"]) == (7, "STORE_UNAVAILABLE")
    assert "hidden" not in ended.out + ended.err
