"""Clients of OAuth, and people who let them act."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

ISSUER = "https://deputize.example"
VERIFIER = "correct-horse-battery-staple~0123456789._AZaz"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "https://wall.example/back"


class Application:
    """A client of OAuth and the browser of whoever uses it."""

    def __init__(self, bench, client_id, *, secret=None, redirect_uri=BACK):
        self.bench = bench
        self.id = client_id
        self.secret = secret
        self.redirect_uri = redirect_uri
        self.http = bench.client()

    def parameters(self, **more):
        """Return those of an authorization request; None leaves one out."""
        parameters = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.redirect_uri,
            "scope": "read",
            "state": "from the application",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **more,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    async def ask(self, **more):
        return await self.http.get("/oauth2/authorize", params=self.parameters(**more))

    async def sealed(self, **more):
        """Return what the page carries in its form."""
        page = await self.ask(**more)
        assert page.status_code == 200, page.text
        return unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])

    async def answer(self, *, name="stan", sealed=None, headers=None, asked=None, **more):
        """Answer the page as *name*."""
        form = {
            "request": sealed or await self.sealed(**(asked or {})),
            "decision": "allow",
            "username": name,
            "password": f"password of {name}",
            **more,
        }
        return await self.http.post("/oauth2/authorize", data=form, headers=headers)

    async def code(self, name="stan", **asked):
        answered = await self.answer(name=name, asked=asked)
        assert answered.status_code == 303, answered.text
        return sent_back(answered)["code"]

    async def request_tokens(self, path="/oauth2/token", **form):
        proved = {} if self.secret is None else {"client_secret": self.secret}
        form = {"client_id": self.id, **proved, **form}
        return await self.http.post(
            path, data={name: value for name, value in form.items() if value is not None}
        )

    async def exchange(self, code, **more):
        form = {"code": code, "redirect_uri": self.redirect_uri, "code_verifier": VERIFIER, **more}
        return await self.request_tokens(grant_type="authorization_code", **form)

    async def refresh(self, token, **more):
        return await self.request_tokens(grant_type="refresh_token", refresh_token=token, **more)

    async def by_password(self, name="rob", **more):
        form = {"username": name, "password": f"password of {name}", **more}
        return await self.request_tokens(grant_type="password", **form)

    async def tokens(self, name="stan", **asked):
        """Return the tokens that *name* lets the client have."""
        answered = await self.exchange(await self.code(name, **asked))
        assert answered.status_code == 200, answered.text
        return answered.json()

    async def at(self, path, token, **more):
        """Present a token at ``/oauth2/revoke`` or ``/oauth2/introspect``."""
        proved = {} if self.secret is None else {"client_secret": self.secret}
        return await self.http.post(path, data={"client_id": self.id, **proved, "token": token, **more})

    async def active(self, token):
        """Whether a token is worth something, as introspection says it."""
        return (await self.at("/oauth2/introspect", token)).json()["active"]


def sent_back(response, to=BACK):
    """Return what a browser was sent back to a client with."""
    assert response.status_code == 303, response.text
    location, _, query = response.headers["Location"].partition("?")
    assert location == to
    return dict(parse_qsl(query, strict_parsing=True, keep_blank_values=True))


@pytest.fixture(scope="session")
def back():
    return sent_back


@pytest.fixture(scope="session")
def verifier():
    return VERIFIER


async def open_application(bench, client_id="dpc_wall", *, secret=None, **more):
    client = await bench.put_client(client_id, secret=secret, **more)
    uri = client.redirect_uris[0] if client.redirect_uris else None
    return Application(bench, client_id, secret=secret, redirect_uri=uri)


@pytest.fixture
def application():
    """Registers a client, and returns it with a browser."""
    return open_application


@pytest.fixture
async def wall(bench):
    """A public client that may read and trigger."""
    return await open_application(bench)


@pytest.fixture
async def office(bench):
    """A confidential client that may do everything."""
    return await open_application(
        bench,
        "dpc_office",
        secret="dpcs_" + "s" * 43,
        name="Office",
        scope=frozenset({"read", "trigger", "write"}),
        grants=frozenset({"authorization_code", "refresh_token", "password"}),
    )


@pytest.fixture
def page_of():
    """Returns a page without its tags, as it is read."""

    def text(response: httpx.Response) -> str:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        main = response.text[response.text.index("<main>") :]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())

    return text


@pytest.fixture(scope="session")
def issuer():
    return ISSUER


@pytest.fixture(scope="session")
def host_of():
    return lambda url: urlsplit(url).netloc
