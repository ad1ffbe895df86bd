"""What can be wrong with a bundle."""

from deputize.errors import Misconfigured, Refused


class BundleInvalid(Misconfigured):
    """A file is no bundle that can be read."""

    code = "BUNDLE_INVALID"


class SecretInBundle(Refused):
    """A bundle would have held a secret; it was not written."""

    code = "SECRET_IN_BUNDLE"


class NotRecorded(Refused):
    """Of a run there is no journal: its script was never started, or the record is gone."""

    code = "NOT_RECORDED"


class NoTestOfIt(Refused):
    """Of a run no test can be made: it did not end by itself."""

    code = "NO_TEST_OF_IT"


class BundleMissing(Misconfigured):
    """The bundle that a test names is not there."""

    code = "BUNDLE_MISSING"


class RecordingRefused(Refused):
    """A run in a test would not have made a bundle that says what the endpoints do; it was not written."""

    code = "RECORDING_REFUSED"
