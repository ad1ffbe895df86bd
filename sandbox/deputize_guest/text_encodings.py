"""The encodings that scripts may use: loaded while there are files, and the only ones that are found."""

import codecs
import encodings
import encodings.aliases
from typing import Final

_ENCODINGS: Final = """
    ascii big5 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp866 cp932
    cp949 euc_jp euc_kr gb18030 gb2312 gbk hex_codec idna iso2022_jp iso8859_1 iso8859_2 iso8859_3 iso8859_4
    iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13 iso8859_14 iso8859_15
    iso8859_16 koi8_r koi8_u latin_1 mac_roman punycode raw_unicode_escape shift_jis tis_620 unicode_escape
    utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8 utf_8_sig
"""
_FOUND: Final[dict[str, codecs.CodecInfo]] = {}


def load_encodings() -> None:
    """Load every encoding, and have the interpreter look for no other.

    Its own search takes the name of an encoding, which is a script's to choose, for the name of a module.
    """
    for name in _ENCODINGS.split():
        _FOUND[name] = codecs.lookup(name)
    codecs.register(_search)
    codecs.unregister(encodings.search_function)


def _search(name: str) -> codecs.CodecInfo | None:
    normal = encodings.normalize_encoding(name).lower()
    return _FOUND.get(normal) or _FOUND.get(encodings.aliases.aliases.get(normal, ""))
