"""A dialect is read in C."""


def main():
    import csv
    class D(csv.excel):
        delimiter = "::"
    return list(csv.reader(["a::b"], dialect=D))

# ends: faulted TypeError: "delimiter" must be a 1-character string
