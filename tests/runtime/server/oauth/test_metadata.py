"""What clients read before they ask: true, complete, and from the configured address alone."""

import pytest
from authlib.oauth2 import rfc8414, rfc9207

pytestmark = pytest.mark.anyio

SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource"


async def test_the_authorization_server_describes_itself(bench, issuer):
    described = (await bench.client().get(SERVER)).json()

    rfc8414.AuthorizationServerMetadata(described).validate(
        metadata_classes=[rfc9207.AuthorizationServerMetadata]
    )
    assert described["issuer"] == issuer
    assert described["grant_types_supported"] == ["authorization_code", "refresh_token", "password"]
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert "none" not in described["introspection_endpoint_auth_methods_supported"]


async def test_passwords_are_not_described_where_they_are_turned_off(open_bench):
    async with open_bench(password_grant=False) as bench:
        described = (await bench.client().get(SERVER)).json()

    assert described["grant_types_supported"] == ["authorization_code", "refresh_token"]


async def test_the_resource_says_who_gives_tokens_for_it(bench, issuer):
    assert (await bench.client().get(RESOURCE)).json() == {
        "resource": issuer,
        "resource_name": "Deputize",
        "authorization_servers": [issuer],
        "jwks_uri": f"{issuer}/oauth2/jwks.json",
        "scopes_supported": ["read", "trigger", "write"],
        "bearer_methods_supported": ["header"],
    }


async def test_every_address_that_is_described_is_there(bench, issuer):
    described = (await bench.client().get(SERVER)).json()
    paths = (await bench.client().get("/openapi.json")).json()["paths"]
    named = {value.removeprefix(issuer) for key, value in described.items() if key.endswith("endpoint")}

    assert named <= paths.keys()


@pytest.mark.parametrize("path", [SERVER, RESOURCE])
async def test_no_address_comes_from_the_request(bench, path):
    """C-35."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}

    assert "evil" not in (await bench.client().get(path, headers=headers)).text


async def test_no_way_back_comes_from_the_request_either(wall, issuer, back):
    sealed = await wall.sealed()
    page = await wall.http.get(
        "/oauth2/authorize", params=wall.parameters(), headers={"Host": "evil.example"}
    )
    answered = await wall.answer(sealed=sealed, headers={"Host": "evil.example"})

    assert "evil" not in page.text
    assert back(answered)["iss"] == issuer
