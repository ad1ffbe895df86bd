class OutOfStock(LookupError):
    pass


def main():
    try:
        [].pop()
    except IndexError as error:
        raise OutOfStock(f"nothing left: {error}") from None

# ends: faulted OutOfStock: nothing left: pop from empty list
