"""The same seed draws the same."""


def main():
    import random, uuid
    return [random.randint(1, 10**6), str(uuid.uuid4()), random.Random().randint(1, 10**6)]

# ends: returned [195850, "a8087782-67f5-41ba-bbdf-198fe369f1fb", 172430]
