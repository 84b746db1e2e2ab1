"""Python over the programs, and clones: library.py ROUNDS. Prints NAME RATIO lines; all in turn, the least counted."""

import os
import subprocess
import sys
import time

from llexec import Policy, Sandbox, Zygote

target, rounds = "/usr/bin/true", int(sys.argv[1])
held = None


def timed(probe):
    before = time.perf_counter()
    probe()
    return time.perf_counter() - before


def least(count, *probes):
    times = [[timed(probe) for probe in probes] for _ in range(count)]
    return [min(column) for column in zip(*times)]


def tell(name, upper, lower):
    print(f"{name} {upper / lower:.3f} {lower * 1e6:.0f}/{upper * 1e6:.0f}", flush=True)


def warm(megabytes):
    def init():
        global held
        held = bytearray(os.urandom(1 << 20)) * megabytes

    return Zygote(Policy("base"), init=init, work=lambda number: print(number), collapse=True)


def cold(megabytes):
    def init():
        global held
        held = bytearray(os.urandom(1 << 20)) * megabytes

    return Zygote(Policy("base"), init=init, work=lambda number: print(number), collapse=False)


def one(zygote):
    return lambda: next(zygote.map([0]))


def fork_plainly():
    """What a clone is without a sandbox: fork, a line into a pipe, read and reaped."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write, b"0\n")
        os._exit(0)
    os.close(write)
    while os.read(read, 65536):
        pass
    os.close(read)
    os.waitpid(pid, 0)


box = Sandbox(Policy("base", rx=target), quiet=True)
bare, sandboxed = least(rounds, lambda: subprocess.run([target]), lambda: box.run([target]))
tell("python", sandboxed, bare)
with warm(1) as small, warm(100) as large, cold(100) as slow:
    one_small, one_large, one_slow = least(max(rounds // 10, 5), one(small), one(large), one(slow))
    tell("clone-100", one_large, one_small)
    tell("collapse", one_large, one_slow)
    count = 1000
    plain, many = least(1, lambda: [fork_plainly() for _ in range(count)], lambda: [clone for clone in small.map(range(count), parallel=1)])
    tell("clones", many, plain)
