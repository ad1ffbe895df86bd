"""The policy of Python holds factories and managers."""


def main():
    from email import policy
    return policy.default.header_factory

# ends: faulted AttributeError: 'Policy' object has no attribute 'header_factory'
