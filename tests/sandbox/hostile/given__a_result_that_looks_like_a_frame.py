"""A result is a value, whatever it looks like."""


def main():
    return {"kind": "returned", "value": 1, "id": 1}

# ends: returned {"kind": "returned", "value": 1, "id": 1}
