#!/usr/bin/env python3
"""Answers every GET with "here" at a free port of 127.0.0.1, at the same port of 127.0.0.2, and at another of 127.0.0.1.

Prints "PORT OTHER" when all three are listened on, and goes on until it is killed.
"""
import http.server
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"here\n")

    def log_message(self, *_):
        pass


def serve(address, port):
    server = http.server.ThreadingHTTPServer((address, port), Answer)
    threading.Thread(target=server.serve_forever).start()
    return server.server_port


def serve_all():
    for _ in range(100):
        port = serve("127.0.0.1", 0)
        try:
            serve("127.0.0.2", port)
        except OSError:
            continue  # taken there
        return port
    raise SystemExit("no port is free at both addresses")


print(serve_all(), serve("127.0.0.1", 0), flush=True)
