"""The encodings that scripts may use: loaded while there are files."""

import codecs
from typing import Final

_ENCODINGS: Final = """
    ascii big5 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp866
    cp932 cp949 euc-jp euc-kr gb18030 gb2312 gbk hex idna iso-2022-jp iso8859-1 iso8859-2 iso8859-3
    iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13
    iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman punycode raw-unicode-escape shift-jis tis-620
    unicode-escape utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le utf-7 utf-8 utf-8-sig
"""


def load_encodings() -> None:
    """Have the interpreter know every encoding, so that none is looked for in a file."""
    for name in _ENCODINGS.split():
        codecs.lookup(name)
