from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


@unique
class Colour(Enum):
    RED = 1
    GREEN = 2
    CRIMSON_ = "c"

    @property
    def nice(self):
        return self.name.title()

    @classmethod
    def _missing_(cls, value):
        return cls.RED if value == "rot" else None

    def again(self):
        return self._missing_("rot").name


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Word(StrEnum):
    YES = auto()
    NO = "nein"


class Access(Flag):
    READ = auto()
    WRITE = auto()


class Planet(Enum):
    EARTH = (1, "e")
    MARS = (2, "m")

    def __init__(self, number, letter):
        self.number = number
        self.letter = letter


def main():
    try:
        Colour(9)
    except ValueError as error:
        wrong = str(error)
    both = Access.READ | Access.WRITE
    match Colour.GREEN:
        case Colour.RED:
            matched = "red"
        case Colour.GREEN:
            matched = "green"
    return [
        Colour.RED.value, Colour(2).name, Colour["RED"].nice, [each.name for each in Colour], Colour("rot").name,
        Level.HIGH + 1, Level.LOW < Level.HIGH, Word.YES, f"{Word.NO}!", Access.READ in both, Planet.MARS.letter,
        wrong, matched, len(Colour), Colour.RED is Colour(1), repr(Colour.RED), str(Level.LOW), isinstance(Word.NO, str),
        Colour.GREEN.again(),
    ]

# ends: returned [1, "GREEN", "Red", ["RED", "GREEN", "CRIMSON_"], "RED", 3, true, "yes", "nein!", true, "m", "9 is not a valid Colour", "green", 3, true, "<Colour.RED: 1>", "1", true, "RED"]
