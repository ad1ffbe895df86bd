"""Formatting is Python's own, but for fields that look inside a value."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_guest.dialect.attributes import read

FIELDS = [
    "{}",
    "{0}",
    "{1}",
    "{2}",
    "{a}",
    "{a!r:>8}",
    "{:{}}",
    "{0:05.1f}",
    "{{",
    "}}",
    "{",
    "}",
    "{!x}",
    "{a!s:^{b}}",
    "x",
    "ä",
]


def outcome(function, *arguments, **named):
    """Return the text, or the type of what was raised."""
    try:
        return function(*arguments, **named)
    except Exception as error:
        return type(error)


@given(
    st.lists(st.sampled_from(FIELDS), max_size=4).map("".join),
    st.lists(st.integers(0, 9) | st.just("t"), max_size=3),
)
def test_fields_by_position_and_keyword_are_filled_as_python_fills_them(text, values):
    ours = read(text, "format", "format")

    assert outcome(ours, *values, a="k", b=7) == outcome(text.format, *values, a="k", b=7)
    assert outcome(read(text, "format_map", "format_map"), {"a": 1, "b": 2}) == outcome(
        text.format_map, {"a": 1, "b": 2}
    )


@given(st.text(alphabet="{}0a.[]!:r", max_size=8))
def test_a_field_that_looks_inside_is_refused_whatever_it_looks_like(text):
    class Seen:
        def __getattr__(self, name):
            raise AssertionError(f"{name} was read")

        def __getitem__(self, key):
            raise AssertionError(f"{key} was read")

    found = outcome(read(text, "format", "format"), Seen(), a=Seen())

    assert found is not AssertionError


NESTED = ["f\"{'a'.upper()}\"", "f'{1 + 1:{2}}'", "f'''{\n1\n}'''"]
if sys.version_info >= (3, 12):
    NESTED += ['f"{"a" + f"{"b"}"}"', "f'{'\\n'.join(['a'])}'", 'f"{1 # comment\n}"']


@pytest.mark.parametrize("text", NESTED)
def test_every_fstring_of_this_python_is_there(language, text):
    expected = eval(text)  # noqa: S307 - our own text

    assert language.run(f"def main():\n    return {text}\n").frame["value"] == expected
