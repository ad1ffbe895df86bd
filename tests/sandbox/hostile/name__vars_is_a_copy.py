"""Writing into the copy writes into nothing else."""


def main():
    class A:
        pass
    a = A()
    vars(a)["__class__"] = int
    return [hasattr(a, "__class__"), a.__class__ is A]

# ends: returned [true, true]
