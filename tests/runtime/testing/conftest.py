"""The project on which the plugin is tried, with its own fixtures."""

from pathlib import Path

import pytest

#: Scripts are test data: no test is looked for in them.
collect_ignore_glob = ["project/*"]


@pytest.fixture
def deputize_project():
    return Path(__file__).parent / "project"


@pytest.fixture
def deputize_user():
    return "dana"


@pytest.fixture
def call(deputize_run):
    """``call("Desk", "/notes", method="POST")``: what came of one call of a script, and the run."""

    def call(endpoint, path, *, method="GET", **more):
        return deputize_run("call", payload={"endpoint": endpoint, "path": path, "method": method}, **more)

    return call
