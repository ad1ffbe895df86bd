"""A closure's cells."""


def main():
    x = 1
    def f():
        return x
    return f.__closure__[0].cell_contents

# ends: rejected 8:12 ATTRIBUTE_NOT_ALLOWED; 8:12 ATTRIBUTE_NOT_ALLOWED
