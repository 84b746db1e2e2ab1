"""Load, then lock down: lock_down.py MODEL <INPUT

What is loaded is trusted, what is read is not. Counts the words of the input that the model knows.
"""

import sys

from llexec import Policy, restrict_self

model = set(open(sys.argv[1]).read().split())
restrict_self(Policy())  # no file, no network, no program: what is open stays open

words = sys.stdin.read().split()
print(sum(word in model for word in words))
for hostile in words:
    if hostile.startswith("open:"):  # as a parser that an input has taken over
        try:
            print(open(hostile[len("open:") :]).read())
        except OSError as error:
            print(error.strerror)
