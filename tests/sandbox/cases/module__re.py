import re
from re import IGNORECASE, VERBOSE, Pattern


def main():
    pattern = re.compile(r"(?P<name>\w+)@(?P<host>[\w.]+)", IGNORECASE)
    match = pattern.search("mail Ann@Example.com now")
    try:
        re.compile("(")
    except re.error as error:
        wrong = [error.msg, error.pos]
    return [
        match.group("name"), match.groups(), match.groupdict(), match.span(), match["host"], re.findall(r"\d+", "a1b22"),
        re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"), re.sub(r"\d", lambda found: str(int(found.group()) * 2), "1 2"), re.split(r"[,;]\s*", "a, b;c"),
        bool(re.fullmatch(r"[A-Z]{2}\d", "AB1")), [found.start() for found in re.finditer("a", "banana")], re.escape("a.b"), wrong,
        re.match(r"(?x) a  # letter", "a").group(), re.compile("^a$", re.MULTILINE).findall("a\na"), re.subn("a", "b", "aa"),
        isinstance(pattern, Pattern), pattern.pattern, re.search(r"(?<=-)\w+(?!x)", "a-bc").group(), int(re.I | VERBOSE), re.I.name,
    ]

# ends: returned ["Ann", ["Ann", "Example.com"], {"name": "Ann", "host": "Example.com"}, [5, 20], "Example.com", ["1", "22"], "1a 2b", "2 4", ["a", "b", "c"], true, [1, 3, 5], "a\\.b", ["missing ), unterminated subpattern", 0], "a", ["a", "a"], ["bb", 2], true, "(?P<name>\\w+)@(?P<host>[\\w.]+)", "bc", 66, "IGNORECASE"]
