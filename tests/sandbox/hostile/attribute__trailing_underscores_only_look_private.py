"""A trailing underscore is an ordinary letter."""


def main():
    class A:
        class_ = 1
    return A.class_

# ends: returned 1
