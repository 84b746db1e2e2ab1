"""What of the Python package needs libllexec: beside LL_EXEC, or where LL_LIBRARY says."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest

from llexec import LLError, Policy, Zygote, library, restrict_self
from test_llexec import Case, descriptors, system

try:
    library.library()
    MISSING = None
except FileNotFoundError as error:
    MISSING = str(error)


def in_child(probe):
    """The exit status of a forked process that does it: 0 for True."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            status = 0 if probe() else 1
        except BaseException as error:
            print(error, file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def opens(path):
    try:
        with open(path):
            return True
    except PermissionError:
        return False


class WithoutLibrary(Case):
    def test_restrict_self_names_a_missing_library(self):
        code = "import llexec\ntry:\n    llexec.restrict_self(llexec.Policy('base'))\nexcept FileNotFoundError as error:\n    print('missing')"
        environment = {**os.environ, "LL_LIBRARY": "/nonexistent/libllexec.so.1"}
        out = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(out, b"missing\n")


@unittest.skipIf(MISSING is not None, MISSING)
class RestrictSelf(Case):
    def test_load_then_lock_down(self):
        pathlib.Path("granted").mkdir()
        pathlib.Path("granted/file").write_text("x")

        def probe():
            before = open("secret")
            restrict_self(Policy(text="ro granted\n"))
            return opens("granted/file") and not opens("secret") and before.read() == "secret\n"

        self.assertTrue(opens("secret"))
        self.assertEqual(in_child(probe), 0)

    def test_an_error_has_its_location_and_restricts_nothing(self):
        with self.assertRaises(LLError) as raised:
            restrict_self(Policy(text="ro /usr\nconnect 99999\n"))
        error = raised.exception
        self.assertEqual((error.status, error.source, error.line, error.column), (125, "policy text", 2, 9))
        self.assertTrue(opens("secret"))
        with self.assertRaises(LLError) as raised:
            restrict_self(Policy(text="ro /usr\0\n"))
        self.assertEqual(raised.exception.line, 1)
        with self.assertRaises(ValueError):
            restrict_self(Policy(ro=["/usr\0"]))

    def test_restrict_self_restricts_one_thread(self):
        def probe():
            result = []

            def thread():
                restrict_self(Policy(), this_thread=True)
                result.append(opens("secret"))

            one = threading.Thread(target=thread)
            one.start()
            one.join()
            return result == [False] and opens("secret")

        self.assertEqual(in_child(probe), 0)

    def test_other_threads_are_restricted_too_or_it_is_an_error(self):
        def probe():
            told, result = threading.Event(), []

            def thread():
                told.wait()
                result.append(opens("secret"))

            one = threading.Thread(target=thread)
            one.start()
            try:
                restrict_self(Policy())
                wanted = False
            except LLError:
                wanted = True
            told.set()
            one.join()
            return result == [wanted] and opens("secret") == wanted

        self.assertEqual(in_child(probe), 0)


@unittest.skipIf(MISSING is not None, MISSING)
class Clones(Case):
    def make(self, work, **more):
        zygote = Zygote(more.pop("policy", system()), work=work, **more)
        self.addCleanup(zygote.close)
        return zygote

    def test_each_has_its_own_output_and_status(self):
        def work(number):
            if number == 1:
                sys.exit(3)
            if number == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            if number == 3:
                raise ValueError("three")
            print(number, os.environ["CLONE_ID"])
            print("told", file=sys.stderr)

        clones = list(self.make(work).map(range(5), parallel=3))
        self.assertEqual([clone.status for clone in clones], [0, 3, -9, 1, 0])
        self.assertEqual([clone.stdout for clone in clones], [b"0 0\n", b"", b"", b"", b"4 4\n"])
        self.assertIn(b"ValueError: three", clones[3].stderr)
        self.assertEqual(clones[4].stderr, b"told\n")

    def test_state_of_init_is_kept_and_the_policy_applies_to_both(self):
        state = []

        def init():
            state.append(opens("secret"))

        zygote = self.make(lambda number: print(state, opens("secret")), init=init)
        self.assertEqual(next(zygote.map([7])).stdout, b"[False] False\n")
        self.assertTrue(opens("secret"))

    def test_each_clone_may_have_a_narrower_policy(self):
        pathlib.Path("model").write_text("m")
        held = []
        zygote = self.make(
            lambda number: print(opens("model"), held[0].read()),
            policy=system(ro=["model", "-/etc/ld.so.cache"]),
            init=lambda: held.append(open("model")),
            clone_policy=system(),
        )
        self.assertEqual(next(zygote.map([0])).stdout, b"False m\n")

    def test_large_output_on_both_streams_of_many_at_once(self):
        def work(number):
            sys.stdout.write(str(number % 10) * 1000000)
            sys.stderr.write("e" * 1000000)

        for clone in self.make(work).map(range(16), parallel=16):
            self.assertEqual((clone.status, len(clone.stdout), len(clone.stderr)), (0, 1000000, 1000000))
            self.assertEqual(set(clone.stdout), {ord(str(clone.id % 10))})

    def test_a_clone_has_only_its_three_descriptors(self):
        def work(number):
            found = []
            for descriptor in range(256):
                try:
                    os.fstat(descriptor)
                    found.append(descriptor)
                except OSError:
                    pass
            print(found)

        with open("secret"):
            zygote = self.make(work)
            clones = list(zygote.map(range(8), parallel=8))
        self.assertEqual({clone.stdout for clone in clones}, {b"[0, 1, 2]\n"})

    def test_a_hostile_clone_reaches_no_sibling_and_not_the_socket(self):
        def work(number):
            reached = 0
            for descriptor in range(3, 256):
                try:
                    reached += os.write(descriptor, b"forged")
                except OSError:
                    pass
            for process in range(os.getppid() - 4, os.getpid() + 4):
                for descriptor in range(8):
                    if process == os.getpid():
                        continue
                    try:
                        with open(f"/proc/{process}/fd/{descriptor}", "wb", buffering=0) as file:
                            reached += file.write(b"forged")
                    except OSError:
                        pass
            print("reached", reached)

        clones = list(self.make(work, clone_policy=system()).map(range(8), parallel=8))
        self.assertEqual({clone.stdout for clone in clones}, {b"reached 0\n"})

    def test_a_clone_that_kills_the_zygote_is_an_error(self):
        zygote = self.make(lambda number: os.kill(os.getppid(), signal.SIGKILL))
        with self.assertRaisesRegex(RuntimeError, "has ended"):
            list(zygote.map(range(4), parallel=2))

    def test_reduce_reads_results_in_order(self):
        zygote = self.make(lambda number: print(9 - number))
        statuses, out = zygote.reduce(["sort"], over=range(10), policy=system())
        self.assertEqual((statuses, out), ([0] * 11, b"".join(b"%d\n" % n for n in range(10))))

    def test_threads_of_init_are_an_error(self):
        def init():
            threading.Thread(target=threading.Event().wait, daemon=True).start()

        with self.assertRaisesRegex(RuntimeError, "threads"):
            self.make(print, init=init)

    def test_errors_of_the_policy_and_of_init(self):
        with self.assertRaises(LLError) as raised:
            self.make(print, policy=Policy(text="wrong\n"))
        self.assertEqual((raised.exception.source, raised.exception.line), ("policy text", 1))
        with self.assertRaisesRegex(RuntimeError, "ZeroDivisionError"):
            self.make(print, init=lambda: 1 // 0)

    def test_no_descriptor_thread_or_process_leaks(self):
        before = descriptors()
        zygote = Zygote(system(), work=lambda number: print(number))
        self.assertEqual(len(list(zygote.map(range(20), parallel=4))), 20)
        half = zygote.map(range(20), parallel=4)
        next(half)
        half.close()
        self.assertEqual([clone.status for clone in zygote.map([1, 2])], [0, 0])
        zygote.close()
        self.assertEqual(descriptors(), before)
        with self.assertRaises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)

    def test_randomness_differs(self):
        clones = list(self.make(lambda number: print(__import__("random").random())).map(range(16)))
        self.assertEqual(len({clone.stdout for clone in clones}), 16)


if __name__ == "__main__":
    unittest.main()
