"""Values that cannot be used are named by their places."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "path", "body", "errors"),
    [
        (
            "PATCH",
            "/plans/incidents",
            {"initiator": "x"},
            [{"pointer": "/initiator", "detail": "Extra inputs are not permitted."}],
        ),
        (
            "PATCH",
            "/plans/incidents",
            {"access": {"roles": ["Standard", 1], "groups": []}, "requests_per_minute": 0},
            [
                {"pointer": "/access/roles/1", "detail": "Input should be a valid string."},
                {"pointer": "/access/groups", "detail": "Extra inputs are not permitted."},
                {"pointer": "/requests_per_minute", "detail": "Input should be greater than or equal to 1."},
            ],
        ),
        (
            "PATCH",
            "/plans/incidents",
            {"enabled": None},
            [{"pointer": "/enabled", "detail": "Input should be a valid boolean."}],
        ),
        (
            "PATCH",
            "/plans/incidents",
            [],
            [
                {
                    "pointer": "",
                    "detail": "Input should be a valid dictionary or object to extract fields from.",
                }
            ],
        ),
        (
            "PATCH",
            "/forms/alert",
            {"start": ["fax"]},
            [{"pointer": "/start/0", "detail": "Input should be 'ui', 'api', 'mobile' or 'email'."}],
        ),
        (
            "PATCH",
            "/users/stan",
            {"a/b~c": 1},
            [{"pointer": "/a~1b~0c", "detail": "Extra inputs are not permitted."}],
        ),
        ("PUT", "/users/stan/password", {}, [{"pointer": "/password", "detail": "Field required."}]),
        (
            "GET",
            "/runs?limit=0",
            None,
            [{"parameter": "limit", "detail": "Input should be greater than or equal to 1."}],
        ),
        (
            "GET",
            "/runs?since=yesterday",
            None,
            [
                {
                    "parameter": "since",
                    "detail": "A moment is written as 2026-11-25T08:34:28Z, or with an offset such as +01:00.",
                }
            ],
        ),
        (
            "GET",
            "/runs?since=2026-11-25T08:34:28",
            None,
            [
                {
                    "parameter": "since",
                    "detail": "A moment is written as 2026-11-25T08:34:28Z, or with an offset such as +01:00.",
                }
            ],
        ),
        (
            "GET",
            "/runs?state=LOST",
            None,
            [
                {
                    "parameter": "state",
                    "detail": "Input should be 'QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED', 'INTERRUPTED', 'POISONED' or 'DENIED'.",
                }
            ],
        ),
        (
            "GET",
            "/activity?statusCode=9",
            None,
            [{"parameter": "statusCode", "detail": "Input should be greater than or equal to 100."}],
        ),
        ("GET", "/activity?text=%00", None, [{"parameter": "text", "detail": "It holds a NUL."}]),
        (
            "GET",
            "/integrations/by-url/versions/x",
            None,
            [
                {
                    "parameter": "number",
                    "detail": "Input should be a valid integer, unable to parse string as an integer.",
                }
            ],
        ),
    ],
)
async def test_a_value_that_cannot_be_used_is_named_by_its_place(bench, method, path, body, errors):
    answer = await bench.client("ann").request(
        method, f"/api/v1{path}", **({} if body is None else {"json": body})
    )

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert (document["code"], document["type"]) == ("INVALID", "/errors/INVALID")
    assert document["errors"] == errors
