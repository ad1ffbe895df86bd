"""What super reaches cannot be looked into."""


def main():
    class A:
        def f(self):
            return super().__init__.__self__
    return A().f()

# ends: rejected 7:20 ATTRIBUTE_NOT_ALLOWED
