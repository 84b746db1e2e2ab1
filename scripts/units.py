#!/usr/bin/python3
"""units.py BUILD: whether files that are compiled together (CMake's UNITY_BUILD) mean the same as each alone.

In a unit, a name in the anonymous namespace of one file can hide what another file means by it: a constant of another
namespace, or a better fitting overload, without a warning. So each unit and each of its files is compiled without
optimization, and every function and object must be the same in both. Prints those that are not; the last line counts.
Only of the freestanding programs, which stand between a command and the kernel: with exceptions, code also depends on
which functions the compiler has seen to throw none.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

LABEL = re.compile(r"\.L[A-Z]*\d+")
DEFINED = re.compile(r"\t\.type\t(\S+), [@%](?:function|object)")
# Of a function; of an object, whose size stands before it.
END = re.compile(r"\t\.(?:size|section|text|data|bss|type)\b|\.LC")
# What only says where it is.
PLACE = re.compile(r"\t\.(?:p2align|align|cfi_\w+|weak|globl|local|hidden|comm)\b")


def assembly(words, folder, source):
    kept, skip = [], False
    for word in words:
        if skip or word in ("-c", "-MD", "-flto") or word.endswith("ccache"):
            skip = False
        elif word in ("-o", "-MF", "-MT"):
            skip = True
        else:
            kept.append(word)
    kept = kept[:-1] + ["-O0", "-fno-lto", "-g0", "-S", "-o", "-", source]
    made = subprocess.run(kept, cwd=folder, stdout=subprocess.PIPE, check=True, text=True)
    return made.stdout.replace("@PLT", "")


def replace_labels(lines, texts):
    """Labels are counted from the start; texts take the place of theirs."""
    numbers = {}

    def replace(label):
        return texts.get(label[0]) or f".L{numbers.setdefault(label[0], len(numbers))}"

    return [LABEL.sub(replace, line) for line in lines]


def definitions(text):
    """Each name, and its lines."""
    lines = text.splitlines()
    texts = {}
    for at, line in enumerate(lines):
        if line.startswith(".LC") and at + 1 < len(lines):
            texts[line.rstrip(":")] = lines[at + 1].strip()
    found, name, names = {}, None, []
    for line in lines:
        if match := DEFINED.match(line):
            names.append(match[1])
        if line.rstrip(":") in names and line.endswith(":"):
            name = line.rstrip(":")
            found[name] = []
        elif END.match(line):
            name = None
        elif name and not PLACE.match(line):
            found[name].append(line)
    return {name: replace_labels(body, texts) for name, body in found.items()}


def compare(entry):
    words = shlex.split(entry["command"])
    folder, unit = entry["directory"], entry["file"]
    with open(unit, encoding="utf-8") as file:
        sources = re.findall(r'^#include "(.*)"$', file.read(), re.M)
    together = definitions(assembly(words, folder, unit))
    count, differ = 0, []
    for source in sources:
        alone = definitions(assembly(words, folder, source))
        count += len(alone)
        differ += [f"{os.path.relpath(source)}: {name}" for name, body in alone.items() if together.get(name) != body]
    return count, differ


def main():
    with open(os.path.join(sys.argv[1], "compile_commands.json"), encoding="utf-8") as file:
        entries = [entry for entry in json.load(file) if "/Unity/unity_" in entry["file"] and "-ffreestanding" in entry["command"]]
    same, differ = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for count, found in pool.map(compare, entries):
            same += count - len(found)
            differ += found
    for line in differ:
        print(line)
    print(f"{len(entries)} units: {same} functions and objects are the same, {len(differ)} differ")
    return 1 if differ or not same else 0


if __name__ == "__main__":
    sys.exit(main())
