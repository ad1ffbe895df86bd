"""Values within values end."""


def main():
    import json
    a = []
    a.append(a)
    try:
        json.dumps(a)
    except ValueError as error:
        return str(error)

# ends: returned "Circular reference detected"
