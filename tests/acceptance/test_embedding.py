"""An application opens the runtime: on a project, or over a platform of its own."""

import asyncio
import json
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deputize import Misconfigured, Principal, Runtime
from deputize.errors import ScriptRejected, UnknownUser
from deputize.loopback import serve
from deputize_client import BearerCredential, CredentialUnavailable, Secret

ROOT_SCRIPT = """
def main(http):
    r = http.get('/things/1')
    return [r.status_code, r.refused, r.reason]
"""


def run(runtime: Runtime, *arguments, **more):
    async def go():
        async with runtime:
            return await runtime.run(*arguments, **more)

    return asyncio.run(go())


def test_the_documented_program_works(request):
    project = request.config.rootpath / "sample_scripts" / "deputize.toml"
    callback = json.loads((project.parent / "samples" / "acknowledge.json").read_text())

    done = run(Runtime.open(project, stand_ins=True), "acknowledge", payload=callback, initiator="rob")

    assert done.state == "COMPLETED"
    assert len(done.refusals) == 1
    assert [entry.kind for entry in done.activity][-1] == "run.finished"


@dataclass
class OwnCredentials:
    token: str | None

    async def credential(self, endpoint):
        if self.token is None:
            return CredentialUnavailable("the account is closed")
        return BearerCredential(Secret("own token", self.token))


class OwnPlatform:
    """What a platform team supplies: who somebody is, and the credential of that person."""

    def __init__(self, base_url: str, port: int, tokens: dict[str, str | None]) -> None:
        self.base_url = base_url
        self.admitted = frozenset({("127.0.0.1", port)})
        self._tokens = tokens

    async def principal(self, name, *, via):
        return Principal(id=name, name=name, via=via) if name in self._tokens else None

    def credentials_for(self, principal, *, run_id):
        return OwnCredentials(self._tokens[principal.id])

    async def end_run(self, run_id):
        return None

    async def explain(self, exchange):
        return None

    async def people_names(self):
        return list(self._tokens)


async def thing(request):
    if request.headers.get("authorization") == "Bearer token-of-ana-123":
        return JSONResponse({"thing": 1})
    return JSONResponse({"type": "UNAUTHORIZED_ACCESS_ERROR", "message": "Only Ana may."}, status_code=403)


@pytest.fixture
def call(tmp_path):
    """Run the script over a platform of the application's own, as somebody."""
    script = tmp_path / "script.py"

    def call(initiator: str, source: str = ROOT_SCRIPT, **more):
        script.write_text(source)

        async def go():
            app = Starlette(routes=[Route("/things/1", thing)])
            async with serve(app) as server:
                tokens = {"ana": "token-of-ana-123", "ben": "token-of-ben-456", "cai": None}
                platform = OwnPlatform(server.url, server.port, tokens)
                async with Runtime(platform=platform, constants={"Colour": "red"}) as runtime:
                    return await runtime.run(str(script), initiator=initiator, **more)

        return asyncio.run(go())

    return call


def test_a_platform_of_ones_own_is_called_as_its_own_person(call):
    assert call("ana").result == [200, False, None]


def test_its_refusal_is_told_in_its_words_and_nothing_is_guessed(call):
    done = call("ben")

    assert done.result == [403, True, "UNAUTHORIZED_ACCESS_ERROR: Only Ana may."]
    [refusal] = done.as_json()["refusals"]
    assert "explain" not in refusal


def test_without_a_credential_nothing_is_sent_and_the_answer_is_a_refusal(call):
    done = call("cai")

    assert done.result[:2] == [401, True]
    assert "the account is closed" in done.result[2]
    assert [entry.kind for entry in done.activity].count("credential.rejected") == 1
    assert done.sent_as == frozenset()


def test_constants_of_the_application_reach_every_script(call):
    assert call("ana", "def main(constants):\n    return constants['Colour']\n").result == "red"


def test_an_unknown_person_is_refused_with_the_nearest_name(call):
    with pytest.raises(UnknownUser) as refused:
        call("anna")

    assert (
        str(refused.value)
        == 'nobody on the platform is named "anna". Did you mean "ana"? People: ana, ben, cai.'
    )


@pytest.mark.parametrize(
    ("source", "code", "where", "what"),
    [
        ("def main(htpp):\n    pass\n", "PARAMETER_UNKNOWN", (1, 10), 'Did you mean "http"?'),
        ("def main(callback):\n    pass\n", "PARAMETER_UNKNOWN", (1, 10), "started by an inbound request"),
        ("def mian():\n    pass\n", "MAIN_MISSING", (1, 1), "main"),
        ("def main(:\n", "SYNTAX_ERROR", (1, 10), ""),
        ("import os\ndef main():\n    pass\n", "IMPORT_NOT_ALLOWED", (1, 1), "os"),
        (
            "def main(http):\n    http.get('/x', endpoint='platfrom')\n",
            "ENDPOINT_UNKNOWN",
            (2, 29),
            "No endpoint has been defined with name 'platfrom'. Did you mean \"platform\"?",
        ),
    ],
)
def test_a_script_that_cannot_run_is_rejected_before_it_starts(call, source, code, where, what):
    with pytest.raises(ScriptRejected) as rejected:
        call("ana", source)

    [diagnostic] = rejected.value.diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.column) == (code, *where)
    assert what in diagnostic.message


def test_a_parameter_with_a_default_may_be_of_any_name(call):
    assert call("ana", "def main(own=3):\n    return own\n").result == 3


def test_a_runtime_needs_a_platform_or_a_project():
    with pytest.raises(Misconfigured, match="either a platform or a project"):
        Runtime()


def test_a_runtime_is_used_while_it_is_open(tmp_path):
    (tmp_path / "deputize.toml").write_text("")
    runtime = Runtime.open(tmp_path)

    with pytest.raises(Exception, match="not open"):
        asyncio.run(runtime.run("x", initiator="rob"))


def test_an_application_gives_its_scripts_a_pure_module_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "shop_prices.py").write_text(
        "import os\n\ndef price(cents):\n    return f'{cents / 100:.2f}'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "deputize.toml").write_text("[users.rob]\nroles = []\n")
    (tmp_path / "script.py").write_text(
        "import shop_prices\n\ndef main():\n    return shop_prices.price(1250)\n"
    )
    (tmp_path / "beyond.py").write_text("import shop_prices\n\ndef main():\n    return shop_prices.os\n")

    async def run():
        async with Runtime.open(tmp_path, modules={"shop_prices": ["price"]}) as runtime:
            with pytest.raises(ScriptRejected, match="shop_prices"):
                await runtime.run(str(tmp_path / "beyond.py"), initiator="rob")
            return await runtime.run(str(tmp_path / "script.py"), initiator="rob")

    assert asyncio.run(run()).result == "12.50"
