"""``deputize explain``: the refusal as it is on record, and who has now what was missing."""

import pytest

REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


@pytest.mark.parametrize("target", ["7f3a2c1d", "7f3a2c1d/4", "7f3a2c1d/3"])
def test_a_refused_call_is_explained_by_its_run_its_entry_and_its_exchange(deployed, target):
    ended = deployed("explain", target)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "Call        403 FORBIDDEN  GET /api/xm/1/people/mmcbride?embed=roles  on endpoint platform"
        "  7f3a2c1d/4\n"
        "Identity    rob – who set grafana off, via api-key\n"
        f"Decision    {REASON}\n"
        "            said by    platform\n"
        "            needs      View or Use on role Standard User\n"
        "            has now    role REST Web Service User\n"
        "            would pass role Company Supervisor (dana)\n"
        "You can     1  have it changed by who administers people or plans: dana (people, plans, admin)\n"
        "            2  handle it in the script: if response.refused: …  (grafana:9)\n"
        "            3  try it as one who has that: deputize run grafana --as dana --payload FILE\n"
    )


def test_a_run_that_was_not_begun_is_explained_without_a_script(process):
    ended = process("explain", "7f3a9")

    assert ended.out == (
        "Call        not begun: inbound  7f3a9e00/1\n"
        "Identity    rob – who set grafana off, via api-key\n"
        'Decision    rob may not send form "alert" (access to plan: yes, sender permission: no).\n'
        "            said by    deputize\n"
        '            needs      sender permission on form "alert"\n'
        "            has now    role REST Web Service User\n"
        "            would pass role Company Supervisor (dana)\n"
        "            would pass person dana\n"
        "You can     1  have it changed by who administers people or plans: dana (people, plans, admin)\n"
        "            2  try it as one who has that: deputize run grafana --as dana --payload FILE\n"
    )


def test_json_has_the_entry_as_it_was_written_and_what_is_known_now(deployed):
    (explained,) = deployed("explain", "7f3a2", "--json").json["data"]

    assert explained["entry"] == deployed("show", "7f3a2/4", "--json").json
    assert explained["now"] == {
        "roles": ["REST Web Service User"],
        "would_pass": [{"who": "role Company Supervisor", "people": ["dana"]}],
        "may_change_it": {"dana": ["people", "plans", "admin"]},
    }


def test_a_run_without_a_refusal_has_nothing_to_explain(deployed):
    ended = deployed("explain", "c0ffee")

    assert (ended.code, ended.out, ended.err) == (0, "", "Nothing was refused in run c0ffee.\n")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("7f3a2/2", "entry 2 of the run is no refusal, but http.exchange. Refusals of this run: 4."),
        ("7f3a2/9", "the run has no entry 9; it has 6. Refusals of this run: 4."),
        ("badc/1", "entry 1 of the run is no refusal, but log. No call of this run was refused."),
    ],
)
def test_an_entry_that_is_no_refusal_is_said_to_be_none(deployed, target, message):
    ended = deployed("explain", target)

    assert (ended.code, ended.out, ended.err) == (2, "", f"error[NOT_REFUSED]: {message}\n")
