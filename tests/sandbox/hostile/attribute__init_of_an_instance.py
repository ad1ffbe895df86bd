"""A constructor is a function with globals."""


def main():
    class A:
        def __init__(self):
            pass
    return A().__init__.__globals__

# ends: rejected 8:12 ATTRIBUTE_NOT_ALLOWED; 8:12 ATTRIBUTE_NOT_ALLOWED
