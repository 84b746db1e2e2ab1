"""The Python package over the programs: LL_EXEC, LL_SANDBOX and PROBE name what is tested."""

import asyncio
import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from llexec import Change, LLError, Pipeline, Policy, Sandbox, Stage

SH = ["/bin/sh", "-c"]
SYSTEM = {"rx": ["/usr", "-/bin", "-/lib", "-/lib64"], "ro": ["-/etc/ld.so.cache"]}


def system(**more):
    return Policy("base", **{**SYSTEM, **more})


def lives(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def descriptors():
    return sorted(os.listdir("/proc/self/fd"))


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("LL_FOLDER"))
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chmod(folder.name, 0o755)
        os.chdir(folder.name)
        self.folder = folder.name
        pathlib.Path("secret").write_text("secret\n")

    def soon(self, holds):
        for _ in range(3000):
            if holds():
                return
            time.sleep(0.01)
        self.fail("never")


class Policies(Case):
    def test_keywords_are_options(self):
        policy = Policy("base", "./x.policy", ro=["a", pathlib.Path("b")], connect=[443, "80-81"], protect_all=True, rw=None)
        wanted = ("--policy=base", "--policy=./x.policy", "--ro=a", "--ro=b", "--connect=443", "--connect=80-81", "--protect-all=on")
        self.assertEqual(policy.options(), wanted)

    def test_text_is_a_policy(self):
        text = "use base\nrx /usr\nrx -/bin\nrx -/lib\nrx -/lib64\n"
        result = Sandbox(Policy(text=text)).run([*SH, "echo in"], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, "in\n"))

    def test_an_error_has_its_location(self):
        cases = [
            (Policy(text="ro /etc\nconnect 99999\n"), ("policy text", 2, 9, 125), "port 99999 is more than 65535"),
            (Policy("nowhere-to-be-found"), ("argument", 2, 0, 125), "no policy is named"),
            (Policy(connect=99999), ("argument", 3, 0, 125), "port 99999 is more than 65535"),
        ]
        for policy, place, message in cases:
            with self.assertRaises(LLError) as caught:
                Sandbox(policy).run(["true"], stderr=subprocess.DEVNULL)
            error = caught.exception
            self.assertEqual((error.source, error.line, error.column, error.status), place)
            self.assertIn(message, error.text)

    def test_explain_and_why(self):
        box = Sandbox(system(ro=["/etc/hostname"]))
        self.assertEqual(json.loads(box.explain_json()), box.explain())
        self.assertEqual(box.explain()["rules"][-1]["directive"], "ro")
        self.assertTrue(box.why("read_file", "/usr/bin/env").granted)
        refused = box.why("write_file", "/usr/bin/env")
        self.assertFalse(refused.granted)
        self.assertIn("/usr", refused.text)
        self.assertFalse(box.why("connect", "example.org:443").granted)
        with self.assertRaises(LLError):
            box.why("no_such_right", "/")

    def test_explain_is_byte_for_byte_that_of_ll_exec(self):
        direct = subprocess.run([os.environ["LL_EXEC"], "-p", "base", "--explain", "--json"], stdout=subprocess.PIPE, check=True)
        wanted = direct.stdout.replace(b'"argument":2', b'"argument":0')
        got = Sandbox(Policy("base")).explain_json().replace(b'"argument":2', b'"argument":0')
        self.assertEqual(json.loads(got), json.loads(wanted))


class Runs:
    """Each with one layer and with two."""

    layers = 1

    def box(self, **more):
        return Sandbox(system(**more), layers=self.layers)

    def test_output_input_and_status(self):
        result = self.box().run([*SH, "cat; echo err >&2; exit 3"], input="in\n", capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (3, "in\n", "err\n"))

    def test_an_access_that_is_not_granted_is_refused(self):
        # Control: bare it can be read.
        self.assertEqual(subprocess.run(["cat", "secret"], stdout=subprocess.PIPE, check=True).stdout, b"secret\n")
        result = self.box().run(["cat", "secret"], capture_output=True)
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertEqual(self.box(ro="secret").run(["cat", "secret"], capture_output=True).stdout, b"secret\n")

    def test_status_125_of_the_command_is_not_an_error(self):
        self.assertEqual(self.box().run([*SH, "exit 125"]).returncode, 125)
        with self.assertRaises(subprocess.CalledProcessError) as caught:
            self.box().run([*SH, "exit 125"], check=True)
        self.assertEqual(caught.exception.returncode, 125)

    def test_a_missing_command_is_an_error(self):
        with self.assertRaises(LLError) as caught:
            self.box().run(["there-is-no-such-program"], stderr=subprocess.DEVNULL)
        self.assertEqual(caught.exception.status, 127)

    def test_a_command_that_cannot_be_run_is_an_error(self):
        pathlib.Path("text").write_text("x")
        with self.assertRaises(LLError) as caught:
            self.box(rx="text").run(["./text"], stderr=subprocess.DEVNULL)
        self.assertEqual(caught.exception.status, 126)

    def test_environment_and_directory(self):
        os.mkdir("sub")
        box = self.box(ro=".", env="NAMED")
        result = box.run([*SH, "pwd; echo ${NAMED-} ${OTHER-}"], env={"NAMED": "1", "OTHER": "2", "PATH": os.environ["PATH"]}, cwd="sub", capture_output=True, text=True)
        self.assertEqual(result.stdout, f"{os.path.realpath('sub')}\n1\n")

    def test_only_passed_descriptors_are_inherited(self):
        with open("secret") as secret:
            os.set_inheritable(secret.fileno(), True)
            listed = self.box(ro="/proc").run([*SH, "ls /proc/self/fd"], pass_fds=[secret.fileno()], capture_output=True, text=True)
            # The last is that of ls on the directory.
            self.assertEqual(len(listed.stdout.split()), 5, listed)
            self.assertIn(str(secret.fileno()), listed.stdout.split())

    def test_both_streams_are_read_at_once(self):
        script = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"
        result = self.box(dev="-/dev/zero").run([*SH, script], capture_output=True, timeout=60)
        self.assertEqual((len(result.stdout), len(result.stderr)), (1000000, 1000000))

    def test_a_timeout_kills_all_processes(self):
        script = "(trap '' TERM; sleep 1000 & sleep 1000) & trap '' TERM; setsid sleep 1000 & echo ready; wait"
        with self.assertRaises(subprocess.TimeoutExpired) as caught:
            with self.watched():
                self.box().run([*SH, script], capture_output=True, timeout=2)
        self.assertEqual(caught.exception.timeout, 2)

    def watched(self):
        case = self

        class Watch:
            def __enter__(self):
                self.before = sleepers()

            def __exit__(self, *exception):
                case.soon(lambda: sleepers() <= self.before)

        return Watch()

    def test_an_interrupt_kills_all_processes(self):
        program = (
            "import sys; sys.path[:0] = %r\n"
            "from llexec import *\n"
            "box = Sandbox(Policy('base', rx=['/usr', '-/bin', '-/lib', '-/lib64'], ro=['-/etc/ld.so.cache']), layers=%d)\n"
            "box.run(['/bin/sh', '-c', 'sleep 1000 & sleep 1000'])\n" % (sys.path, self.layers)
        )
        before = sleepers()
        caller = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.soon(lambda: len(sleepers() - before) >= 2)
        caller.send_signal(signal.SIGINT)
        self.assertIn(b"KeyboardInterrupt", caller.communicate()[1])
        self.soon(lambda: sleepers() <= before)

    @unittest.skipUnless("PROBE" in os.environ, "needs PROBE")
    def test_a_timeout_kills_a_process_that_asks_to_be_traced(self):
        probe = os.environ["PROBE"]
        box = self.box(rx=["/usr", "-/bin", "-/lib", "-/lib64", probe])
        self.assertEqual(box.run([probe, "exit", "3"]).returncode, 3)
        with self.assertRaises(subprocess.TimeoutExpired):
            box.run([probe, "be-traced", "300", "100"], timeout=1)

    def test_popen_streams(self):
        with self.box().popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as child:
            child.wait_for_start()
            for line in ("one\n", "two\n"):
                child.stdin.write(line)
                child.stdin.flush()
                self.assertEqual(child.stdout.readline(), line)
            child.stdin.close()
            self.assertEqual(child.wait(), 0)
            self.assertIsNone(child.error())

    def test_popen_reports_why_nothing_runs(self):
        with Sandbox(system(ro="not-there"), layers=self.layers).popen(["true"], stderr=subprocess.DEVNULL) as child:
            with self.assertRaises(LLError) as caught:
                child.wait_for_start()
        self.assertIn("not-there does not exist", caught.exception.text)

    def test_sigpipe_is_as_for_a_shell(self):
        with self.box().popen([*SH, "yes"], stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            child.stdout.close()
            self.assertIn(child.wait(), (-signal.SIGPIPE, 128 + signal.SIGPIPE))

    def test_asyncio_and_threads_leave_nothing(self):
        box = self.box()
        before = descriptors()

        async def many():
            runs = [box.run_async(["echo", str(i)], capture_output=True) for i in range(20)]
            return [result.stdout for result in await asyncio.gather(*runs)]

        self.assertEqual(asyncio.run(many()), [b"%d\n" % i for i in range(20)])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = pool.map(lambda i: box.run(["echo", str(i)], capture_output=True).stdout, range(20))
            self.assertEqual(list(results), [b"%d\n" % i for i in range(20)])
        self.assertEqual(descriptors(), before)

    def test_asyncio_errors_and_timeouts(self):
        before = sleepers()
        with self.assertRaises(LLError):
            asyncio.run(self.box().run_async(["there-is-no-such-program"], stderr=subprocess.DEVNULL))
        with self.assertRaises(subprocess.TimeoutExpired):
            asyncio.run(self.box().run_async([*SH, "sleep 1000 & sleep 1000"], timeout=1))
        # Whose pipes are full when its time is over.
        with self.assertRaises(subprocess.TimeoutExpired):
            asyncio.run(asyncio.wait_for(self.box().run_async([*SH, "yes & yes >&2"], capture_output=True, timeout=1), 60))
        self.soon(lambda: sleepers() <= before)


def sleepers():
    found = set()
    for name in os.listdir("/proc"):
        try:
            words = pathlib.Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", b"1000"] and lives(int(name)):
            found.add(int(name))
    return found


class OneLayer(Runs, Case):
    layers = 1

    def test_options_that_need_both_layers_are_refused(self):
        for more in ({"memory": "1G"}, {"pids": 4}, {"overlay": "."}):
            with self.assertRaises(ValueError):
                Sandbox(system(), **more)
        with self.assertRaises(ValueError):
            Sandbox(system()).dry_run(["true"])


class TwoLayers(Runs, Case):
    layers = 2

    def test_overlay_commits_or_not(self):
        pathlib.Path("kept").write_text("old\n")
        box = Sandbox(system(rw="."), layers=2, overlay=".")
        self.assertEqual(box.run([*SH, "echo new >kept; exit 1"]).returncode, 1)
        self.assertEqual(pathlib.Path("kept").read_text(), "old\n")
        self.assertEqual(box.run([*SH, "echo new >kept"]).returncode, 0)
        self.assertEqual(pathlib.Path("kept").read_text(), "new\n")

    def test_a_commit_conflict_is_an_error(self):
        box = Sandbox(system(rw="."), layers=2, overlay=".")
        child = box.popen([*SH, "echo mine >made; echo ready; read line; :"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with child:
            child.stdout.readline()
            pathlib.Path("made").write_text("theirs\n")
            child.stdin.close()
            self.assertEqual(child.wait(), 125)
            self.assertIn("has changed meanwhile", child.error().text)
        self.assertEqual(pathlib.Path("made").read_text(), "theirs\n")

    def test_dry_run_lists_changes_and_discards_them(self):
        pathlib.Path("gone").write_text("x")
        box = Sandbox(system(rw="."), layers=2)
        changes = box.dry_run([*SH, "rm gone; echo more >>secret; echo new >new"])
        self.assertEqual([(change.kind, change.path) for change in changes], [("D", "gone"), ("A", "new"), ("M", "secret")])
        self.assertIsInstance(changes[0], Change)
        self.assertEqual(sorted(os.listdir(".")), ["gone", "secret"])

    def test_reparented_processes_are_killed_too(self):
        before = sleepers()
        with self.assertRaises(subprocess.TimeoutExpired):
            self.box().run([*SH, "(setsid sleep 1000 >&- 2>&- &) ; echo; sleep 1000"], capture_output=True, timeout=2)
        self.soon(lambda: sleepers() <= before)


class Pipelines(Case):
    def test_statuses_of_all_and_a_policy_for_each(self):
        result = (Stage(system(ro="secret"), ["cat", "secret"]) | Stage(system(), ["tr", "a-z", "A-Z"])).run()
        self.assertEqual(result, ([0, 0], b"SECRET\n"))
        # The second cannot read what the first may.
        result = (Stage(system(ro="secret"), ["cat", "secret"]) | Stage(system(), [*SH, "cat secret || cat"], stderr=subprocess.DEVNULL)).run()
        self.assertEqual(result, ([0, 0], b"secret\n"))
        result = (Stage(system(), ["false"]) | Stage(system(), ["cat"]) | Stage(system(), [*SH, "exit 3"])).run()
        self.assertEqual(result.statuses, [1, 0, 3])
        self.assertIsInstance(Stage(system(), ["a"]) | Stage(system(), ["b"]), Pipeline)

    def test_input_and_a_reader_that_has_enough(self):
        data = b"line\n" * 1000000
        result = (Stage(system(), ["cat"]) | Stage(system(), ["head", "-n", "1"])).run(input=data, timeout=60)
        self.assertEqual((result.stdout, result.statuses[1]), (b"line\n", 0))

    def test_named_inputs(self):
        left = Stage(system(), ["printf", "1\n3\n"])
        right = Stage(system(), ["printf", "3\n2\n"]) | Stage(system(), ["sort"])
        result = Stage(system(ro="/proc"), ["sort", "-m", "{left}", "{right}"], inputs={"left": left, "right": right}).run()
        self.assertEqual(result, ([0, 0, 0, 0], b"1\n2\n3\n3\n"))

    def test_a_stage_that_does_not_start_is_an_error(self):
        before = descriptors()
        with self.assertRaises(LLError):
            (Stage(system(), ["cat"]) | Stage(Policy(connect=99999), ["cat"], stderr=subprocess.DEVNULL)).run()
        self.assertEqual(descriptors(), before)

    def test_a_timeout_kills_all_stages(self):
        before = sleepers()
        with self.assertRaises(subprocess.TimeoutExpired):
            (Stage(system(), ["sleep", "1000"]) | Stage(system(), ["cat"])).run(timeout=1)
        self.soon(lambda: sleepers() <= before)


if __name__ == "__main__":
    unittest.main()
