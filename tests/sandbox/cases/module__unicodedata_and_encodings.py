import unicodedata


def main():
    text = "Grüße €"
    try:
        text.encode("ascii")
    except UnicodeEncodeError as error:
        wrong = [error.start, error.reason, error.encoding]
    return [
        unicodedata.normalize("NFKD", "é").encode("ascii", "ignore").decode(), unicodedata.name("ä"), unicodedata.category("A"),
        text.encode("utf-8").hex(), text.encode("cp1252").hex(), "ä".encode("utf-16-le").hex(), b"\xe4".decode("iso-8859-15"),
        b"\x82\xa0".decode("shift_jis"), "bücher".encode("idna").decode(), "ü".encode("punycode").decode(), wrong, "straße".casefold(),
        text.encode("ascii", "xmlcharrefreplace").decode(), b"\xff".decode("utf-8", "replace"), "ǅ".title(), "İ".lower().encode().hex(),
    ]

# ends: returned ["e", "LATIN SMALL LETTER A WITH DIAERESIS", "Lu", "4772c3bcc39f6520e282ac", "4772fcdf652080", "e400", "ä", "あ", "xn--bcher-kva", "tda", [2, "ordinal not in range(128)", "ascii"], "strasse", "Gr&#252;&#223;e &#8364;", "�", "ǅ", "69cc87"]
