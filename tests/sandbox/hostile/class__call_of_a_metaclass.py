"""There are no metaclasses, so that a call is an instance's."""


def main():
    class A:
        def __call__(self):
            return "instance"
    try:
        return A()()
    except TypeError:
        return "class"

# ends: returned "instance"
