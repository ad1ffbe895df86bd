def main():
    found = []
    for action in (
        lambda: 1 / 0,
        lambda: {}["k"],
        lambda: [][1],
        lambda: int("x"),
        lambda: "a" + 1,
        lambda: "a".nothing,
        lambda: next(iter([])),
        lambda: b"\xff".decode(),
        lambda: "\u1234".encode("ascii"),
        lambda: float("1e400") ** 2 ** 99999,
        lambda: (_ for _ in ()).throw(PermissionError("p")),
    ):
        try:
            action()
        except Exception as error:
            found.append(f"{type(error).__name__}: {error}")
    return found

# ends: returned ["ZeroDivisionError: division by zero", "KeyError: 'k'", "IndexError: list index out of range", "ValueError: invalid literal for int() with base 10: 'x'", "TypeError: can only concatenate str (not \"int\") to str", "AttributeError: 'str' object has no attribute 'nothing'", "StopIteration: ", "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte", "UnicodeEncodeError: 'ascii' codec can't encode character '\\u1234' in position 0: ordinal not in range(128)", "OverflowError: int too large to convert to float", "PermissionError: p"]
