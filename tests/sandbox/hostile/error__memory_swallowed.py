"""Who catches the end of memory goes on with what there is."""


def main():
    try:
        "x" * 2**40
    except MemoryError:
        return "caught"

# ends: returned "caught"
