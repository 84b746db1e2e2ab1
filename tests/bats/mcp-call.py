#!/usr/bin/env python3
"""A client of the Model Context Protocol: mcp-call.py CONFIGURATION CALL prints what the call returned, as JSON.

CONFIGURATION has one server in "mcpServers", as clients have it; CALL the params of one tools/call.
"""
import json
import subprocess
import sys

REVISION = "2025-06-18"


class Server:
    def __init__(self, command, args):
        self.process = subprocess.Popen([command, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.requests = 0

    def send(self, method, params=None, **members):
        message = {"jsonrpc": "2.0", "method": method, **members}
        if params is not None:
            message["params"] = params
        print(json.dumps(message), file=self.process.stdin, flush=True)

    def ask(self, method, params):
        self.requests += 1
        self.send(method, params, id=self.requests)
        for line in self.process.stdout:
            message = json.loads(line)
            if message.get("id") == self.requests:
                return message["result"]
        raise SystemExit("the server ended without an answer to " + method)

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def main(configuration, call):
    with open(configuration, encoding="utf-8") as file:
        (entry,) = json.load(file)["mcpServers"].values()
    with open(call, encoding="utf-8") as file:
        params = json.load(file)
    server = Server(entry["command"], entry["args"])
    server.ask("initialize", {"protocolVersion": REVISION, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}})
    server.send("notifications/initialized")
    print(json.dumps(server.ask("tools/call", params)["structuredContent"]))
    return server.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
