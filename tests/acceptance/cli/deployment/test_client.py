"""``deputize client``: registers clients of OAuth, shows a secret once, disables and enables."""

import re

WALL = ("Wallboard", "--redirect-uri", "https://wall.example/back", "--scope", "read")


def clients(deployed):
    return deployed("client", "list", "--json").json["data"]


def test_a_public_client_is_registered_with_what_the_command_line_says(process):
    ended = process("client", "create", *WALL, "--scope", "trigger", "--mobile", "--json")

    assert (ended.code, ended.err) == (0, "")
    told = {**ended.json}
    assert re.fullmatch("dpc_[0-9a-f]{32}", told.pop("id"))
    assert told.pop("created")
    assert told == {
        "name": "Wallboard",
        "kind": "public",
        "redirect_uris": ["https://wall.example/back"],
        "grants": ["authorization_code", "refresh_token"],
        "scope": ["read", "trigger"],
        "mobile": True,
        "enabled": True,
        "created_by": "operator",
        "secret": None,
    }


def test_a_person_is_told_the_id_and_that_a_public_client_has_no_secret(deployed):
    ended = deployed("client", "create", *WALL)

    assert re.fullmatch(r"client_id  dpc_[0-9a-f]{32}\n", ended.out)
    assert ended.err == "Wallboard is public: it has no secret, and proves itself with PKCE.\n"


def test_the_secret_of_a_confidential_client_is_shown_once_and_in_no_file(deployed):
    ended = deployed("client", "create", *WALL, "--confidential")

    secret = re.fullmatch(
        r"client_id      dpc_[0-9a-f]{32}\nclient_secret  (dpcs_[\w-]{43})\n", ended.out
    ).group(1)
    later = deployed("client", "list").out + deployed("client", "list", "--json").out
    kept = b"".join(path.read_bytes() for path in (deployed.folder / ".deputize").iterdir())
    assert ended.err == "Shown once: copy the secret of Wallboard now.\n"
    assert secret not in later
    assert secret.encode() not in kept


def test_a_secret_is_rotated(deployed):
    created = deployed("client", "create", *WALL, "--confidential", "--json").json

    rotated = deployed("client", "rotate", created["id"][4:12], "--json").json

    assert rotated["id"] == created["id"]
    assert rotated["secret"] != created["secret"]


def test_a_client_is_disabled_and_enabled(deployed):
    client = deployed("client", "create", *WALL, "--json").json["id"]

    disabled = deployed("client", "disable", client)
    (seen,) = clients(deployed)
    enabled = deployed("client", "enable", client)

    assert disabled.out == "Wallboard is disabled: it gets no tokens, and its tokens are refused.\n"
    assert seen["enabled"] is False
    assert enabled.out == "Wallboard is enabled, with what people have granted to it.\n"
    assert [each["enabled"] for each in clients(deployed)] == [True]


def test_what_is_wrong_is_told_by_its_option_and_nothing_is_registered(deployed):
    ended = deployed(
        "client", "create", "Wallboard", "--scope", "reed", "--redirect-uri", "http://wall.example/back"
    )

    assert ended.code == 2
    assert ended.err == (
        "error[INVALID]: --redirect-uri http://wall.example/back: "
        "http is for http://127.0.0.1 and http://[::1] only. Use https.\n"
        '  --scope reed: It is none of read, trigger, write. Did you mean "read"?\n'
    )
    assert clients(deployed) == []


def test_a_client_that_is_not_there_is_told_where_to_look(deployed):
    ended = deployed("client", "disable", "dpc_1234")

    assert ended.code == 2
    assert ended.err == (
        'error[UNKNOWN_CLIENT]: there is no client whose id is or begins with "dpc_1234". '
        "`deputize client list` shows them.\n"
    )


def test_a_name_shows_so_that_it_cannot_act(deployed):
    deployed("client", "create", "[red]Wall</title>", *WALL[1:])

    assert "[red]Wall</title>" in deployed("client", "list").out
