"""A dict that changes while it is gone through."""


def main():
    d = {1: 1}
    try:
        for key in d:
            d[key + 1] = 1
    except RuntimeError as error:
        return str(error)

# ends: returned "dictionary changed size during iteration"
