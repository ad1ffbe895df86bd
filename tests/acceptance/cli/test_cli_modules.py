"""``deputize modules``: what scripts may import."""

import pytest


def test_every_module_is_listed_with_names_of_it(deputize):
    ended = deputize("modules")

    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].split() == ["Module", "Names"]
    assert (
        "base64                 a85decode, a85encode, b16decode, b16encode, b32decode, b32encode, … 12 more"
        in lines
    )


def test_one_module_is_shown_with_every_name(deputize):
    names = deputize("modules", "heapq").out.split()

    assert names == sorted(names)
    assert "nlargest" in names
    assert deputize("modules", "heapq", "--json").json == {"data": [{"name": "heapq", "names": names}]}


def test_what_is_listed_is_what_check_accepts(deputize, add_script):
    listed = deputize("modules", "--json").json["data"]
    # Each under a name of its own: several modules have an Error.
    imports = "".join(
        f"from {each['name']} import {name} as m{number}_{name}\n"
        for number, each in enumerate(listed)
        for name in each["names"]
    )
    script = add_script("importing", f"{imports}\n\ndef main(log):\n    return None\n")

    ended = deputize("check", script, "--json")
    assert ended.json["diagnostics"] == []


@pytest.mark.parametrize(("name", "hint"), [("jsn", ' Did you mean "json"?'), ("\x1b[2J", "")])
def test_what_cannot_be_imported_is_answered_with_the_nearest(deputize, name, hint):
    ended = deputize("modules", name)

    shown = name.replace("\x1b", "\\x1b")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f'error[UNKNOWN_MODULE]: scripts cannot import "{shown}".{hint} '
        "`deputize modules` lists what they can.\n"
    )
