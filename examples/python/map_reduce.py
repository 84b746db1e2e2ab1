"""1,000 copies of a process that is warm: map_reduce.py TEXT

The text is loaded once. Each copy counts the letters of one part of it, and sort reads what they say.
"""

import collections
import os
import sys

from llexec import Policy, Zygote

COPIES = 1000
SYSTEM = {"rx": ["/usr", "-/bin", "-/lib", "-/lib64"], "ro": ["-/etc/ld.so.cache"], "env": "LC_ALL=C"}
source = os.path.abspath(sys.argv[1])
text = ""


def load() -> None:
    global text
    with open(source) as file:
        text = file.read()


def count(copy: int) -> None:
    size = -(-len(text) // COPIES)
    letters = collections.Counter(text[copy * size : (copy + 1) * size])
    print(*(f"{letter} {number}" for letter, number in letters.items() if letter.isalpha()), sep="\n")


with Zygote(Policy("base", ro=source), init=load, work=count, clone_policy=Policy()) as zygote:
    statuses, output = zygote.reduce(["awk", "{n[$1] += $2} END {for (i in n) print i, n[i]}"], over=range(COPIES), policy=Policy("base", **SYSTEM))
print(len(statuses) - 1, "copies,", sum(status != 0 for status in statuses), "failed")
print(*sorted(output.decode().split("\n")[:-1]), sep="\n")
