"""What is sent is the text itself."""


class S(str):
    def __str__(self):
        return "other"
    def isascii(self):
        return False
    def encode(self, *a):
        raise KeyError("mine")


def main():
    return {S("key"): S("value")}

# ends: returned {"key": "value"}
