"""CVE-2024-47532, through super."""


def main():
    class E(AttributeError):
        def peek(self):
            return super().obj
    return str(E("x", obj=main).peek())

# ends: faulted AttributeError: "obj" of an AttributeError is not available
