"""What one script sets off in turn: how far that may go."""

from hypothesis import given
from hypothesis import strategies as st

from deputize.domain.chain import MOST_LINKS, ChainRefused, extend

ids = st.text("abc", min_size=1, max_size=2)


@given(st.lists(ids))
def test_a_chain_never_repeats_itself_and_never_grows_beyond_the_limit(asked):
    chain = ()
    for each in asked:
        extended = extend(chain, each, name=each)
        if isinstance(extended, ChainRefused):
            assert each in chain or len(chain) == MOST_LINKS
        else:
            chain = extended

    assert len(set(chain)) == len(chain) <= MOST_LINKS


def test_a_circle_is_refused_with_the_way_to_break_it():
    assert extend(("a", "b"), "a", name="close ticket") == ChainRefused(
        code="CHAIN_CYCLE",
        reason='"close ticket" has led to itself over 2 scripts; it is not set off again. '
        "Break the circle: let one of them look whether there is anything left to do.",
    )


def test_a_chain_that_is_too_long_is_refused():
    refused = extend(("a", "b", "c", "d", "e"), "f", name="sixth")

    assert refused == ChainRefused(
        code="CHAIN_TOO_DEEP",
        reason='"sixth" would be link 6 of a chain of scripts that set each other off; the longest is 5.',
    )
