"""API keys and URL keys."""

import re

from hypothesis import given
from hypothesis import strategies as st

from deputize.credentials.keys import (
    KeyHasher,
    is_api_secret,
    is_key_id,
    is_url_key,
    mint_api_secret,
    mint_key_id,
    mint_url_key,
    same,
)
from deputize.credentials.master_key import MasterKey

HASHER = KeyHasher(MasterKey(b"k" * 32))
TEXTS = st.text(max_size=20)


def test_minted_keys_are_256_random_bits_and_tell_their_kind():
    secret, url_key, key_id = mint_api_secret(), mint_url_key(), mint_key_id()

    assert re.fullmatch(r"dps_[A-Za-z0-9_-]{43}", secret.reveal())
    assert re.fullmatch(r"dpu_[A-Za-z0-9_-]{43}", url_key.reveal())
    assert re.fullmatch(r"dpk_[0-9a-f]{32}", key_id)
    kinds = [
        (is_key_id(t), is_api_secret(t), is_url_key(t)) for t in (key_id, secret.reveal(), url_key.reveal())
    ]
    assert kinds == [(True, False, False), (False, True, False), (False, False, True)]


def test_no_two_minted_keys_are_alike():
    assert (
        len({mint_url_key().reveal() for _ in range(100)} | {mint_api_secret().reveal() for _ in range(100)})
        == 200
    )


def test_keys_do_not_print_themselves():
    secret, url_key = mint_api_secret(), mint_url_key()

    assert f"{secret} {secret!r} {url_key} {url_key!r}" == (
        "‹secret:api secret› ‹secret:api secret› ‹secret:url key› ‹secret:url key›"
    )


def test_a_key_has_another_hash_at_every_integration_and_with_every_key_id():
    secret = mint_api_secret().reveal()

    hashes = {
        HASHER.of_api_secret(integration_id="a", key_id="dpk_1", secret=secret),
        HASHER.of_api_secret(integration_id="b", key_id="dpk_1", secret=secret),
        HASHER.of_api_secret(integration_id="a", key_id="dpk_2", secret=secret),
        HASHER.of_url_key(integration_id="a", url_key=secret),
        HASHER.of_url_key(integration_id="b", url_key=secret),
        KeyHasher(MasterKey(b"l" * 32)).of_url_key(integration_id="a", url_key=secret),
    }

    assert len(hashes) == 6


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=4))
def test_only_equal_parts_have_equal_hashes(one, other):
    assert same(HASHER.digest(*one), HASHER.digest(*other)) == (one == other)


@given(st.text(), st.text())
def test_a_hash_can_be_taken_of_any_text(key_id, secret):
    assert re.fullmatch(
        "[0-9a-f]{64}", HASHER.of_api_secret(integration_id="\ud800", key_id=key_id, secret=secret)
    )
