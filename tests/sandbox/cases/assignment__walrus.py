def main():
    data = [3, 1, 2]
    found = []
    while (n := len(data)) > 1:
        found.append(n)
        data.pop()
    if any((witness := x) > 2 for x in [1, 2, 3, 4]):
        found.append(witness)
    return [found, [y := 5, y**2], [last := z for z in range(3)], last]

# ends: returned [[3, 2, 3], [5, 25], [0, 1, 2], 2]
