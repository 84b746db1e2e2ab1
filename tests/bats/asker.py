#!/usr/bin/env python3
"""Plays ll-net for a judge: asker.py FILE COMMAND...: sends the greeting and the lines of FILE, and prints the answers.

A line "# go on" waits until all that was asked is answered; "# wait FILE" until that file is there; "# bye" hangs up. At the
end it hangs up as well; its status is the judge's.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import time


def main():
    lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
    ours, theirs = socket.socketpair()
    judge = subprocess.Popen(sys.argv[2:], stdin=theirs, stdout=theirs)
    theirs.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's, which the judge has too
    answers = ours.makefile("r", encoding="utf-8")
    open_questions = 0

    def answer():
        line = answers.readline()
        if line:
            print(line, end="", flush=True)
        return "id" in json.loads(line) if line else None

    if not lines or "judge" not in lines[0]:
        lines.insert(0, '{"judge":1,"ask":["open","connect","bind"]}')
    for line in [*lines, "# go on"]:
        if line == "# bye":
            break
        if line == "# go on":
            while open_questions:
                answered = answer()
                if answered is None:
                    open_questions = 0
                elif answered:
                    open_questions -= 1
        elif line.startswith("# wait "):
            while not os.path.exists(line[7:]):
                time.sleep(0.01)
        else:
            ours.sendall(line.encode() + b"\n")
            open_questions += '"id"' in line
    ours.shutdown(socket.SHUT_WR)
    for line in answers:
        print(line, end="", flush=True)
    return judge.wait()


sys.exit(main())
