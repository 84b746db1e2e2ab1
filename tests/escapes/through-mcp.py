#!/usr/bin/env python3
"""through-mcp.py LL_MCP [OPTION...] -- COMMAND [ARGUMENT...]: the command, as the tool `exec` of ll-mcp runs it.

Its output and its exit status are the command's, as a shell has them."""
import json
import subprocess
import sys

split = sys.argv.index("--")
server, command = sys.argv[1:split], sys.argv[split + 1:]
meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
call = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "exec",
        "arguments": {"command": command[0], "args": command[1:]},
        "_meta": meta,
    },
}
process = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
process.stdin.write(json.dumps(call) + "\n")
process.stdin.flush()
answer = process.stdout.readline()
process.stdin.close()
process.wait()
if not answer:
    sys.exit(125)
result = json.loads(answer)["result"]
if "structuredContent" not in result:
    sys.exit("through-mcp.py: " + result["content"][0]["text"])
outcome = result["structuredContent"]
sys.stdout.write(outcome["stdout"])
sys.stderr.write(outcome["stderr"])
if outcome["signal"] == "SIGSYS":
    sys.exit(128 + 31)
sys.exit(outcome["exit_code"] if outcome["signal"] is None else 128)
