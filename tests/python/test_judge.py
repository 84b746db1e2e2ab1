"""Sandbox(policy, judge=function): what a function of Python's decides while a command runs."""

import asyncio
import errno
import os
import pathlib
import socket
import subprocess
import threading
import unittest

from llexec import LLError, Policy, Request, Sandbox, Stop
from test_llexec import SH, Case, descriptors, system


class Asked(Case):
    def setUp(self):
        super().setUp()
        self.requests = []
        self.reported = []
        hook = threading.excepthook
        self.addCleanup(setattr, threading, "excepthook", hook)
        threading.excepthook = lambda report: self.reported.append(report.exc_value)
        self.secret = os.path.realpath("secret")

    def box(self, verdict, **options):
        """Asks about files; verdict: what is answered, or a function that says it."""

        def judge(request):
            if request.call != "open":
                return False
            self.requests.append(request)
            return verdict(request) if callable(verdict) else verdict

        options.setdefault("ask", "open")
        return Sandbox(system(**options.pop("policy", {})), judge=judge, layers=self.layers, quiet=True, **options)

    def cat(self, verdict, *names, **options):
        return self.box(verdict, **options).run(["cat", *(names or ["secret"])], capture_output=True, text=True)


class Judges:
    """What holds in each of the layers; `layers` says which."""

    def test_without_a_judge_the_access_is_refused(self):
        result = Sandbox(system(), layers=self.layers, quiet=True).run(["cat", self.secret], capture_output=True, text=True)
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stdout, "")

    def test_a_yes_allows_one_file(self):
        pathlib.Path("other").write_text("other\n")
        result = self.cat(lambda request: request.path == self.secret, self.secret, os.path.realpath("other"))
        self.assertEqual((result.returncode, result.stdout), (1, "secret\n"))
        self.assertEqual([request.path for request in self.requests], [self.secret, os.path.realpath("other")])

    def test_a_request_has_its_attributes(self):
        self.cat(True, self.secret)
        (request,) = self.requests
        self.assertIsInstance(request, Request)
        self.assertEqual((request.call, request.path, request.write), ("open", self.secret, False))
        self.assertEqual(request.argv, ("cat", self.secret))
        self.assertEqual(os.path.basename(request.exe), "cat")
        self.assertGreater(request.pid, 0)
        self.assertEqual(request.fields["path"], self.secret)

    def test_a_granted_access_is_not_asked_about(self):
        result = self.cat(False, self.secret, policy={"ro": ["-/etc/ld.so.cache", self.secret]})
        self.assertEqual((result.returncode, result.stdout, self.requests), (0, "secret\n", []))

    def test_an_errno_is_returned_to_the_command(self):
        pathlib.Path("probe.py").write_text("import sys\ntry: open(sys.argv[1])\nexcept OSError as error: print(error.errno)\n")
        box = self.box(errno.ENOENT, policy={"ro": ["-/etc/ld.so.cache", self.folder + "/probe.py"]})
        result = box.run(["/usr/bin/python3", "-I", "-S", self.folder + "/probe.py", self.secret], capture_output=True, text=True)
        self.assertEqual(result.stdout, f"{errno.ENOENT}\n", result.stderr)

    def test_audit_allows_and_reports(self):
        result = self.cat("audit", self.secret)
        self.assertEqual(result.stdout, "secret\n")
        self.assertIn(self.secret, result.stderr)

    def test_remember_allows_without_asking_again(self):
        result = self.cat("remember", self.secret, self.secret, self.secret)
        self.assertEqual((result.stdout, len(self.requests)), ("secret\n" * 3, 1))
        result = self.cat(True, self.secret, self.secret)
        self.assertEqual(len(self.requests), 3)

    def test_an_exception_refuses_and_is_reported(self):
        def verdict(request):
            raise LookupError("of the judge")

        result = self.cat(verdict, self.secret)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual([str(one) for one in self.reported], ["of the judge"])

    def test_an_invalid_answer_refuses_and_is_reported(self):
        for nonsense in (None, "yes", 1000000, object()):
            with self.subTest(nonsense=nonsense):
                self.reported.clear()
                result = self.cat(nonsense, self.secret)
                self.assertEqual((result.returncode, result.stdout), (1, ""))
                self.assertEqual([type(one) for one in self.reported], [TypeError])

    def test_stop_ends_all_questions(self):
        pathlib.Path("other").write_text("other\n")
        verdicts = [Stop("open"), True, True]
        result = self.cat(lambda request: verdicts.pop(0), self.secret, os.path.realpath("other"))
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(len(self.requests), 1)

    def test_a_missing_answer_refuses_after_the_timeout(self):
        release = threading.Event()
        self.addCleanup(release.set)
        names = [self.secret]

        def verdict(request):
            release.wait(30)
            return True

        box = self.box(verdict, answer_in=0.2)
        with box.popen(["cat", *names], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            out, errors = child.communicate()
            release.set()
        self.assertEqual((child.returncode, out), (1, ""))

    def test_popen_and_asyncio_accept_a_judge(self):
        with self.box(True).popen(["cat", self.secret], stdout=subprocess.PIPE) as child:
            self.assertEqual(child.stdout.read(), b"secret\n")

        async def two():
            box = self.box(True)
            return await asyncio.gather(*(box.run_async(["cat", self.secret], capture_output=True) for _ in range(4)))

        self.assertEqual({result.stdout for result in asyncio.run(two())}, {b"secret\n"})

    def test_a_judge_function_can_change_later_verdicts(self):
        opened = []

        def verdict(request):
            opened.append(request.path)
            return len(opened) < 2

        result = self.box(verdict).run([*SH, f"cat {self.secret}; cat {self.secret}"], capture_output=True, text=True)
        self.assertEqual(result.stdout, "secret\n")

    def test_no_descriptor_thread_or_process_leaks(self):
        self.cat(True, self.secret)
        before, threads = descriptors(), threading.active_count()
        for _ in range(5):
            self.cat(True, self.secret)
        self.assertEqual((descriptors(), threading.active_count()), (before, threads))

    def test_the_command_inherits_no_descriptor_of_the_judge(self):
        result = self.box(False).run([*SH, "for n in 3 4 5 6 7 8 9; do if (true <&$n) 2>/dev/null; then echo $n; fi; done"], capture_output=True)
        self.assertEqual(result.stdout, b"")

    def test_a_command_that_does_not_start_is_an_error(self):
        with self.assertRaises(LLError) as caught:
            self.box(True).run(["./nowhere"])
        self.assertEqual(caught.exception.status, 127)

    def test_a_timeout_kills_the_command_during_a_question(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def verdict(request):
            release.wait(30)
            return False

        threading.Timer(2, release.set).start()
        with self.assertRaises(subprocess.TimeoutExpired):
            self.box(verdict, answer_in=60).run(["cat", self.secret], timeout=0.5, capture_output=True)


class OneLayer(Judges, Asked):
    layers = 1

    def test_connections_are_asked_about(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            script = f"import socket; socket.create_connection(('127.0.0.1', {port})).close(); print('connected')"
            asked = []

            def judge(request):
                if request.call == "connect":
                    asked.append((request.address, request.port, request.protocol))
                return request.call == "connect"

            command = ["/usr/bin/python3", "-I", "-S", "-c", script]
            box = Sandbox(system(), judge=judge, ask=["connect"], quiet=True)
            result = box.run(command, capture_output=True, text=True)
            self.assertEqual((result.stdout, asked), ("connected\n", [("127.0.0.1", port, "tcp")]), result.stderr)
            refused = Sandbox(system(), judge=lambda request: False, ask=["connect"], quiet=True).run(command, capture_output=True)
            self.assertEqual(refused.stdout, b"")


class TwoLayers(Judges, Asked):
    layers = 2


class Words(unittest.TestCase):
    def test_an_invalid_argument_is_an_error_at_once(self):
        policy = Policy()
        for options in ({"ask": "open"}, {"answer_in": 1}):
            with self.assertRaises(ValueError):
                Sandbox(policy, **options)
        for options in ({"ask": "execve"}, {"ask": []}, {"answer_in": 0}, {"answer_in": float("inf")}):
            with self.assertRaises(ValueError):
                Sandbox(policy, judge=lambda request: False, **options)
        with self.assertRaises(ValueError):
            Stop("exec")


if __name__ == "__main__":
    unittest.main()
