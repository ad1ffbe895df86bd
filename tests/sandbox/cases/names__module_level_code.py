"""Module level code runs once, before main."""
import json

TABLE = {name: len(name) for name in ("a", "bb")}
for extra in ("ccc",):
    TABLE[extra] = len(extra)
if __name__ == "__main__":
    TABLE = None
else:
    SQUARES = [n * n for n in range(3)]
try:
    unreached = json.loads("{")
except json.JSONDecodeError as error:
    FAILED = error.pos


def main():
    return [TABLE, SQUARES, FAILED]

# ends: returned [{"a": 1, "bb": 2, "ccc": 3}, [0, 1, 4], 1]
