"""``deputize bundle``: take a run as one file, from the data of a server here or over HTTP."""

import asyncio
import re
from pathlib import Path
from typing import Final

from deputize.bundle.as_test import test_of
from deputize.bundle.file import SUFFIX, Bundle, write_bundle
from deputize.bundle.reading import parse_bundle, read_bundle
from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.over_http import ask, password_of, run_address
from deputize.cli.runs import SHOWN_ID
from deputize.cli.terminal import Terminal
from deputize.credentials.sealing import Sealer
from deputize.errors import Misconfigured, ProjectNotFound
from deputize.project import Project, find_project
from deputize.resources import StoredResources
from deputize.settings import Settings
from deputize.use_cases.find_run import find_run
from deputize.use_cases.see_bundle import see_bundle

_KIB: Final = 1024


class TestThere(Misconfigured):
    """Where a test is to be written there is a file."""

    code = "TEST_THERE"


def export_bundle(where: Where, *, run: str, out: Path | None, plain: bool) -> ExitCode:
    """Write the run whose id begins with *run* to *out*, by default ``ID.deputize`` here."""

    async def work(deployed: Deployed) -> Bundle:
        run_id = await find_run(deployed.database, OPERATOR, start=run)
        resources = StoredResources(
            settings=Settings.read(), sealer=Sealer(deployed.deployment.key), stand_ins={}
        )
        return await see_bundle(deployed.database, OPERATOR, run_id=run_id, resources=resources)

    return save(Terminal.open(plain=plain), with_deployment(where, work), out)


def pull_bundle(url: str, *, user: str, password_file: str | None, out: Path | None, plain: bool) -> ExitCode:
    """Fetch the run at *url*, ``https://HOST/runs/ID`` or the API's address of it, as *user*."""
    terminal = Terminal.open(plain=plain)
    address = f"{run_address(url)}/bundle"
    password = password_of(user, file=password_file)
    content = asyncio.run(ask("GET", address, user=user, password=password))
    return save(terminal, parse_bundle(content, where=address), out)


def save(terminal: Terminal, bundle: Bundle, out: Path | None) -> ExitCode:
    """Write *bundle*, and say what is in it."""
    path = out or Path(f"{bundle.run.id[:SHOWN_ID]}{SUFFIX}")
    write_bundle(bundle, path)
    redacted = f" · {len(bundle.redacted)} redacted" if bundle.redacted else ""
    terminal.write(
        f"{path}  {bundle.run.name}@{bundle.script.sha256[:6]} · as {bundle.run.initiator.id} · "
        f"{bundle.size} (HAR) · clock · seed{redacted} · "
        f"{max(1, path.stat().st_size // _KIB)} kB"
    )
    return ExitCode.OK


def write_test(path: Path, *, out: Path | None, plain: bool) -> ExitCode:
    """Write the test that the bundle in *path* makes, and tell what it does not say.

    A file that is there is never written over: somebody may have edited it.
    """
    terminal = Terminal.open(plain=plain)
    bundle = read_bundle(path)
    file = out or Path("tests") / f"test_{re.sub(r'[^0-9A-Za-z]+', '_', path.stem).strip('_').lower()}.py"
    test = test_of(bundle, stem=file.stem, project=_project_of(file.parent))
    texts = {file: test.text}
    if test.payload_file is not None:
        name, text = test.payload_file
        texts[file.with_name(name)] = text
    for each in texts:
        if each.exists():
            raise TestThere(f"{each}: there is a file already. Name another with --out, or remove it.")
    for each, text in texts.items():
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text(text, encoding="utf-8")
    terminal.write(f"wrote {' and '.join(map(str, texts))}")
    for what in test.left_out:
        terminal.write(f"  not in the test: {visible(what)}")
    return ExitCode.OK


def _project_of(folder: Path) -> Project | None:
    """Return the project that tests in *folder* are of; None where they are of none."""
    try:
        return Project.load(find_project(folder))
    except ProjectNotFound:
        return None
