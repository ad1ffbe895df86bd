"""Every text comes back exactly as it went in, or is refused; on both stores alike."""

from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deputize.domain.endpoint import StoredEndpoint
from deputize.domain.stored_entry import EntryFilter
from deputize.errors import TextNotStorable

pytestmark = pytest.mark.anyio

#: What has been taken for something other than text, or been mended on the way.
HOSTILE = [
    "",
    " ",
    "'; DROP TABLE people; --",
    '" OR ""="',
    "%_\\",
    ":name %(name)s ? $1 {x}",
    "<script>alert(1)</script>",
    "a\r\nb\x0b\x0c\x85\u2028\u2029",
    "\x01\x1b[31m\x7f\x9f",
    "\u202egnp.exe\u2066",
    "e\u0301 \u00e9",
    "\ufeffbom\ufffe\uffff",
    "\U0010ffff\U0001f469\u200d\U0001f680",
    "null",
    "1180591620717411303424",
    "0x10",
    "1e400",
    "x" * 255,
]
#: Any text that UTF-8 has, but for U+0000.
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NAMES = st.one_of(st.sampled_from(HOSTILE), STORABLE)
TEXTS = st.one_of(NAMES, st.just("x" * 1_000_000))
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters()),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(st.characters()), inner)),
    max_leaves=10,
)

#: The database is the same for every example; each example writes what it reads.
on_one_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@on_one_database
@given(name=NAMES, first=TEXTS)
async def test_a_text_comes_back_exactly_and_is_found_by_itself_alone(database, make, name, first):
    person = make.person(id=f"id {name}"[:255], target_name=name, first_name=first)

    async def put_and_find(tx):
        await tx.people.put(person)
        found = await tx.people.by_name(name), await tx.people.get(person.id)
        await tx.people.delete(person.id)
        return found

    assert await database.write(put_and_find) == (person, person)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_text_changes_what_a_query_means(database, make, hostile):
    plain = make.person("plain")
    await database.write(lambda tx: tx.people.put(plain))

    assert await database.read(lambda tx: tx.people.by_name(hostile)) is None
    assert await database.read(lambda tx: tx.people.find(hostile)) is None
    assert await database.read(lambda tx: tx.events.get(hostile)) is None
    assert await database.read(lambda tx: tx.plans.find(hostile)) is None
    assert await database.read(lambda tx: tx.people.all()) == [plain]


@on_one_database
@given(value=JSON, name=st.text(st.characters()))
async def test_json_comes_back_exactly_with_characters_that_texts_cannot_have(database, make, value, name):
    event = make.event(properties={name: value})

    async def add_and_get(tx):
        await tx.events.add(event)
        kept = await tx.events.get(event.id)
        await tx.events.delete(event.id)
        return kept

    kept = await database.write(add_and_get)
    assert repr(kept.properties) == repr(event.properties)


@on_one_database
@given(text=st.text(st.characters(), min_size=1, max_size=50))
async def test_an_entry_is_found_by_any_part_of_its_message(database, make, text):
    run = make.run()

    async def append_and_find(tx):
        await tx.runs.add(run)
        await tx.entries.append(run.id, [make.entry(message=f"before{text}after")])
        return await tx.entries.page(EntryFilter(text=text), limit=1)

    found = await database.write(append_and_find)
    assert found[0].document["message"] == f"before{text}after"


@pytest.mark.parametrize(
    ("text", "character", "place"), [("a\0", "0000", 2), ("\ud800", "D800", 1), ("ab\udfff\0", "DFFF", 3)]
)
async def test_what_a_database_cannot_hold_is_refused_by_both_in_the_same_words(
    database, make, text, character, place
):
    for person in (make.person(text), make.person(first_name=text)):
        with pytest.raises(TextNotStorable) as refused:
            await database.write(lambda tx, person=person: tx.people.put(person))

        assert refused.value.code == "TEXT_NOT_STORABLE"
        assert str(refused.value) == (
            f"A text has the character U+{character} at place {place}, which cannot be stored. Leave it out."
        )
    assert await database.read(lambda tx: tx.people.all()) == []


async def test_a_name_may_be_so_long_and_no_longer(database, make):
    # Four bytes each, and nothing that could be compressed: the most that an index has to hold.
    numbers = (int.from_bytes(sha256(bytes([n])).digest()[:4], "big") for n in range(255))
    longest = "".join(chr(0x10000 + number % 0x100000) for number in numbers)
    person = make.person(longest)
    endpoint = StoredEndpoint(scope=longest, name=longest, definition={})

    async def put(tx):
        await tx.people.put(person)
        await tx.endpoints.put(endpoint)

    await database.write(put)
    with pytest.raises(TextNotStorable) as refused:
        await database.write(lambda tx: tx.people.put(make.person(longest + "x")))

    assert await database.read(lambda tx: tx.people.by_name(longest)) == person
    assert await database.read(lambda tx: tx.endpoints.get(longest, longest)) == endpoint
    assert str(refused.value) == (
        "A name has 256 characters, and 255 is the most that can be stored. Shorten it."
    )


@pytest.mark.parametrize("text", ["plain\0", "\ud800", "x" * 256, " " * 256, "x" * 1_000_000])
async def test_what_cannot_be_stored_is_the_name_of_nothing(database, make, text):
    await database.write(lambda tx: tx.people.put(make.person("plain")))

    assert await database.read(lambda tx: tx.people.find(text)) is None
    assert await database.read(lambda tx: tx.people.standing_by_name(text)) is None
    assert await database.read(lambda tx: tx.keys.api_key(text)) is None
    assert await database.read(lambda tx: tx.keys.url_key_by_hash(text)) is None
    assert await database.read(lambda tx: tx.events.all(statuses={text})) == []
    assert await database.read(lambda tx: tx.entries.page(EntryFilter(initiator=text), limit=1)) == []


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
async def test_what_is_no_json_is_not_kept(database, make, number):
    with pytest.raises(Exception, match="Out of range float values are not JSON compliant"):
        await database.write(lambda tx: tx.events.add(make.event(properties={"n": number})))
