def main():
    seen = []
    for n in range(10):
        if n == 2:
            continue
        if n == 5:
            break
        seen.append(n)
    else:
        seen.append("never")
    for _ in ():
        pass
    else:
        seen.append("else")
    while seen:
        if seen.pop() == 3:
            break
    for index, (key, value) in enumerate({"a": 1}.items(), start=5):
        seen.append([index, key, value])
    for left, right in zip("ab", [1, 2], strict=True):
        seen.append(left * right)
    return seen

# ends: returned [0, 1, [5, "a", 1], "a", "bb"]
