"""CVE-2024-47532, in an error of the script's own."""


def main():
    class E(AttributeError):
        def peek(self):
            return self.obj
    return str(E(obj=main).peek())

# ends: faulted AttributeError: "obj" of an AttributeError is not available
