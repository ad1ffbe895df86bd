import math
import statistics
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, getcontext, localcontext
from fractions import Fraction


def main():
    with localcontext() as context:
        context.prec = 5
        short = Decimal(1) / Decimal(3)
    try:
        Decimal("x")
    except InvalidOperation as error:
        wrong = type(error).__name__
    return [
        str(Decimal("1.10") + Decimal("2.20")), str(short), str(Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP)),
        getcontext().prec, wrong, str(Fraction(3, 4) + Fraction("1/4")), str(Fraction(0.25)), math.isclose(0.1 + 0.2, 0.3),
        math.ceil(1.2), math.floor(-1.2), math.gcd(12, 18), math.sqrt(16), round(math.pi, 4), math.inf > 1, math.comb(5, 2),
        statistics.mean([1, 2, 3, 4]), statistics.median([5, 1, 3]), statistics.mode("aab"), round(statistics.stdev([1, 2, 4]), 4),
        statistics.quantiles([1, 2, 3, 4], n=2), round(statistics.NormalDist(0, 1).cdf(1), 4), math.prod([2, 3]), math.hypot(3, 4),
    ]

# ends: returned ["3.30", "0.33333", "2.68", 28, "InvalidOperation", "1", "1/4", true, 2, -2, 6, 4.0, 3.1416, true, 10, 2.5, 3, "a", 1.5275, [2.5], 0.8413, 6, 5.0]
