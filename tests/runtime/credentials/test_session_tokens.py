"""Tokens of sessions: how they look, what stands for them, and that they tell nobody what they are."""

import re

from deputize.credentials.keys import KeyHasher
from deputize.credentials.master_key import MasterKey
from deputize.credentials.session_tokens import (
    form_token_of,
    hash_of_session_token,
    mint_session_token,
    session_token,
)
from deputize_client import Secret

HASHER = KeyHasher(MasterKey(b"k" * 32))


def test_each_token_is_256_bits_of_its_own():
    tokens = {mint_session_token().reveal() for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"dpw_[A-Za-z0-9_-]{43}", each) for each in tokens)


def test_a_token_does_not_show_itself():
    token = mint_session_token()

    for shown in (repr(token), str(token), f"{token}", repr([token])):
        assert token.reveal()[4:] not in shown


def test_only_what_is_written_as_one_is_taken_for_one():
    token = mint_session_token().reveal()

    assert session_token(token) == Secret("session token", token)
    assert [
        session_token(each) for each in ("", token[:-1], token + "x", "dps_" + token[4:], token + "\n")
    ] == ([None] * 5)


def test_what_stands_for_a_token_and_what_its_forms_carry_are_two_things():
    token = mint_session_token()

    hashed, carried = hash_of_session_token(HASHER, token), form_token_of(HASHER, token)

    assert hashed != carried
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in (hashed, carried))
    assert hash_of_session_token(KeyHasher(MasterKey(b"l" * 32)), token) != hashed
