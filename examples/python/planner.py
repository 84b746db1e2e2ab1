"""A planner reads what strangers wrote and says what to do; an executor does it: planner.py INBOX OUTBOX

The planner reads INBOX and can do nothing else. The executor never reads it: it has one verb, and writes to OUTBOX.
A line of INBOX is `copy NAME TEXT`.
"""

import json
import pathlib
import sys

from llexec import Policy, Sandbox, Stage

SYSTEM = {"rx": ["/usr", "-/bin", "-/lib", "-/lib64"], "ro": ["-/etc/ld.so.cache"], "env": "PATH"}
inbox, outbox = (pathlib.Path(name).resolve() for name in sys.argv[1:])
PLANNER = """
import json, sys
for line in open(sys.argv[1]):
    verb, name, text = line.rstrip().split(" ", 2)
    print(json.dumps({"verb": verb, "name": name, "text": text}))
"""
EXECUTOR = """
import json, pathlib, sys
for line in sys.stdin:
    step = json.loads(line)
    try:
        if step["verb"] == "copy":
            (pathlib.Path(sys.argv[1]) / step["name"]).write_text(step["text"])
            print("wrote", step["name"])
    except OSError as error:
        print(step["name"], error.strerror)
"""
plan = Stage(Sandbox(Policy("base", **{**SYSTEM, "ro": [inbox, *SYSTEM["ro"]]}), quiet=True), ["/usr/bin/python3", "-S", "-c", PLANNER, inbox])
act = Stage(Sandbox(Policy("base", rw=outbox, **SYSTEM), quiet=True), ["/usr/bin/python3", "-S", "-c", EXECUTOR, outbox])
statuses, output = (plan | act).run(timeout=60)
print(output.decode(), end="")
print(json.dumps(statuses))
