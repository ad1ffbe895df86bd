import random
from random import Random


def main():
    own = Random(5)
    random.seed(7)
    picked = [random.randint(1, 100), random.choice("abc"), random.random() < 1, random.sample(range(10), 3)]
    items = [1, 2, 3]
    random.shuffle(items)
    return [picked, items, own.random(), Random(5).random() == Random(5).random(), random.uniform(1, 2) < 2, len(random.choices("ab", k=4))]

# ends: returned [[42, "a", true, [0, 1, 8]], [3, 1, 2], 0.6229016948897019, true, true, 4]
