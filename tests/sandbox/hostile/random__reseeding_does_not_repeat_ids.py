"""Who seeds the generator does not choose the ids."""


def main():
    import random, uuid
    random.seed(1)
    first = uuid.uuid4()
    random.seed(1)
    return first == uuid.uuid4()

# ends: returned false
