"""A copy of the client is the client: two would count calls twice."""


import copy


def main(http, log, clock, secrets, form, constants, callback):
    return [copy.deepcopy(each) is each and copy.copy(each) is each for each in (http, log, clock, secrets, form, constants, callback)]

# ends: returned [true, true, true, true, true, true, true]
