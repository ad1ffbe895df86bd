def main():
    assert 1 + 1 == 2
    assert [], "the list is empty"

# ends: faulted AssertionError: the list is empty
