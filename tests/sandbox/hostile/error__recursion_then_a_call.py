"""A stack that is full leaves no half of a frame behind."""


def main():
    def deep(n):
        try:
            deep(n + 1)
        except RecursionError:
            print("x")
    try:
        deep(0)
    except RecursionError:
        pass
    return "whole"

# ends: returned "whole"
# logs: ["x"]
