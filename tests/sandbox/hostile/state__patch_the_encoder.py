"""A method of Python's own class can be exchanged, for this run."""


def main():
    import json
    def spoil(self, value):
        seen.append(type(value).__name__)
        return "spoilt"
    seen = []
    json.JSONEncoder.default = spoil
    json.dumps({1})
    return {"seen": seen}

# ends: returned {"seen": ["set"]}
