import html
import urllib.parse
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, unquote, urlencode, urljoin, urlsplit


def main():
    parts = urlsplit("https://user:pw@exämple.com:8443/a/b?q=1&q=2#frag")
    return [
        html.escape("<a href='x'>&"), html.unescape("&lt;&auml;&#8364;"), quote("a b/ä"), quote("a/b", safe=""), unquote("a%20b%C3%A4"),
        urlencode({"a": "ä b", "l": [1, 2]}, doseq=True), parse_qs("a=1&a=2&b="), parse_qsl("a=1&b=x%20y"), urljoin("https://a/b/c", "../d"),
        parts.hostname, parts.port, parts.path, parts.query, parts.fragment, parts.username, parts._replace(query="").geturl(),
        urllib.parse.urlparse("http://a/b;p?q").params, quote_plus("a b&c"), urllib.parse.urlunsplit(("https", "h", "/p", "q=1", "")),
    ]

# ends: returned ["&lt;a href=&#x27;x&#x27;&gt;&amp;", "<ä€", "a%20b/%C3%A4", "a%2Fb", "a bä", "a=%C3%A4+b&l=1&l=2", {"a": ["1", "2"]}, [["a", "1"], ["b", "x y"]], "https://a/d", "exämple.com", 8443, "/a/b", "q=1&q=2", "frag", "user", "https://user:pw@exämple.com:8443/a/b#frag", "p", "a+b%26c", "https://h/p?q=1"]
