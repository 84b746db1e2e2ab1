#!/usr/bin/env python3
"""What a program does with names and addresses, one step an argument: STEP=ARGUMENT,... Prints what came of each."""
import errno
import os
import select
import signal
import socket
import sys


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def look_up(name):
    found = {row[4][0] for row in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    return " ".join(sorted(found))


def connect(host, port):
    with socket.create_connection((host, int(port)), 20) as link:
        link.sendall(b"x")
        return "echo" if link.recv(1) == b"x" else "nothing"


def connect_literal(host, port):
    with socket.socket(family_of(host), socket.SOCK_STREAM) as link:
        link.connect((host, int(port)))
        return link.getpeername()[0]


def send(host, port):
    with socket.socket(family_of(host), socket.SOCK_DGRAM) as link:
        link.settimeout(0.3)
        link.sendto(b"x", (host, int(port)))
        try:
            data, peer = link.recvfrom(10)
        except socket.timeout:
            return "silence"
        return "%s from %s" % (data.decode(), peer[0])


def send_connected(host, port):
    with socket.socket(family_of(host), socket.SOCK_DGRAM) as link:
        link.settimeout(0.3)
        link.connect((host, int(port)))
        link.send(b"x")
        try:
            return link.recv(10).decode()
        except socket.timeout:
            return "silence"


def set_option(family, level, name):
    with socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, socket.SOCK_STREAM) as link:
        link.setsockopt(int(level), int(name), bytes(8) if int(level) != 1 else b"lo\0")
    return "set"


def fast_open(host, port):
    with socket.socket(family_of(host), socket.SOCK_STREAM) as link:
        link.sendto(b"x", socket.MSG_FASTOPEN, (host, int(port)))
    return "sent"


def anew(host, port, other, other_port):
    """AF_UNSPEC takes a connection away; then another one is asked for."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    with socket.socket(family_of(host), socket.SOCK_STREAM) as link:
        link.connect((host, int(port)))
        if libc.connect(link.fileno(), bytes(16), 16) != 0:
            return "AF_UNSPEC: " + errno.errorcode[ctypes.get_errno()]
        try:
            link.connect((other, int(other_port)))
        except OSError as error:
            return "undone, then " + errno.errorcode[error.errno]
        return "undone, then connected"


def without_waiting(host, port):
    """epoll(7) is told of the socket before it is connected."""
    with socket.socket(family_of(host), socket.SOCK_STREAM) as link, select.epoll() as poll:
        link.setblocking(False)
        poll.register(link, select.EPOLLOUT | select.EPOLLET)
        result = link.connect_ex((host, int(port)))
        if result not in (0, errno.EINPROGRESS):
            raise OSError(result, "")
        poll.poll(10)
        copy = socket.socket(fileno=os.dup(link.fileno()))
        copy.setblocking(True)
        copy.sendall(b"y")
        return "%d %s %s" % (copy.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), copy.recv(1).decode(),
                             errno.errorcode.get(link.connect_ex((host, int(port)))))


def interrupted(host, port):
    """A handler that raises ends a blocking connect."""
    def stop(_signal, _frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        connect_literal(host, port)
    except KeyboardInterrupt:
        return "interrupted"
    return "connected"


def times_out(host, port):
    import struct
    with socket.socket(family_of(host), socket.SOCK_STREAM) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 200000))
        link.connect((host, int(port)))
    return "connected"


def multicast_of_kinds(kind, protocol):
    with socket.socket(socket.AF_INET, int(kind), int(protocol)):
        return "made"


STEPS = {"name": look_up, "tcp": connect, "to": connect_literal, "udp": send, "udp-connected": send_connected,
         "option": set_option, "fastopen": fast_open, "anew": anew, "epoll": without_waiting,
         "interrupt": interrupted, "timeout": times_out, "socket": multicast_of_kinds}

for step in sys.argv[1:]:
    verb, _, arguments = step.partition("=")
    try:
        result = STEPS[verb](*arguments.split(","))
    except socket.gaierror as error:
        result = {socket.EAI_NONAME: "EAI_NONAME", socket.EAI_AGAIN: "EAI_AGAIN",
                  socket.EAI_NODATA: "EAI_NODATA"}.get(error.errno, str(error))
    except OSError as error:
        result = errno.errorcode.get(error.errno, str(error))
    print(result, flush=True)
