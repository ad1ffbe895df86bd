"""The parameters of a request: read by one parser, each at most once (RFC 6749 §3.1 and §3.2)."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from deputize.inbound.content import FORM
from deputize.inbound.presented import query_parameters
from deputize.oauth.refusals import Refusal, invalid_request

#: By name; one without a value counts as left out.
Parameters: TypeAlias = Mapping[str, str]

_NUL: Final = "\0"
_CHARSETS: Final = ("", "charset=utf-8", 'charset="utf-8"')


def read_query(query: str) -> Parameters | Refusal:
    """Return the parameters of *query*, which is percent-encoded."""
    return _read(query, what="query")


def read_form(body: bytes, *, content_types: Sequence[str], query: str) -> Parameters | Refusal:
    """Return the parameters of a form.

    Nothing is read from the address, and nothing may stand there: what is written down of addresses would
    be passwords and tokens (RFC 9700 §4.3).
    """
    if query:
        return invalid_request("Send the parameters in the body, as a form. The address has a query.")
    kind, _, charset = content_types[0].partition(";") if len(content_types) == 1 else ("", "", "")
    if kind.strip().lower() != FORM or charset.strip().lower() not in _CHARSETS:
        return invalid_request(f"Send the parameters as a form, with Content-Type: {FORM}.")
    try:
        return _read(body.decode(), what="body")
    except UnicodeDecodeError:
        return invalid_request("The body is not UTF-8.")


def _read(text: str, *, what: str) -> Parameters | Refusal:
    found = query_parameters(text)
    if found is None:
        return invalid_request(f"The {what} is not percent-encoded UTF-8, or has too many parameters.")
    if len({name for name, _ in found}) < len(found):
        return invalid_request(f"A parameter stands in the {what} more than once.")
    if any(_NUL in name or _NUL in value for name, value in found):
        return invalid_request(f"A parameter of the {what} holds a NUL.")
    return {name: value for name, value in found if value}
