"""Sets of public keys, as other issuers publish them or anybody may write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey

from deputize.credentials.key_sets import KeySet, KeySetUnreadable

#: Of no private key that anybody knows; it has the right length.
MODULUS = "_" * 341 + "w"
RSA = {"kty": "RSA", "n": MODULUS, "e": "AQAB"}


def written(*keys, **more):
    return json.dumps({"keys": list(keys), **more}).encode()


def public(key, **more):
    return {**key.as_dict(private=False), **more}


@pytest.mark.parametrize(
    "key",
    [RSAKey.generate_key(2048), ECKey.generate_key("P-384"), OKPKey.generate_key("Ed25519")],
    ids=["RSA", "EC", "OKP"],
)
def test_a_key_is_found_by_its_id(key):
    keys = KeySet.read(written(public(key, kid="one", use="sig"), {**RSA, "kid": "two"}, more="than keys"))

    assert keys.find("one").thumbprint() == key.thumbprint()
    assert keys.find("three") is None


def test_the_only_key_needs_no_id_and_one_of_several_does():
    assert KeySet.read(written(RSA)).find(None) is not None
    assert KeySet.read(written(RSA, {**RSA, "kid": "one"})).find(None) is None


def test_of_two_keys_with_one_id_the_first_counts():
    key = ECKey.generate_key("P-256")

    assert KeySet.read(written(public(key, kid="one"), {**RSA, "kid": "one"})).find("one").key_type == "EC"


@pytest.mark.parametrize(
    "useless",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {**RSA, "use": "enc"},
        {**RSA, "n": "_" * 170},
        {**RSA, "n": "_" * 2000},
        {**RSA, "n": 1},
        {**RSA, "n": "é"},
        {**RSA, "e": ""},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "of no kind", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {**RSA, "kid": 5},
        # A private one: whoever published it has lost it.
        {**RSA, "d": "AQAB"},
        "a text",
        None,
        [],
        {},
    ],
    ids=range(17),
)
def test_what_verifies_no_signature_is_left_out(useless):
    keys = KeySet.read(written(useless, {**RSA, "kid": "good"}))

    assert set(keys.keys) == {"good"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", 'not a JSON object with the member "keys" (RFC 7517)'),
        (b"<html>", 'not a JSON object with the member "keys" (RFC 7517)'),
        (b"[]", 'not a JSON object with the member "keys" (RFC 7517)'),
        (b"[" * 100_000, 'not a JSON object with the member "keys" (RFC 7517)'),
        (b"{}", 'not a JSON object with the member "keys" (RFC 7517)'),
        (b'{"keys": {}}', 'the member "keys" is not a list'),
        (b'{"keys": []}', "it holds no public RSA, EC or OKP key that verifies signatures"),
        (
            written({"kty": "oct", "k": "AA"}),
            "it holds no public RSA, EC or OKP key that verifies signatures",
        ),
    ],
    ids=range(8),
)
def test_what_is_no_set_of_keys_is_told(content, why):
    with pytest.raises(KeySetUnreadable) as refused:
        KeySet.read(content)

    assert str(refused.value) == why


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
members = st.sampled_from(["kty", "n", "e", "x", "y", "crv", "use", "kid", "alg", "key_ops", "d"])
jwks = st.dictionaries(members, st.sampled_from(["RSA", "EC", "OKP", "AQAB", MODULUS, "P-256"]) | json_values)


@given(st.lists(jwks | json_values, max_size=4))
def test_nothing_that_is_published_makes_a_reader_stumble(keys):
    try:
        found = KeySet.read(written(*keys))
    except KeySetUnreadable:
        return
    assert all(not key.is_private for key in found.keys.values())
