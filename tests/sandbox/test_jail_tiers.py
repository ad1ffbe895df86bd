"""Full, contained or refused, as root and as nobody: never silently less."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from raw_sandbox import RawSandbox, Resident

from deputize_sandbox import JailReport, JailUnavailable, LayerReport, Returned, Sandbox, Tier, examine
from deputize_sandbox.jail.unconfined import Unconfined

NAMESPACES = [
    "user namespace",
    "network namespace",
    "ipc namespace",
    "uts namespace",
    "mount namespace",
    "pid namespace",
]
OTHERS = [
    "identity",
    "environment",
    "capabilities",
    "no new privileges",
    "resource limits",
    "landlock",
    "mdwe",
    "descriptors",
    "seccomp",
]
#: Where the tests do not run as root they are nobody in particular already.
USERS = ["root", "nobody"] if os.getuid() == 0 else ["user"]


def on_machine(*what: str) -> dict:
    program = Path(__file__).with_name("other_machine.py")
    done = subprocess.run(
        [sys.executable, program, *what], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("user", USERS)
def test_a_machine_with_everything_gives_a_full_jail(user):
    told = on_machine(user)

    assert told["tier"] == told["tier of the sandbox"] == "full"
    assert sorted(told["layers"]) == sorted(NAMESPACES + OTHERS)
    assert told["missing"] in ([], ["mdwe"])
    assert told["results"] == [42] * 5
    assert (told["uid"] == 0) == (user == "root")


@pytest.mark.parametrize("user", USERS)
def test_a_container_without_namespaces_is_refused_unless_a_setting_allows_it(user):
    told = on_machine(user, "container")

    assert told["tier"] == "refused"
    assert "results" not in told
    assert told["error"] == (
        "this machine cannot confine a script; missing: user namespace ([Errno 1] Operation not permitted); "
        + "; ".join(f"{name} (not allowed here)" for name in NAMESPACES[1:])
        + ". The rest of the jail holds: Sandbox(allow_contained=True) makes do with it."
    )


@pytest.mark.parametrize("user", USERS)
def test_in_a_container_that_is_allowed_scripts_run_and_the_report_says_what_is_missing(user):
    told = on_machine(user, "container", "allow-contained")

    assert told["tier"] == told["tier of the sandbox"] == "contained"
    assert [each for each in told["missing"] if each != "mdwe"] == NAMESPACES
    assert told["results"] == [42] * 5


@pytest.mark.parametrize("user", USERS)
def test_a_kernel_without_landlock_is_contained_at_best(user):
    refused = on_machine(user, "no-landlock")
    allowed = on_machine(user, "no-landlock", "allow-contained")

    assert refused["tier"] == "refused"
    assert refused["error"].startswith(
        "this machine cannot confine a script; missing: landlock (this kernel has none). "
    )
    assert allowed["tier"] == "contained"
    assert "landlock" in allowed["missing"]
    assert allowed["results"] == [42] * 5


@pytest.mark.parametrize("user", USERS)
def test_without_a_filter_nothing_runs_whatever_is_allowed(user):
    told = on_machine(user, "no-seccomp", "allow-contained")

    assert told["tier"] == "refused"
    assert told["error"].startswith(
        "this machine cannot confine a script; missing: seccomp (build: Function not implemented). "
    )


def test_the_report_names_every_layer_and_how_it_was_proved(sandbox):
    report = sandbox.sandbox.report

    assert report.tier is Tier.FULL
    assert {layer.name for layer in report.layers} == {*NAMESPACES, *OTHERS}
    assert report.ok


@pytest.mark.anyio
async def test_another_architecture_is_refused_and_says_why(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    report = await examine()

    assert report == JailReport(
        tier=Tier.REFUSED,
        layers=(
            LayerReport(
                name="machine",
                ok=False,
                detail="the filter of system calls is written for x86_64, and this is aarch64",
            ),
        ),
    )
    with pytest.raises(JailUnavailable):
        async with Sandbox():
            pass


@pytest.mark.anyio
async def test_another_system_is_refused_and_says_why(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    report = await examine()

    assert [layer.detail for layer in report.layers] == [
        "scripts are confined by the Linux kernel, and this is Darwin"
    ]
    assert not report.ok


class RawUnconfined(RawSandbox, Unconfined):
    """Neither language layer nor jail."""


def test_without_the_jail_the_same_attempts_succeed_so_that_the_jail_is_what_holds():
    resident = Resident(RawUnconfined())
    try:
        opened = resident.run("result = open('/etc/passwd').readline() != ''")
        bound = resident.run("import socket; socket.socketpair(); result = True")
        forked = resident.run("pid = os.fork()\nif not pid: os._exit(0)\nresult = os.waitpid(pid, 0)[1]")
        report = resident.sandbox.report
    finally:
        resident.close()

    assert [opened, bound, forked] == [
        Returned(value=True, usage=None),
        Returned(value=True, usage=None),
        Returned(value=0, usage=None),
    ]
    assert report.tier is Tier.UNCONFINED


def test_nothing_that_is_shipped_imports_the_unconfined():
    root = Path(__file__).parents[2]
    own = root / "sandbox/deputize_sandbox/jail/unconfined.py"
    shipped = [
        path
        for folder in ("runtime", "sandbox", "api_client")
        for path in (root / folder).rglob("*.py")
        if path != own
    ]

    assert [
        path
        for path in shipped
        if "unconfined import" in path.read_text() or "import unconfined" in path.read_text()
    ] == []
    assert len(shipped) > 100
