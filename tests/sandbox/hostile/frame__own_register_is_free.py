"""A method of the script's own may be called so."""


def main():
    class Registry:
        def __init__(self):
            self.names = []
        def register(self, name):
            self.names.append(name)
            return self
    return Registry().register("a").names

# ends: returned ["a"]
