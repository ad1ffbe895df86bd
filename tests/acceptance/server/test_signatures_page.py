"""Signed requests to a real server: what ``docs/signatures.md`` has to copy is run as it stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deputize.domain.signature import SignatureScheme

PAGE = (Path(__file__).parents[3] / "docs" / "signatures.md").read_text(encoding="utf-8")
SCRIPT = '''"""Say who sent what."""

def main(initiator, request):
    return [initiator.id, request.json()]
'''
#: A quote and a character beyond ASCII, and two lines: the body is signed as it is.
BODY = '{"title": "it\'s full",\n "host": "düsseldorf"}\n'
INTEGRATIONS = ("webhooks", "github", "slack", "stripe", "monitoring")
#: As a provider would make it; no Standard Webhooks secret.
GIVEN = "8f742231b10e8888abcd99yyyzzz85a5"


def blocks(language: str) -> list[str]:
    """Return what the page has in *language*, in its order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


CREATE, CREATE_GIVEN, *SENDING, ROTATE = blocks("sh")
SENT = dict(zip(INTEGRATIONS, SENDING, strict=True))


@pytest.fixture
def project(project: Path) -> Path:
    [sections] = blocks("toml")
    with (project / "deputize.toml").open("a") as file:
        file.write(sections)
    (project / "hook.py").write_text(SCRIPT)
    (project / "body.json").write_text(BODY)
    (project / "slack.secret").write_text(GIVEN + "\n")
    return project


@pytest.fixture
def shell(served):
    """Run a block in the project's folder; return what it printed, and whether it went well."""
    command = served.folder / "deputize"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m deputize "$@"\n')
    command.chmod(0o700)

    def run(block: str, **variables: str) -> tuple[int, str]:
        done = subprocess.run(
            ["sh", "-euc", block],
            cwd=served.folder,
            env={
                **os.environ,
                "PATH": f"{served.folder}:{os.environ['PATH']}",
                "DEPUTIZE_DATA": str(served.data),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout or done.stderr

    return run


def test_a_request_of_each_preset_is_signed_by_openssl_and_runs_as_the_holder(served, shell):
    assert shell(CREATE)[0] == 0
    code, told = shell(CREATE_GIVEN)
    assert code == 0
    assert GIVEN not in told
    secrets = {
        "webhooks": json.loads((served.folder / "webhooks.json").read_text())["secret"],
        "slack": GIVEN,
        **{each: served.key(each, "rob")["secret"] for each in ("github", "stripe", "monitoring")},
    }

    for integration, block in SENT.items():
        where = served.path(integration)
        code, answer = shell(block, SECRET=secrets[integration], ADDRESS=where)
        assert code == 0, answer
        assert "requestId" in json.loads(answer), integration
        ended = served.run_of(integration)
        assert (ended["initiator"]["id"], ended["initiator"]["via"]) == ("rob", "signature")
        assert ended["result"] == ["rob", json.loads(BODY)]

        wrong = {"webhooks": secrets["stripe"]}.get(integration, secrets["webhooks"])
        code, answer = shell(block, SECRET=wrong, ADDRESS=where)
        assert code != 0
        assert json.loads(answer)["code"] == "UNAUTHENTICATED"

    # The body alone is signed, and it is the same one.
    code, answer = shell(SENT["github"], SECRET=secrets["github"], ADDRESS=served.path("github"))
    assert (code != 0, json.loads(answer)["code"]) == (True, "SIGNATURE_REPLAYED")


def test_after_a_rotation_both_secrets_work_until_the_old_one_ends(served, shell):
    shell(CREATE)
    code, listed = shell(ROTATE)

    assert (code, listed.count("✓ live")) == (0, 2)
    for name in ("webhooks.json", "renewed.json"):
        secret = json.loads((served.folder / name).read_text())["secret"]
        code, answer = shell(SENT["webhooks"], SECRET=secret, ADDRESS=served.path("webhooks"))
        assert code == 0, answer


def test_the_page_names_each_preset_and_field_that_there_is():
    schema = SignatureScheme.model_json_schema()
    assert set(schema["properties"]) - {"preset", "tolerance_seconds"} == set(
        re.findall(r"^\| `(\w+)` \|", PAGE.partition("| field |")[2].partition("\n\n")[0], re.MULTILINE)
    )
    presets = PAGE.partition("| preset |")[2].partition("\n\n")[0]
    assert schema["properties"]["preset"]["enum"] == re.findall(r"^\| `([\w-]+)` \|", presets, re.MULTILINE)
