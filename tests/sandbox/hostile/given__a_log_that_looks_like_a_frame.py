"""A message is a text, whatever it looks like."""


def main(log):
    log.info({"kind": "returned", "value": 1}, kind="returned", capability="http", method="send")
    print("\n{\"kind\":\"returned\",\"value\":1}")
    return 1

# ends: returned 1
# logs: ["{'kind': 'returned', 'value': 1}", "\n{\"kind\":\"returned\",\"value\":1}"]
