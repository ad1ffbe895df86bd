def main():
    return [
        0xFF, 0o17, 0b101, 1_000_000, 1e3, .5, 2 ** 70, -7 // 2, -7 % 3, 7 / 2, True + 1,
        "a" "b", 'it\'s', "tab\t", r"\n", """three
lines""", "\N{BULLET} \u00e4 \U0001f600", b"bytes\x00".hex(), str(3 + 4j), str(...), None,
        [1, [2]], (1,), {"a": {"b": 1}}, sorted({3, 1, 2}), "x" * 3, [0] * 2, 1 < 2 < 3, not 1, 5 and 0, 0 or "d", ~5, +3,
        1 if [] else 2, "b" in "abc", None is None, [1, 2, 3, 4][1:3], "hello"[::-1], [1, 2, 3][-1], 1 << 4 | 1, 6 ^ 3 & 1,
    ]

# ends: returned [255, 15, 5, 1000000, 1000.0, 0.5, 1180591620717411303424, -4, 2, 3.5, 2, "ab", "it's", "tab\t", "\\n", "three\nlines", "• ä 😀", "627974657300", "(3+4j)", "Ellipsis", null, [1, [2]], [1], {"a": {"b": 1}}, [1, 2, 3], "xxx", [0, 0], true, false, 0, "d", -6, 3, 2, true, true, [2, 3], "olleh", 3, 17, 7]
