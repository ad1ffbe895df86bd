"""What is sent is the number itself."""


class I(int):
    def bit_length(self):
        return 1
    def __int__(self):
        return 10**9999
    def __repr__(self):
        return "x"


class F(float):
    def __repr__(self):
        return "nan"
    def __float__(self):
        return float("nan")


def main():
    return [I(7), F(1.5)]

# ends: returned [7, 1.5]
