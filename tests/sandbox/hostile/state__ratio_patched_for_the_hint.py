"""What the guest itself uses to tell of an exception is patched; the exception is told all the same."""
import difflib
import json


def main():
    def ratio(self):
        raise BaseException
    difflib.SequenceMatcher.real_quick_ratio = ratio
    name = "dmps"
    return getattr(json, name)

# ends: faulted AttributeError: an exception that cannot be shown
