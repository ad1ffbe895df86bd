class Thing:
    def __init__(self):
        self.a = 1
        self.b = 2


def main():
    thing = Thing()
    setattr(thing, "c", 3)
    delattr(thing, "a")
    return [vars(thing), getattr(thing, "c")]

# ends: returned [{"b": 2, "c": 3}, 3]
