"""Callers with access tokens: whose they are, what they may set off, and that nothing widens their scope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.authorisation import decide_scope
from deputize.domain.decision import Grant
from deputize.domain.scope import READ, SCOPES, TRIGGER, WRITE

scopes = st.none() | st.sets(st.sampled_from(sorted(SCOPES))).map(frozenset)


@given(scopes, st.sampled_from([TRIGGER, READ, WRITE]), st.booleans())
def test_only_what_is_in_a_scope_is_granted_and_everything_where_there_is_none(scope, needs, run):
    decision = decide_scope("rob", scope, needs=needs, run=run)

    assert isinstance(decision, Grant) == (scope is None or needs in scope)


@pytest.mark.parametrize("needs", [TRIGGER, READ, WRITE])
def test_a_refusal_says_which_scope_is_missing(needs):
    decision = decide_scope("rob", frozenset(), needs=needs, run=True)

    assert not isinstance(decision, Grant)
    assert any(needs in each for each in decision.needs)
