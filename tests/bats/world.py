#!/usr/bin/env python3
"""A network of its own to test names in: world.py COMMAND...

In a user, mount and network namespace of its own (unshare -Urnm), it gives the loopback interface public and private
addresses, answers DNS at 127.0.0.1, echoes TCP at port 8080 and 8081 and UDP at 8080 of every address, lets connections to
203.0.113.10:8090 hang, writes what was asked to ./asked, and ends as COMMAND does.
"""
import ipaddress
import os
import socket
import struct
import subprocess
import sys
import threading

ADDRESSES = ["203.0.113.10", "203.0.113.11", "10.9.8.7", "100.64.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254",
             "198.18.0.1", "2001:db8::10", "2001:db8::11", "fd00::1", "64:ff9b::a9fe:a9fe"]
ZONE = {
    "api.test": ["203.0.113.10", "2001:db8::10"],
    "four.test": ["203.0.113.10"],
    "other.test": ["203.0.113.11", "2001:db8::11"],
    "zone.test": ["203.0.113.11"],
    "evilzone.test": ["203.0.113.11"],
    "a.zone.test": ["203.0.113.10"],
    "a.b.zone.test": ["203.0.113.10"],
    "xn--bcher-kva.test": ["203.0.113.10"],
    "alias.test": ["four.test"],
    "mixed.test": ["203.0.113.10", "10.9.8.7"],
    "many.test": ["203.0.113.%d" % i for i in range(10, 90)],
}
for number, address in enumerate(ADDRESSES[2:8] + ["127.0.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1",
                                                    "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "::ffff:10.9.8.7"]):
    ZONE["rebind%d.test" % number] = [address]


def question(message):
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin1"))
        at += 1 + message[at]
    kind = struct.unpack("!H", message[at + 1:at + 3])[0]
    return ".".join(labels), kind, message[12:at + 5]


def pack_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def answer(message, by_tcp):
    name, kind, asked = question(message)
    with open("asked", "a", encoding="ascii") as log:
        log.write("%s %d\n" % (name, kind))
    rows, owner = b"", b"\xc0\x0c"
    count = 0
    values = ZONE.get(name.lower())
    while values and values[0] in ZONE:
        target = pack_name(values[0])
        rows += owner + struct.pack("!HHIH", 5, 1, 30, len(target)) + target
        owner, values = target, ZONE[values[0]]
        count += 1
    for value in values or []:
        packed = ipaddress.ip_address(value).packed
        if kind == (1 if len(packed) == 4 else 28):
            rows += owner + struct.pack("!HHIH", kind, 1, 30, len(packed)) + packed
            count += 1
    code = 0 if name.lower() in ZONE else 3
    cut = len(rows) > 400 and not by_tcp
    head = message[:2] + struct.pack("!BBHHHH", 0x83 if cut else 0x81, 0x80 | code, 1, 0 if cut else count, 0, 0)
    return head + asked + (b"" if cut else rows)


def serve_names(server):
    while True:
        message, peer = server.recvfrom(4096)
        # What comes first from elsewhere, or answers something else, is not to be believed.
        lie = bytearray(answer(message, True))
        lie[0] ^= 0xff
        server.sendto(bytes(lie), peer)
        server.sendto(answer(message, False), peer)


def serve_names_by_tcp(server):
    def talk(link):
        while True:
            size = link.recv(2, socket.MSG_WAITALL)
            if len(size) < 2:
                break
            whole = answer(link.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL), True)
            link.sendall(struct.pack("!H", len(whole)) + whole)
        link.close()
    while True:
        link, _ = server.accept()
        threading.Thread(target=talk, args=(link,), daemon=True).start()


def echo(server):
    def talk(link):
        with link:
            try:
                while data := link.recv(65536):
                    link.sendall(data)
            except ConnectionResetError:
                pass
    while True:
        link, _ = server.accept()
        threading.Thread(target=talk, args=(link,), daemon=True).start()


def echo_datagrams(server):
    while True:
        data, peer = server.recvfrom(65536)
        server.sendto(data, peer)


def listen(family, address, kind, port):
    server = socket.socket(family, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, port))
    if kind == socket.SOCK_STREAM:
        server.listen(512)
    return server


def make_hole():
    """Nobody takes what comes: when the queue is full, connections hang."""
    server = socket.socket()
    server.bind(("203.0.113.10", 8090))
    server.listen(0)
    clients = [socket.socket() for _ in range(4)]
    for client in clients:
        client.setblocking(False)
        client.connect_ex(("203.0.113.10", 8090))
    return server, clients


def start(act, server):
    threading.Thread(target=act, args=(server,), daemon=True).start()


def main():
    lines = ["link set lo up"]
    for address in ADDRESSES:
        lines.append("addr add %s" % (address + "/128 dev lo nodad" if ":" in address else address + "/32 dev lo"))
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)
    with open("resolv.conf", "w", encoding="ascii") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:5 attempts:1\n")
    with open("hosts", "w", encoding="ascii") as file:
        file.write("127.0.0.1 localhost\n203.0.113.11 hosted.test\n10.9.8.7 inner.test\n")
    open("asked", "w", encoding="ascii").close()
    for name in ("resolv.conf", "hosts"):
        subprocess.run(["mount", "--bind", name, os.path.realpath("/etc/" + name)], check=True)
    start(serve_names, listen(socket.AF_INET, "127.0.0.1", socket.SOCK_DGRAM, 53))
    start(serve_names_by_tcp, listen(socket.AF_INET, "127.0.0.1", socket.SOCK_STREAM, 53))
    for port in (8080, 8081):
        for family, any_address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            start(echo, listen(family, any_address, socket.SOCK_STREAM, port))
    for address in ADDRESSES:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        start(echo_datagrams, listen(family, address, socket.SOCK_DGRAM, 8080))
    hole = make_hole()
    status = subprocess.run(sys.argv[1:], check=False).returncode
    del hole
    os._exit(status if status >= 0 else 128 - status)


main()
