import io


def main():
    print("a", 1, None, [2])
    print("x", "y", sep="-")
    print()
    print("two\nlines")
    buffer = io.StringIO()
    print("into", "buffer", file=buffer, end="!")
    return buffer.getvalue()

# ends: returned "into buffer!"
# logs: ["a 1 None [2]", "x-y", "", "two\nlines"]
