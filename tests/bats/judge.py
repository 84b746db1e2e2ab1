#!/usr/bin/env python3
"""A judge for the tests: judge.py LOG MODE [ALLOWED...]

Writes down what it hears. Says yes to files in a directory, to a port, to a name that is ALLOWED; and
in MODE "yes" no more than that. The others do what their names say, to the first question."""
import json
import sys

log = open(sys.argv[1], "a", buffering=1)
mode, allowed = sys.argv[2], sys.argv[3:]
asked = 0


def is_allowed(question):
    if question["call"] == "open":
        return any(question["path"].startswith(place) for place in allowed)
    return question.get("host") in allowed or str(question.get("port")) in allowed


def verdict(question):
    number = {"id": question["id"]}
    if not is_allowed(question):
        return number | ({"errno": 2} if mode == "errno" else {"allow": False})
    extra = {"audit": {"audit": True}, "remember": {"remember": True}, "stop": {"stop": ["open"]}}
    return number | {"allow": True} | extra.get(mode, {})


for line in sys.stdin:
    log.write(line)
    question = json.loads(line)
    if "id" not in question:
        continue
    asked += 1
    if mode == "garbage":
        print('{"id":%d,"allow":true' % question["id"], flush=True)
    elif mode == "wrong-id":
        print(json.dumps(verdict(question) | {"id": question["id"] + 1}), flush=True)
    elif mode == "twice":
        print('{"id":%d,"allow":true,"allow":true}' % question["id"], flush=True)
    elif mode == "endless":
        print("x" * 5000, end="", flush=True)
    elif mode == "die":
        sys.exit(0)
    elif mode != "silent" or asked > 1:
        print(json.dumps(verdict(question)), flush=True)
