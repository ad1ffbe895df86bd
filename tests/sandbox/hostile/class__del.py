"""A method that runs when nobody looks."""


def main():
    class A:
        def __del__(self):
            print("late")

# ends: rejected 6:9 NAME_NOT_ALLOWED
