"""Secrets of OAuth: of clients, codes and refresh tokens."""

import re

from deputize.credentials.keys import KeyHasher
from deputize.credentials.master_key import MasterKey
from deputize.credentials.oauth_secrets import (
    hash_of_client_secret,
    hash_of_code,
    hash_of_refresh_token,
    is_client_id,
    is_client_secret,
    is_code,
    is_refresh_token,
    mint_client_id,
    mint_client_secret,
    mint_code,
    mint_refresh_token,
)
from deputize_client import Secret

HASHER = KeyHasher(MasterKey(b"k" * 32))
MINTS = (mint_client_secret, mint_code, mint_refresh_token)


def test_each_is_256_random_bits_and_tells_its_kind():
    texts = (mint_client_id(), *(mint().reveal() for mint in MINTS))
    kinds = [
        [is_(text) for is_ in (is_client_id, is_client_secret, is_code, is_refresh_token)] for text in texts
    ]

    assert re.fullmatch(r"dpc_[0-9a-f]{32}", texts[0])
    assert all(
        re.fullmatch(rf"{begin}_[A-Za-z0-9_-]{{43}}", text)
        for begin, text in zip(("dpcs", "dpa", "dpr"), texts[1:], strict=True)
    )
    assert kinds == [[row == column for column in range(4)] for row in range(4)]


def test_no_two_are_alike():
    assert (
        len({mint().reveal() for mint in MINTS for _ in range(50)} | {mint_client_id() for _ in range(50)})
        == 200
    )


def test_none_prints_itself():
    shown = [f"{secret} {secret!r}" for secret in (mint() for mint in MINTS)]

    assert shown == [
        "‹secret:client secret› ‹secret:client secret›",
        "‹secret:authorization code› ‹secret:authorization code›",
        "‹secret:refresh token› ‹secret:refresh token›",
    ]


def test_a_secret_has_another_hash_as_another_kind_and_of_another_client():
    secret = Secret("x", "the same text")

    hashes = {
        hash_of_client_secret(HASHER, client_id="a", secret=secret),
        hash_of_client_secret(HASHER, client_id="b", secret=secret),
        hash_of_code(HASHER, secret),
        hash_of_refresh_token(HASHER, secret),
        hash_of_code(KeyHasher(MasterKey(b"l" * 32)), secret),
    }
    assert len(hashes) == 5
