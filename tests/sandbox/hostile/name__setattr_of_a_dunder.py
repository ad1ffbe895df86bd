"""Names as texts are judged like names."""


def main():
    setattr(main, "__code__", 1)

# ends: faulted AttributeError: "__code__" belongs to the interpreter
