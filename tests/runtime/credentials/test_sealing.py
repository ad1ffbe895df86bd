"""Secrets at rest."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.credentials.master_key import MasterKey
from deputize.credentials.sealing import SealBroken, Sealer
from deputize_client import Secret

SEALER = Sealer(MasterKey(b"k" * 32))
ROW = ("secrets", "plan-1", "easyvista")
BROKEN = (
    'the secret "easyvista" cannot be opened: it was sealed with another key than this deployment\'s, or its row '
    "has been changed. Put back the key file that belongs to the data, or set the secret anew."
)


def unsealed(sealed, *, row=ROW, sealer=SEALER):
    return sealer.unseal(sealed, row=row, name="easyvista")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_was_sealed_can_be_opened(value):
    opened = unsealed(SEALER.seal(Secret("easyvista", value), row=ROW))

    assert opened.reveal() == value
    assert repr(opened) == "‹secret:easyvista›"


def test_a_sealed_value_holds_the_secret_in_no_form_and_is_never_the_same():
    value = "correct horse battery staple"
    one, other = (SEALER.seal(Secret("easyvista", value), row=ROW) for _ in range(2))

    assert one != other
    for form in (
        value.encode(),
        value.encode("utf-16-le"),
        base64.b64encode(value.encode()),
        value.encode().hex().encode(),
    ):
        assert form not in one


@pytest.mark.parametrize(
    "row", [(), ("secrets",), ("secrets", "plan-2", "easyvista"), ("secrets", "plan-1", "easyvist", "a")]
)
def test_a_sealed_value_cannot_be_opened_in_another_row(row):
    sealed = SEALER.seal(Secret("easyvista", "value"), row=ROW)

    with pytest.raises(SealBroken) as broken:
        unsealed(sealed, row=row)

    assert str(broken.value) == BROKEN


def test_a_sealed_value_cannot_be_opened_with_another_key():
    sealed = SEALER.seal(Secret("easyvista", "value"), row=ROW)

    with pytest.raises(SealBroken) as broken:
        unsealed(sealed, sealer=Sealer(MasterKey(b"l" * 32)))

    assert str(broken.value) == BROKEN


@given(st.data())
def test_no_changed_or_shortened_value_can_be_opened(data):
    sealed = bytearray(SEALER.seal(Secret("easyvista", "value"), row=ROW))
    if data.draw(st.booleans()):
        sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    else:
        del sealed[data.draw(st.integers(0, len(sealed) - 1)) :]

    with pytest.raises(SealBroken):
        unsealed(bytes(sealed))
