"""Where memory lies is nobody's business."""


def main(log):
    print(object(), main, (n for n in ()))
    return 1

# ends: returned 1
# logs: ["<object object> <function main> <generator object main.<locals>.<genexpr>>"]
