import base64
import binascii
from binascii import crc32


def main():
    data = "päss:wörd".encode()
    try:
        base64.b64decode("a", validate=True)
    except binascii.Error as error:
        wrong = type(error).__name__
    return [
        base64.b64encode(data).decode(), base64.b64decode("cMOkc3M=").decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.b32encode(b"abc").decode(), base64.b16decode("FF").hex(), base64.b85encode(b"abcd").decode(),
        binascii.hexlify(b"ab").decode(), binascii.unhexlify("6162").decode(), crc32(b"abc"), wrong,
    ]

# ends: returned ["cMOkc3M6d8O2cmQ=", "päss", "__4=", "MFRGG===", "ff", "VPa!s", "6162", "ab", 891568578, "Error"]
