"""What copy calls."""


def main():
    class A:
        def __deepcopy__(self, memo):
            return memo

# ends: rejected 6:9 NAME_NOT_ALLOWED
