#!/usr/bin/env python3
"""Stands in for the services that agents call: agent-api.py CERTIFICATE FOLDER COMMAND...

As services.py, in which names, addresses and certificates are. What is POSTed to a model is answered as the model would.
Each line of the prompt such as these is one call of the agent's tool for it, after what the one before brought:

    run: COMMAND      read: FILE      write: FILE TEXT      edit: FILE OLD NEW      mcp: COMMAND

Then, and to any other prompt, it says "done". ./calls has a line of JSON for each request: host, method, path, whether it
has a key, which tools the agent offers, and what the tools brought. Both of the published protocols, as they are streamed:
Anthropic's messages and OpenAI's responses.
"""
import gzip
import json
import os
import re
import threading

import services

STEP = re.compile(r"\b(run|read|write|edit|mcp): ([^\"\n]*)")


def patch(name, *lines):
    return "\n".join(["*** Begin Patch", "*** %s File: %s" % name, *lines, "*** End Patch", ""])


def scripted(tool, argument):
    """What codex runs: a script that calls its tools."""
    return "const r = await tools.%s(%s); text(r)" % (tool, json.dumps(argument))


def shell(command):
    return {"command": "sh", "args": ["-c", command]}


def path(name):
    return os.path.join(os.environ["WORK"], name)


# What agents call their tools, and what they want to be told.
TOOLS = {
    "run": {"Bash": lambda what: {"command": what, "description": "as asked"},
            "bash": lambda what: {"command": what, "description": "as asked"},
            "exec": lambda what: scripted("exec_command", {"cmd": what})},
    "read": {"Read": lambda file: {"file_path": path(file)},
             "read": lambda file: {"filePath": path(file)},
             "exec": lambda file: scripted("exec_command", {"cmd": "cat " + file})},
    "write": {"Write": lambda file, text: {"file_path": path(file), "content": text},
              "write": lambda file, text: {"filePath": path(file), "content": text},
              "exec": lambda file, text: scripted("apply_patch", patch(("Add", file), "+" + text))},
    "edit": {"Edit": lambda file, old, new: {"file_path": path(file), "old_string": old, "new_string": new},
             "edit": lambda file, old, new: {"filePath": path(file), "oldString": old, "newString": new},
             "exec": lambda file, old, new: scripted("apply_patch", patch(("Update", file), "@@", "-" + old, "+" + new))},
    # That of a server named "sandbox", which ll-mcp is. The first is not among what is offered: it is found by a search.
    "mcp": {"ToolSearch": lambda what: ("mcp__sandbox__exec", shell(what)),
            "sandbox_exec": shell,
            "exec": lambda what: scripted("mcp__sandbox__exec", shell(what))},
}
lock = threading.Lock()


def texts(part):
    """All that is said in a part of a conversation."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, dict):
        for name in ("text", "content", "output"):
            yield from texts(part.get(name))


def conversation(body):
    return body.get("messages") or body.get("input") or []


def is_result(part):
    return isinstance(part, dict) and part.get("type") in ("tool_result", "function_call_output", "custom_tool_call_output")


def results(body):
    for turn in conversation(body):
        content = turn.get("content") if isinstance(turn, dict) else None
        for part in [turn] + (content if isinstance(content, list) else []):
            if is_result(part):
                yield "\n".join(texts(part))


def offered(part):
    """The names of all tools that a request offers, of groups as well."""
    if isinstance(part, list):
        for one in part:
            yield from offered(one)
    elif isinstance(part, dict):
        if "name" in part and part.get("type") != "namespace":
            yield part["name"]
        yield from offered(part.get("tools"))


def tools_of(body):
    return list(offered(body.get("tools"))) + list(offered([turn for turn in conversation(body) if turn.get("tools")]))


def wanted_call(body):
    """The tool to call and its arguments, or nothing."""
    steps = [step for turn in conversation(body) if turn.get("role") == "user" and not list(filter(is_result, [turn]))
             for said in texts(turn) for step in STEP.findall(said)]
    steps = list(dict.fromkeys(steps))
    at = len(list(results(body)))
    known = tools_of(body)
    if at >= len(steps):
        return None
    verb, argument = steps[at]
    for name, arguments in TOOLS[verb].items():
        if name in known:
            call = arguments(*argument.split(" ", {"write": 1, "edit": 2}.get(verb, 0)))
            return call if isinstance(call, tuple) else (name, call)
    return None


def event(kind, **fields):
    return "event: %s\ndata: %s\n\n" % (kind, json.dumps({"type": kind, **fields}))


def message(body):
    call = wanted_call(body)
    usage = {"input_tokens": 1, "output_tokens": 1}
    block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": "done"}
    if call:
        block = {"type": "tool_use", "id": "toolu_%d" % (len(list(results(body))) + 1), "name": call[0], "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
    whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": body.get("model"), "content": [],
             "stop_reason": None, "stop_sequence": None, "usage": usage}
    reason = "tool_use" if call else "end_turn"
    if not body.get("stream"):
        content = {**block, "input": call[1]} if call else {**block, "text": "done"}
        return json.dumps({**whole, "content": [content], "stop_reason": reason})
    return (event("message_start", message=whole) + event("content_block_start", index=0, content_block=block)
            + event("content_block_delta", index=0, delta=delta) + event("content_block_stop", index=0)
            + event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=usage)
            + event("message_stop"))


def response(body):
    call = wanted_call(body)
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": "done", "annotations": []}]}
    if call:
        at = len(list(results(body))) + 1
        item = {"id": "fc_%d" % at, "call_id": "call_%d" % at, "name": call[0], "status": "completed"}
        if isinstance(call[1], str):
            item.update({"type": "custom_tool_call", "input": call[1]})
        else:
            item.update({"type": "function_call", "arguments": json.dumps(call[1])})
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2, "input_tokens_details": {"cached_tokens": 0},
             "output_tokens_details": {"reasoning_tokens": 0}}
    whole = {"id": "resp_1", "object": "response", "created_at": 0, "model": body.get("model"), "status": "in_progress",
             "output": []}
    out = event("response.created", response=whole) + event("response.output_item.added", output_index=0, item=item)
    if not call:
        out += event("response.output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta="done")
    out += event("response.output_item.done", output_index=0, item=item)
    return out + event("response.completed", response={**whole, "status": "completed", "output": [item], "usage": usage})


class Models(services.Pages):
    def note(self, body=None):
        row = {"host": self.headers.get("Host", ""), "method": self.command, "path": self.path.split("?")[0],
               "key": bool(self.headers.get("x-api-key") or self.headers.get("Authorization"))}
        if body is not None:
            row["tools"] = tools_of(body)
            row["results"] = list(results(body))
        with lock, open("calls", "a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")

    def reply(self, status, kind, text):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_GET(self):
        self.note()
        # Is the service there? A WebSocket is asked for first: there is none, and what follows is by HTTP.
        status = 200 if self.path.endswith("/hello") else 426 if self.headers.get("Upgrade") else 404
        self.reply(status, "application/json", "{}")

    do_HEAD = do_GET

    def read(self):
        content = self.read_encoded()
        return gzip.decompress(content) if self.headers.get("Content-Encoding") == "gzip" else content

    def read_encoded(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = b""
        while size := int(self.rfile.readline(), 16):
            parts += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return parts

    def do_POST(self):
        content = self.read()
        try:
            body = json.loads(content)
        except ValueError:
            body = {}
        if not isinstance(body, dict):
            body = {}
        self.note(body)
        path = self.path.split("?")[0]
        stream = "text/event-stream" if body.get("stream") else "application/json"
        if path.endswith("/count_tokens"):
            self.reply(200, "application/json", '{"input_tokens": 1}')
        elif path.endswith("/messages"):
            self.reply(200, stream, message(body))
        elif path.endswith("/responses"):
            self.reply(200, "text/event-stream", response(body))
        else:
            self.reply(404, "application/json", "{}")


if __name__ == "__main__":
    open("calls", "w", encoding="utf-8").close()
    services.main(Models)
