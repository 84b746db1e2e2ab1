#!/usr/bin/env python3
"""Stands in for the services that policies name: services.py CERTIFICATE FOLDER [COMMAND...]

In a user, mount and network namespace of its own (unshare -Urmn): every name is at a public address of the loopback
interface, but those that end in .inside, which are at a private one. At port 443 and 8443 of both it serves
FOLDER/HOST/PATH by HTTPS, or "page" where there is no such file. Writes what was asked for to ./asked. Ends as COMMAND
does; without one it prints "serving" and goes on. Nothing leaves the machine: 203.0.113.10 is an address for documentation.
"""
import http.server
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading

PUBLIC, PRIVATE = "203.0.113.10", "10.9.8.7"


def answer(query):
    end, labels = 12, []
    while query[end]:
        labels.append(query[end + 1:end + 1 + query[end]].decode("latin1"))
        end += query[end] + 1
    name = ".".join(labels)
    if not name.endswith(".arpa"):  # which the servers here ask for
        with open("asked", "a", encoding="ascii") as log:
            log.write(name + "\n")
    known = struct.unpack(">H", query[end + 1:end + 3])[0] == 1
    reply = query[:2] + struct.pack(">HHHHH", 0x8180, 1, known, 0, 0) + query[12:end + 5]
    if known:
        address = socket.inet_aton(PRIVATE if name.endswith(".inside") else PUBLIC)
        reply += struct.pack(">HHHIH4s", 0xC00C, 1, 1, 60, 4, address)
    return reply


def serve_names():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))

    def serve():
        while True:
            query, peer = server.recvfrom(4096)
            server.sendto(answer(query), peer)
    threading.Thread(target=serve, daemon=True).start()


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = os.path.normpath("/" + self.path.split("?")[0])
        file = sys.argv[2] + "/" + self.headers.get("Host", "").split(":")[0] + path
        if os.path.isdir(file):
            file += "/index.html"
        body, kind = b"page\n", "text/html" if file.endswith(".html") else "application/octet-stream"
        if os.path.isfile(file):
            with open(file, "rb") as content:
                body = content.read()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_pages(address, port, pages):
    server = http.server.ThreadingHTTPServer((address, port), pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main(pages=Pages):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (PUBLIC, PRIVATE):
        subprocess.run(["ip", "addr", "add", address + "/32", "dev", "lo"], check=True)
    open("asked", "w", encoding="ascii").close()
    serve_names()
    for port in (443, 8443):
        for address in (PUBLIC, PRIVATE):
            serve_pages(address, port, pages)
    if len(sys.argv) == 3:
        print("serving", flush=True)
        signal.pause()
    sys.stdout.flush()
    os._exit(subprocess.run(sys.argv[3:], check=False).returncode)


if __name__ == "__main__":
    main()
