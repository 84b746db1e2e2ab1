#!/usr/bin/env python3
"""Works out loader/core/pairs.def anew: pairs.py LL_EXEC >loader/core/pairs.def

The texts are those of that loader, built and not stripped, by the present rows. Byte pair encoding: the most frequent
pair of neighbours becomes a row, again and again.
"""
import collections
import re
import struct
import subprocess
import sys

ROWS = 128 + 30  # kHighCodes + kLowCodes of packed.h
COLUMNS = 100


def rows_of(path):
    pairs = re.findall(r'PAIR\("((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)', open(path).read())
    return [re.sub(r'\\(.)', r'\1', first + second) for first, second in pairs]


def code_of(row):
    if row < 128:
        return 0x80 + row
    low = row - 128 + 1
    return low if low < ord('\n') else low + 1


def texts_of(program, rows):
    letters = {code_of(row): text for row, text in enumerate(rows)}
    data = open(program, 'rb').read()
    at, count = struct.unpack_from('<Q', data, 32)[0], struct.unpack_from('<H', data, 56)[0]
    headers = [struct.unpack_from('<IIQQQQQQ', data, at + 56 * i) for i in range(count)]
    symbols = subprocess.run(['nm', '-S', program], capture_output=True, text=True, check=True).stdout
    for line in symbols.splitlines():
        words = line.split()
        if len(words) != 4 or '6Packed' not in words[3] or 'kBytesE' not in words[3]:
            continue
        address, size = int(words[0], 16), int(words[1], 16)
        for kind, _, offset, start, _, in_file, _, _ in headers:
            if kind == 1 and start <= address < start + in_file:
                place = offset + address - start
                packed = data[place:place + size]
                yield [letter for byte in packed for letter in letters.get(byte, chr(byte))]


def most_frequent(texts):
    counts = collections.Counter()
    for text in texts:
        before = None
        for pair in zip(text, text[1:]):
            # Of three of the same, one pair can be put together.
            if '\0' in pair or (pair == before and pair[0] == pair[1]):
                before = None
                continue
            counts[pair] += 1
            before = pair
    return counts.most_common(1)[0][0]


def put_together(text, pair):
    joined, at = [], 0
    while at < len(text):
        whole = tuple(text[at:at + 2]) == pair
        joined.append(text[at] + text[at + 1] if whole else text[at])
        at += 2 if whole else 1
    return joined


def main():
    path = 'loader/core/pairs.def'
    texts = list(texts_of(sys.argv[1], rows_of(path)))
    rows = []
    for _ in range(ROWS):
        pair = most_frequent(texts)
        rows.append(pair)
        texts = [put_together(text, pair) for text in texts]
    head = open(path).read().partition('PAIR(')[0]
    lines = ['']
    for pair in rows:
        first, second = (half.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n') for half in pair)
        row = f'PAIR("{first}", "{second}")'
        if len(lines[-1]) + 1 + len(row) > COLUMNS:
            lines.append('')
        lines[-1] += (' ' if lines[-1] else '') + row
    print(head + '\n'.join(lines) + '\n// clang-format on\n#undef PAIR')


main()
