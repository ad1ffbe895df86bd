import copy
import json
import pickle
from dataclasses import replace

import pytest

from deputize_client import (
    BasicAuthentication,
    BasicCredential,
    BearerAuthentication,
    BearerCredential,
    Endpoint,
    MissingSecret,
    Redactor,
    Secret,
)

VALUE = "correct horse battery staple"


@pytest.fixture
def secret():
    return Secret("easyvista", VALUE)


def test_a_secret_prints_its_name(secret):
    assert f"{secret} {secret!r} {secret!s} {secret:>20} {[secret]} %s" % secret == (
        "‹secret:easyvista› ‹secret:easyvista› ‹secret:easyvista›   ‹secret:easyvista›"
        " [‹secret:easyvista›] ‹secret:easyvista›"
    )


def test_whatever_holds_a_secret_prints_its_name(secret):
    endpoint = Endpoint(
        name="E", base_url="https://a.example", authentication=BasicAuthentication("integration", secret)
    )
    holders = [
        BearerCredential(secret),
        BasicCredential("integration", secret),
        BearerAuthentication(secret),
        endpoint,
        replace(endpoint, name="F"),
        endpoint.secrets(),
        endpoint.stored_credential(),
        BasicCredential("integration", secret).redacted(),
        BearerCredential(secret).redacted(),
    ]

    token = BasicCredential("integration", secret).headers()["Authorization"].split()[1]
    for holder in holders:
        assert "‹secret:easyvista›" in repr(holder)
        assert VALUE not in repr(holder)
        assert token not in repr(holder)


def test_a_secret_cannot_be_pickled_or_written_as_json(secret):
    with pytest.raises(TypeError, match="‹secret:easyvista› cannot be pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)

    assert copy.deepcopy(secret) is secret
    assert copy.copy(secret) is secret
    assert not hasattr(secret, "__dict__")


def test_secrets_compare_by_value_and_hash_by_identity(secret):
    same = Secret("other", VALUE)

    assert secret == same
    assert secret != Secret("easyvista", "another")
    assert secret != VALUE
    assert len({secret, same}) == 2


@pytest.mark.parametrize("value", ["", "\ud800"])
def test_what_can_be_no_secret_is_refused(value):
    with pytest.raises(ValueError, match="the secret 'x'"):
        Secret("x", value)


def test_an_endpoint_tells_what_must_be_redacted(secret):
    def secrets(authentication):
        endpoint = Endpoint(name="E", base_url="https://a.example", authentication=authentication)
        return [each.reveal() for each in endpoint.secrets()]

    assert secrets(BearerAuthentication(secret)) == [VALUE]
    assert secrets(BasicAuthentication("u", Secret("p", "pw"))) == ["pw", "u:pw", "dTpwdw=="]
    assert secrets(BearerAuthentication(MissingSecret("p", "DEPUTIZE_SECRET_P"))) == []


def test_the_redactor_finds_what_a_basic_credential_sends(secret):
    credential = BasicCredential("rob", secret)
    redactor = Redactor()
    for each in credential.secrets():
        redactor.register(each)

    assert redactor.redact_text(credential.headers()["Authorization"])[0] == "Basic ‹secret:easyvista›"
