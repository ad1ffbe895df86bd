"""The assembled filter says, call by call, what its readable list says; without asking the kernel."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from deputize_sandbox.jail import seccomp
from deputize_sandbox.jail.bpf import Having, OneOf, Rule, Without, assemble

X86_64 = 0xC000003E
I386 = 0x40000003
AARCH64 = 0xC00000B7
X32 = 0x40000000

ALLOWED = 0x7FFF0000
REFUSED = 0x00050000 | 13
KILLED = 0x80000000

NAMES = {number: name for name, number in seccomp.NUMBERS.items()}
PROGRAM = seccomp.program()

words = st.integers(0, 0xFFFFFFFF)
arguments = st.lists(st.integers(0, 0xFFFFFFFFFFFFFFFF) | st.integers(0, 300), min_size=6, max_size=6)


def execute(program: bytes, number: int, arguments=(0,) * 6, architecture: int = X86_64) -> tuple[int, int]:
    """Execute a classic BPF program as the kernel does; return its verdict and how many steps that took."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments)
    instructions = list(struct.iter_unpack("HBBI", program))
    accumulator, place, steps = 0, 0, 0
    while True:
        code, if_true, if_false, operand = instructions[place]
        place, steps = place + 1, steps + 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case 0x15:
                place += if_true if accumulator == operand else if_false
            case 0x35:
                place += if_true if accumulator >= operand else if_false
            case 0x45:
                place += if_true if accumulator & operand else if_false
            case 0x06:
                return operand, steps
            case _:
                raise AssertionError(f"an instruction that is not used here: {code:#x}")


def verdict(program: bytes, number: int, arguments=(0,) * 6, architecture: int = X86_64) -> int:
    return execute(program, number, arguments, architecture)[0]


def listed(number: int, arguments) -> int:
    """Return what the readable list says of a call."""
    name = NAMES.get(number)
    if name in seccomp.ANSWERED:
        return REFUSED
    if name not in seccomp.ALLOWED:
        return KILLED
    for check in seccomp.ALLOWED[name]:
        value = arguments[check.argument] & 0xFFFFFFFF
        match check:
            case OneOf(values=values):
                passed = value in values
            case Without(mask=mask):
                passed = not value & mask
            case Having(mask=mask):
                passed = bool(value & mask)
        if not passed:
            return REFUSED
    return ALLOWED


def test_every_number_gets_what_the_list_says():
    for number in range(1024):
        assert verdict(PROGRAM, number) == listed(number, (0,) * 6), number


@given(number=st.sampled_from(sorted(NAMES)) | words, arguments=arguments)
def test_arguments_are_checked_as_the_list_says(number, arguments):
    expected = KILLED if number >= X32 else listed(number, arguments)

    assert verdict(PROGRAM, number, arguments) == expected


@given(number=words, architecture=words.filter(lambda each: each != X86_64))
def test_a_call_of_another_architecture_ends_the_guest(number, architecture):
    assert verdict(PROGRAM, number, architecture=architecture) == KILLED


def test_the_calls_of_the_other_abis_of_this_machine_end_the_guest():
    read = seccomp.NUMBERS["read"]

    assert verdict(PROGRAM, read, (3, 0, 0, 0, 0, 0), I386) == KILLED
    assert verdict(PROGRAM, read, (3, 0, 0, 0, 0, 0), AARCH64) == KILLED
    assert verdict(PROGRAM, X32 | read, (3, 0, 0, 0, 0, 0)) == KILLED


def test_a_descriptor_with_high_bits_is_the_descriptor_that_the_kernel_sees():
    read = seccomp.NUMBERS["read"]

    assert verdict(PROGRAM, read, (0xFFFFFFFF_00000003, 0, 0, 0, 0, 0)) == ALLOWED
    assert verdict(PROGRAM, read, (0x00000003_00000004, 0, 0, 0, 0, 0)) == REFUSED


def test_memory_is_anonymous_private_and_never_executable():
    mmap = seccomp.NUMBERS["mmap"]
    private_anonymous, shared_anonymous, private_file = 0x22, 0x21, 0x02

    assert verdict(PROGRAM, mmap, (0, 4096, 3, private_anonymous, 0xFFFFFFFF, 0)) == ALLOWED
    assert verdict(PROGRAM, mmap, (0, 4096, 7, private_anonymous, 0xFFFFFFFF, 0)) == REFUSED
    assert verdict(PROGRAM, mmap, (0, 4096, 3, shared_anonymous, 0xFFFFFFFF, 0)) == REFUSED
    assert verdict(PROGRAM, mmap, (0, 4096, 3, private_file, 3, 0)) == REFUSED


def test_nothing_that_reaches_outside_is_on_the_list():
    outside = {
        "open",
        "openat",
        "socket",
        "connect",
        "sendto",
        "sendmsg",
        "clone",
        "execve",
        "ptrace",
        "kill",
    }

    assert outside.isdisjoint(seccomp.ALLOWED)
    assert not set(seccomp.ALLOWED) & set(seccomp.ANSWERED)


@given(
    rules=st.dictionaries(st.integers(0, 600), st.sampled_from([ALLOWED, REFUSED]), max_size=80),
    number=st.integers(0, 700),
)
def test_any_list_is_assembled_faithfully(rules, number):
    program = assemble(
        {each: Rule(action) for each, action in rules.items()},
        architecture=X86_64,
        first_foreign=X32,
        default=KILLED,
        foreign=KILLED,
    )

    assert verdict(program, number) == rules.get(number, KILLED)


def test_the_filter_takes_few_steps_for_every_number():
    assert max(execute(PROGRAM, number)[1] for number in range(512)) <= 24
