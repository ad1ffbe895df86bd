"""An attribute of the script's own may be called so."""


def main():
    class A:
        obj = 1
    a = A()
    a.obj = a.obj + 1
    return [a.obj, A.obj]

# ends: returned [2, 1]
