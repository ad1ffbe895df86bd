"""A print calls write."""


def main():
    class W:
        def write(self, text):
            seen.append(text)
    seen = []
    print("x", file=W())
    return seen

# ends: returned ["x\n"]
