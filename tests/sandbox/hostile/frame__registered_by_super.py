"""The same, through super."""


def main():
    from abc import ABC
    class A(ABC):
        @classmethod
        def take(cls):
            return super().register(object)
    return A.take()

# ends: faulted AttributeError: 'super' object has no attribute 'register'
