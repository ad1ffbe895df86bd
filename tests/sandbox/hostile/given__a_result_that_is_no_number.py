"""JSON has no such number."""


def main():
    return {"a": [float("nan")]}

# ends: faulted ValueError: main returned nan at ['a'][0]; JSON has no such number
