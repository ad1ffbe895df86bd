"""The hooks and fixtures of pytest. Nothing of the product is imported before a fixture is used."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from pydantic import JsonValue

    from deputize.testing.bench import Bench
    from deputize.testing.clock import MovableClock
    from deputize.testing.mocks import EndpointMocks
    from deputize.testing.residents import Residents
    from deputize.testing.runs import ScriptRuns

_PROJECT: Final = "deputize_project"
_USERS: Final = "--deputize-as"
_IN_PROCESS: Final = "--deputize-in-process"
_RECORD: Final = "--deputize-record"
#: As ``RecordMode`` has them.
_MODES: Final = ("none", "missing", "all")
#: Under which a report tells what was recorded, from whichever process.
_RECORDED: Final = "deputize_recorded"
_MARKER: Final = "deputize_as"
_USER: Final = "deputize_user"
_RUN: Final = "deputize_run"

#: What a test has for itself, where it has used one of the fixtures.
BENCH: Final = pytest.StashKey["Bench"]()
#: The test that is going on.
_CURRENT: Final = pytest.StashKey["Bench"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings, all of which begin with ``deputize``."""
    group = parser.getgroup("deputize", "Deputize: scripts run as the people of a project")
    group.addoption(
        _USERS,
        metavar="USER[,USER…]",
        help="run every test that leaves open who runs its scripts once as each of these",
    )
    group.addoption(
        _IN_PROCESS,
        action="store_true",
        help="run scripts in the process of the tests, for a debugger, and NOT in the sandbox",
    )
    group.addoption(
        _RECORD,
        choices=_MODES,
        default=_MODES[0],
        help="which calls of deputize_run(bundle=…) are really sent, and recorded: none (the default), those "
        "that the bundle has no answer to (missing), or all",
    )
    parser.addini(_PROJECT, "the project of the tests: deputize.toml or its folder (default: the nearest)")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{_MARKER}(*users): run the test once as each of these people")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say where scripts run, where it is not the sandbox, and that calls are really sent, where they are."""
    lines = ["deputize: scripts run in process, NOT in the sandbox"] if config.getoption(_IN_PROCESS) else []
    mode = config.getoption(_RECORD)
    sent = {"missing": "that their bundles have no answer to", "all": "of runs with a bundle"}
    return [*lines, f"deputize: calls {sent[mode]} are really sent, and recorded"] if mode in sent else lines


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was recorded."""
    reports = (each for reports in terminalreporter.stats.values() for each in reports)
    told = [
        value
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == _RECORDED
    ]
    if told:
        terminalreporter.section("deputize: recorded")
        for line in told:
            terminalreporter.write_line(str(line))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once per user, where users are named."""
    if _RUN not in metafunc.fixturenames or _USER not in metafunc.fixturenames:
        return
    users = _users_of(metafunc.definition)
    if users:
        metafunc.parametrize(_USER, users)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test whose scripts called what is not mocked, or whose routes were never called."""
    try:
        yield
    except (Exception, pytest.fail.Exception, pytest.skip.Exception):
        bench = item.stash.get(BENCH, None)
        if bench is not None:
            # What goes on belongs to this test, and is none of the next one's.
            bench.settle()
        raise
    bench = item.stash.get(BENCH, None)
    wrong = None if bench is None else bench.conclude()
    if wrong is not None:
        pytest.fail(wrong, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show the activity streams of a test's runs where it failed."""
    report: pytest.TestReport = yield  # type: ignore[assignment] # what pluggy sends
    bench = item.stash.get(BENCH, None)
    if bench is not None and call.when == "call":
        from deputize.testing.report import add_streams, skip_repetition  # noqa: PLC0415 - where a test used it

        report.user_properties += [(_RECORDED, each) for each in bench.recorded]
        add_streams(report, bench)
        skip_repetition(report, bench, users=_users_of(item))
    return report  # type: ignore[return-value] # what pluggy takes


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Say in words how a run differs from what was expected of it."""
    bench = config.stash.get(_CURRENT, None)
    if bench is None:
        return None
    from deputize.testing.comparison import compare  # noqa: PLC0415 - where a test used it

    return compare(op, left, right, bench)


@pytest.fixture(scope="session")
def deputize_residents() -> "Iterator[Residents]":
    """Keep the runtimes that are open, for the fixtures below."""
    from deputize.testing.residents import Residents  # noqa: PLC0415 - where a test uses it

    residents = Residents()
    yield residents
    residents.close()


@pytest.fixture
def deputize_project(request: pytest.FixtureRequest) -> Path:
    """Return where the project is: what the setting names, or the nearest above the test's file.

    Override it where a test brings a project of its own.
    """
    setting: str = request.config.getini(_PROJECT)
    if not setting:
        return request.path.parent
    return (request.config.inipath or request.config.rootpath / "-").parent / setting


@pytest.fixture
def deputize_user() -> str | None:
    """Return who runs scripts where a test does not say: nobody, unless it is overridden or asked for."""
    return None


@pytest.fixture
def deputize_bench(
    request: pytest.FixtureRequest,
    deputize_residents: "Residents",
    deputize_project: Path,
    deputize_user: str | None,
) -> "Iterator[Bench]":
    """Make what the test has for itself; the fixtures below show its parts."""
    from deputize.testing.bench import Bench  # noqa: PLC0415 - where a test uses it

    project = deputize_residents.project(deputize_project)
    bench = Bench(
        project,
        resident=lambda: deputize_residents.of(project),
        user=deputize_user,
        in_process=request.config.getoption(_IN_PROCESS),
        folder=request.path.parent,
        mode=request.config.getoption(_RECORD),
    )
    item: pytest.Item = request.node
    item.stash[BENCH] = item.config.stash[_CURRENT] = bench
    yield bench
    del item.config.stash[_CURRENT]


@pytest.fixture
def deputize_mock(deputize_bench: "Bench") -> "EndpointMocks":
    """Return the endpoints: ``deputize_mock.endpoint("Jira").post("/rest/…").respond(201)``."""
    return deputize_bench.mocks


@pytest.fixture
def deputize_clock(deputize_bench: "Bench") -> "MovableClock":
    """Return the time of scripts and platform: ``.now``, ``.advance(60)``, ``.slept``."""
    return deputize_bench.clock


@pytest.fixture
def deputize_run(deputize_bench: "Bench") -> "ScriptRuns":
    """Return what runs a script: ``deputize_run("hello", payload={}, as_user="rob")`` is a run."""
    from deputize.testing.runs import ScriptRuns  # noqa: PLC0415 - where a test uses it

    return ScriptRuns(deputize_bench)


@pytest.fixture
def deputize_sample(deputize_bench: "Bench") -> "Callable[..., JsonValue]":
    """Return what reads ``samples/``: ``deputize_sample("hello", greet="sam")`` has a field changed."""
    from deputize.testing.samples import changed_sample  # noqa: PLC0415 - where a test uses it

    def sample(name: str, **changes: Any) -> "JsonValue":
        return changed_sample(deputize_bench.project, name, changes)

    return sample


def _users_of(item: pytest.Item) -> tuple[str, ...]:
    """Return the users for each of whom a test is to be run: those of its marker, or of the command line."""
    marker = item.get_closest_marker(_MARKER)
    if marker is not None:
        return tuple(marker.args)
    option: str = item.config.getoption(_USERS) or ""
    return tuple(each.strip() for each in option.split(",") if each.strip())
