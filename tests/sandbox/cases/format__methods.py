def main():
    row = {"name": "Ann", "n": 3}
    wrong = []
    for action in (lambda: "{x}".format(), lambda: "{} {}".format(1), lambda: "{".format(1), lambda: "{0} {}".format(1)):
        try:
            action()
        except (KeyError, IndexError, ValueError) as error:
            wrong.append(type(error).__name__)
    return [
        "{} {}".format(1, "b"),
        "{1} {0} {name!r:>6} {n:03d}".format("a", "b", **row),
        "{name}-{n}".format_map(row),
        "{:{width}.2f}|{:^7}|{{}}".format(3.14159, "x", width=8),
        str.format("{:,}", 12345),
        "%s %d %5.1f %r %(a)s" % () if False else "%s %d %5.1f %r" % ("a", 3, 2.25, "q"),
        "%(name)s: %(n)02d" % row,
        format(3.5, ".2f"),
        list(map("<{}>".format, "ab")),
        wrong,
    ]

# ends: returned ["1 b", "b a  'Ann' 003", "Ann-3", "    3.14|   x   |{}", "12,345", "a 3   2.2 'q'", "Ann: 03", "3.50", ["<a>", "<b>"], ["KeyError", "IndexError", "ValueError", "ValueError"]]
