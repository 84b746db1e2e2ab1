#!/usr/bin/env python3
"""Broken copies of files, the same each time: mutate.py COUNT FILE...

Beside each FILE come broken-0-FILE and so on: bytes flipped, numbers at their limits, pieces cut out, doubled or moved, and
an end that comes too early. Which, is up to the name of the copy alone.
"""
import pathlib
import random
import sys

EDGES = [0, 1, 0x7F, 0x80, 0xFF]


def flip(data, dice):
    for _ in range(1 + len(data) // 200):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def to_the_limit(data, dice):
    for _ in range(8):
        at = dice.randrange(len(data))
        data[at:at + 4] = bytes([dice.choice(EDGES)]) * 4


def piece(data, dice):
    start = dice.randrange(len(data))
    return slice(start, start + 1 + dice.randrange(1 + len(data) // 4))


def cut(data, dice):
    del data[piece(data, dice)]


def double(data, dice):
    which = piece(data, dice)
    data[which.start:which.start] = data[which]


def move(data, dice):
    which = piece(data, dice)
    moved = data[which]
    del data[which]
    at = dice.randrange(len(data) + 1)
    data[at:at] = moved


def end_early(data, dice):
    del data[dice.randrange(len(data)):]


def main():
    ways = [flip, to_the_limit, cut, double, move, end_early]
    for name in sys.argv[2:]:
        path = pathlib.Path(name)
        whole = path.read_bytes()
        for number in range(int(sys.argv[1])):
            copy = path.with_name(f"broken-{number}-{path.name}")
            data = bytearray(whole)
            if data:
                ways[number % len(ways)](data, random.Random(copy.name))
            copy.write_bytes(data)


main()
