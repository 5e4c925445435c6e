"""A headless Chromium, spoken to over pipes by the DevTools protocol
(https://chromedevtools.github.io/devtools-protocol)."""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import signal
import tempfile
import time

# The names that it has on Debian and Ubuntu; the last one may only say that it is in a snap.
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")

ANSWER_S = 20
START_S = 40
END_S = 5

# What it does besides showing pages, none of which is wanted here.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--mute-audio",
)


class BrowserError(Exception):
    pass


def program():
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise BrowserError(f"no browser ({', '.join(NAMES)}): tests/setup says how to get one")


class Browser:
    """Started once; every page gets a tab of its own."""

    def __init__(self, folder, environment):
        self.log = pathlib.Path(folder, "chromium.log")
        self.profile = tempfile.mkdtemp(prefix="profile-", dir=folder)
        self.unread = bytearray()
        self.last_id = 0
        self.tabs = {}
        self.pid = None
        arguments = [
            program(),
            "--headless",
            "--remote-debugging-pipe",
            f"--user-data-dir={self.profile}",
            *QUIET,
        ]
        # Its sandbox refuses to be root's.
        if os.getuid() == 0:
            arguments.append("--no-sandbox")
        its_input, self.requests = high_pipe()
        self.answers, its_output = high_pipe()
        # subprocess can't place descriptors, and the protocol is spoken on these two.
        self.pid = os.posix_spawn(
            arguments[0],
            [*arguments, "about:blank"],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, self.log, os.O_WRONLY | os.O_CREAT, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, its_input, 3),
                (os.POSIX_SPAWN_DUP2, its_output, 4),
            ],
            setsid=True,
        )
        os.close(its_input)
        os.close(its_output)
        os.set_blocking(self.answers, False)
        try:
            self.call("Browser.getVersion", timeout_s=START_S)
        except BaseException:
            self.close()
            raise

    def call(self, method, session=None, timeout_s=ANSWER_S, **parameters):
        """The result of a command. What happens in the meantime goes to the tabs."""
        self.last_id += 1
        request = {"id": self.last_id, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        data = json.dumps(request).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self.requests, data) :]
        except BrokenPipeError:
            raise BrowserError(self.gone()) from None
        end = time.monotonic() + timeout_s
        while True:
            message = self.message(end, method)
            if message.get("id") == self.last_id:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return message["result"]

    def message(self, end, awaited):
        """The next message; an event is handed to its tab, too."""
        while b"\0" not in self.unread:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise BrowserError(f"the browser doesn't answer ({awaited})")
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise BrowserError(self.gone())
            self.unread += data
        line, _, rest = self.unread.partition(b"\0")
        self.unread = rest
        message = json.loads(line)
        if "method" in message and message.get("sessionId") in self.tabs:
            self.tabs[message["sessionId"]].events.append((message["method"], message["params"]))
        return message

    def gone(self):
        said = self.log.read_text(errors="replace").strip().splitlines()
        if any("No usable sandbox" in line for line in said):
            return (
                "the browser has no sandbox, because this user may make no namespaces: install"
                " chromium-sandbox, or (in a container that forbids that, too) run this as root"
            )
        return "the browser has ended; it said last: " + " | ".join(said[-3:])

    def tab(self):
        return Tab(self)

    def close(self):
        """Lets it end by itself; kills it and what it started where it doesn't."""
        try:
            self.call("Browser.close", timeout_s=END_S)
        except BrowserError:
            pass
        os.close(self.requests)
        os.close(self.answers)
        end = time.monotonic() + END_S
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.killpg(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
            time.sleep(0.02)
        # Its last process may still write there.
        shutil.rmtree(self.profile, ignore_errors=True)


def high_pipe():
    """A pipe whose ends lie above the descriptors that the browser's are put on."""
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(end)
    return ends


class Tab:
    """An empty page to begin with; closed at the end of a `with`."""

    def __init__(self, browser):
        self.browser = browser
        self.events = []
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]
        browser.tabs[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")
        self.events.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        del self.browser.tabs[self.session]
        try:
            self.browser.call("Target.closeTarget", targetId=self.target)
        except BrowserError:
            pass  # What came before says more.

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def open(self, path):
        """Shows a file, and waits until it is there with its fonts."""
        self.events.clear()
        shown = self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        if error := shown.get("errorText"):
            raise BrowserError(
                f"{path}: {error} (a browser from a snap sees no /tmp: set TMPDIR to a folder of"
                " your home whose name begins with no dot)"
            )
        end = time.monotonic() + ANSWER_S
        while not any(name == "Page.loadEventFired" for name, _ in self.events):
            self.browser.message(end, f"loading {path}")
        self.run("document.fonts.ready.then(() => true)")

    def run(self, script):
        """What a script gives, a promise's value as well."""
        done = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if thrown := done.get("exceptionDetails"):
            raise BrowserError(thrown.get("exception", thrown).get("description", thrown["text"]))
        return done["result"].get("value")

    def size(self, width, height, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def media(self, media="", scheme="light"):
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def screenshot(self, clip=None):
        """A PNG of what the window shows, or of a part of the page."""
        # Only a part may lie outside of the window.
        options = {"clip": clip, "captureBeyondViewport": True} if clip else {}
        shot = self.call("Page.captureScreenshot", format="png", optimizeForSpeed=True, **options)
        return base64.b64decode(shot["data"])

    def pdf(self):
        """The page as it is printed, on the paper that it asks for."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(printed["data"])

    def fonts(self, selector):
        """The names of the fonts that an element's text is set in."""
        self.call("DOM.enable")
        self.call("CSS.enable")
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        fonts = self.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
        return [font["familyName"] for font in fonts]

    def complaints(self):
        """What the browser had to say about the page since it was opened."""
        said = []
        for name, event in self.events:
            if name == "Runtime.consoleAPICalled":
                values = [str(value.get("value")) for value in event["args"]]
                said.append(f"console.{event['type']}: {' '.join(values)}")
            elif name == "Runtime.exceptionThrown":
                said.append(event["exceptionDetails"]["text"])
            elif name == "Log.entryAdded":
                said.append(f"{event['entry']['level']}: {event['entry']['text']}")
            elif name == "Audits.issueAdded":
                said.append(f"issue: {json.dumps(event['issue'])}")
        return said

    def requests(self):
        """What was fetched since, pictures that the page itself holds left out."""
        urls = [
            event["request"]["url"]
            for name, event in self.events
            if name == "Network.requestWillBeSent"
        ]
        return [url for url in urls if not url.startswith("data:")]
