"""Opens a page in Chromium without a window and does steps in it, by its debugging pipe:
   browser.py CHROMIUM PAGE [--dark] [STEP...]
Steps: `key=NAME` presses a key; `click=SELECTOR` clicks; `type=TEXT` writes; all else is an expression whose value is printed.
A line `asked URL` for each request but that of the page, `blocked WHAT` for what its policy refused, `error WHAT` for a script's.
Source: https://chromedevtools.github.io/devtools-protocol/"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

KEYS = {"ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35, "Enter": 13, "Tab": 9}


class Browser:
    def __init__(self, program):
        to_read, to = os.pipe()
        back, back_write = os.pipe()
        # Not among those that the browser is given by number.
        to_read, back_write = (os.dup2(old, new, inheritable=False) for old, new in ((to_read, 60), (back_write, 61)))
        self.folder = tempfile.mkdtemp(prefix="browser.")

        def give():
            os.dup2(60, 3)
            os.dup2(61, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir=" + self.folder, "about:blank"],
            preexec_fn=give, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(60)
        os.close(61)
        self.to, self.back = to, back
        self.bytes, self.id, self.events = b"", 0, []

    def receive(self):
        while b"\0" not in self.bytes:
            got = os.read(self.back, 1 << 20)
            if not got:
                sys.exit("the browser has ended")
            self.bytes += got
        message, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session=None, **params):
        self.id += 1
        message = {"id": self.id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.id:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while True:
            for event in self.events:
                if event.get("method") == method:
                    return
            self.events.append(self.receive())

    def end(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def press(browser, session, key):
    code = KEYS.get(key, ord(key.upper()) if len(key) == 1 else 0)
    text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", session, type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                    **({"text": text} if text and kind == "keyDown" else {}))


def evaluate(browser, session, expression):
    got = browser.ask("Runtime.evaluate", session, expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
    if "exceptionDetails" in got:
        return "exception " + json.dumps(got["exceptionDetails"].get("exception", {}).get("description"))
    return got["result"].get("value")


def tell(event, page):
    params = event.get("params", {})
    method = event.get("method")
    if method == "Network.requestWillBeSent" and params["request"]["url"] != page:
        print("asked", params["request"]["url"])
    elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
        print("blocked", params["entry"]["text"])
    elif method == "Runtime.exceptionThrown":
        print("error", params["exceptionDetails"].get("exception", {}).get("description"))
    elif method == "Page.javascriptDialogOpening":
        print("error a dialog:", params["message"])


def main():
    program, page, *steps = sys.argv[1:]
    dark = "--dark" in steps
    steps = [step for step in steps if step != "--dark"]
    page = "file://" + os.path.abspath(page)
    browser = Browser(program)
    try:
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            browser.ask(domain + ".enable", session)
        browser.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        if dark:
            browser.ask("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.events.clear()
        browser.ask("Page.navigate", session, url=page)
        browser.wait("Page.loadEventFired")
        for step in steps:
            kind, _, value = step.partition("=")
            if kind == "key":
                press(browser, session, value)
            elif kind == "type":
                browser.ask("Input.insertText", session, text=value)
            elif kind == "click":
                evaluate(browser, session, f"document.querySelector({json.dumps(value)}).click()")
            else:
                value = evaluate(browser, session, step)
                print(value if isinstance(value, str) else json.dumps(value))
        for event in browser.events:
            tell(event, page)
    finally:
        browser.end()


main()
