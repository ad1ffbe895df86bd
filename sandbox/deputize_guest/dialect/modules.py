"""The published modules: which names of each a script gets, and the facades that hold them."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from deputize_guest import api
from deputize_guest.dialect.facade import Facade, public_names
from deputize_guest.dialect.importable import API

#: Modules whose names are taken from the standard module as they are.
PLAIN: Final[Mapping[str, str]] = {
    "base64": """
        a85decode a85encode b16decode b16encode b32decode b32encode b32hexdecode b32hexencode b64decode
        b64encode b85decode b85encode decodebytes encodebytes standard_b64decode standard_b64encode
        urlsafe_b64decode urlsafe_b64encode
    """,
    "binascii": """
        Error Incomplete a2b_base64 a2b_hex a2b_qp a2b_uu b2a_base64 b2a_hex b2a_qp b2a_uu crc32 crc_hqx
        hexlify unhexlify
    """,
    "html": "escape unescape",
    "itertools": """
        accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile
        filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
    """,
    "json": "JSONDecodeError JSONEncoder dump dumps load loads",
    "math": """
        acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp
        exp2 expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan
        isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder
        sin sinh sqrt sumprod tan tanh tau trunc ulp
    """,
    "re": """
        A ASCII DOTALL I IGNORECASE M MULTILINE Match NOFLAG Pattern S U UNICODE VERBOSE X compile error
        escape findall finditer fullmatch match search split sub subn
    """,
    "textwrap": "dedent fill indent shorten wrap",
    "urllib.parse": """
        parse_qs parse_qsl quote quote_from_bytes quote_plus unquote unquote_plus unquote_to_bytes urldefrag
        urlencode urljoin urlparse urlsplit urlunparse urlunsplit
    """,
}


def build() -> dict[str, Facade]:
    """Return every facade by its full name, and those of the packages that hold them."""
    members: dict[str, dict[str, Any]] = {name: _taken(name, PLAIN[name]) for name in PLAIN}
    members[API] = {name: getattr(api, name) for name in api.__all__}
    facades: dict[str, Facade] = {}
    # The longest first, so that a package finds its modules.
    for name in sorted({*members, *_packages(members)}, key=lambda each: -each.count(".")):
        inner = {
            key.rpartition(".")[2]: value for key, value in facades.items() if key.rpartition(".")[0] == name
        }
        facades[name] = Facade(name, {**members.get(name, {}), **inner})
    return facades


def published(facades: Mapping[str, Facade]) -> Mapping[str, frozenset[str]]:
    """Return the public names of each facade."""
    return MappingProxyType({name: public_names(facade) for name, facade in facades.items()})


def _taken(module: str, names: str) -> dict[str, Any]:
    # A name that this Python lacks is left out: math.sumprod came with 3.12.
    real = importlib.import_module(module)
    return {name: getattr(real, name) for name in names.split() if hasattr(real, name)}


def _packages(members: Mapping[str, object]) -> set[str]:
    return {name[:dot] for name in members for dot, letter in enumerate(name) if letter == "."}
