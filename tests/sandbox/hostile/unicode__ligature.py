"""NFKC turns a ligature into its letters."""


def main():
    return [].gi_ﬀrame

# ends: faulted AttributeError: 'list' object has no attribute 'gi_fframe'
