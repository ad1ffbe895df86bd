"""``d[k] += f()`` reads d[k] before f changes it."""
table = {"n": 1}


def spoil():
    table["n"] = 100
    return 1


def main():
    table["n"] += spoil()
    return table

# ends: returned {"n": 2}
