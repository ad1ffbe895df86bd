"""``deputize schema``, ``version`` and the bare command."""

import platform
import tomllib

import jsonschema
import pytest

from deputize import __version__


@pytest.mark.parametrize("name", ["activity", "run", "project"])
def test_each_schema_is_a_schema(deputize, name):
    ended = deputize("schema", name)

    assert (ended.code, ended.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(ended.json)


def test_the_schema_of_an_entry_is_what_is_meant_when_none_is_named(deputize):
    assert deputize("schema").out == deputize("schema", "activity", "--json").out


def test_the_sample_project_fits_the_schema_of_projects(deputize, project):
    schema = deputize("schema", "project").json

    jsonschema.validate(tomllib.loads((project / "deputize.toml").read_text(encoding="utf-8")), schema)


def test_an_unknown_schema_is_answered_with_the_nearest_name(deputize):
    ended = deputize("schema", "activty")

    assert ended.code == 2
    assert ended.err == (
        'error[UNKNOWN_SCHEMA]: there is no schema "activty". Did you mean "activity"? '
        "Schemas: activity, run, project.\n"
    )


def test_version_names_the_product_and_its_python(deputize):
    assert deputize("version").out == f"deputize {__version__} (Python {platform.python_version()})\n"
    assert deputize("--version").out == deputize("version").out
    assert deputize("version", "--json").json == {
        "version": __version__,
        "python": platform.python_version(),
    }


def test_the_bare_command_shows_its_help(deputize):
    assert deputize().out == deputize("--help").out


def test_an_unknown_command_is_answered_with_the_nearest_one(deputize):
    ended = deputize("docter")

    assert ended.code == 2
    assert (
        ended.err == "error[USAGE]: No such command 'docter'. Did you mean 'doctor'? See `deputize --help`.\n"
    )


def test_help_loads_neither_the_runtime_nor_rich(deputize):
    import subprocess
    import sys

    code = (
        "import sys, contextlib, io\n"
        "from deputize.cli.app import run_command_line\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    run_command_line(['--help'])\n"
        "print([m for m in ('rich.console', 'pydantic', 'httpx', 'sqlalchemy') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
