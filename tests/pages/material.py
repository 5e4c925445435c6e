"""What micheck is asked to make, for the checks to look at. Each thing is made once, when it is
first asked for."""

import csv
import functools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import unicodedata
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]

LANGUAGES = ("en", "hi")

# Width and height, millimetres; a roll has no height of its own.
PAPERS = {"a4": (210, 297), "a5": (148, 210), "80mm": (80, None), "58mm": (58, None)}

RUN_S = 60

QR_URL = "https://repair.example.org/micheck?branch=pune&lang=hi#help"

# No page may promise more than was checked.
FORBIDDEN = r"(?i)\b(certificates?|certified|safe)\b|सुरक्षित|प्रमाणपत्र|सर्टिफिकेट"

# Strangers' texts: each runs, hides, pushes something out of its place, or does nothing of it.
HOSTILE = (
    "<script>window.__hit=1</script>",
    '"><img src=x onerror="window.__hit=1">',
    "'><svg onload=window.__hit=1><style>*{display:none}</style>",
    "</title></style><iframe srcdoc=x>",
    "<!-- ]]> &lt;b&gt; &amp;amp; &#60;i&#62;",
    "javascript:window.__hit=1",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "Redmi \u202eetoN 31\u2066 \u200bx\u200fy\ufeff",
    "\x01\x1b[2J\x07\x7f\x85\u2028bell",
    "X" * 10_000,
    "W" * 80,
    "wide words " * 1_000,
    "Z" + "\u0317\u0318\u0319\u0353\u033e\u0344" * 300,
    "क्ष्म्य" * 30,
    "小米手机" * 30,
    "مرحبا بكم " * 20,
)

# A sign that is seven times as wide as others. A page has room for it where phones choose the text,
# but not everywhere.
WIDEST = "\ufdfd" * 40

# Where a report has a text that a phone chose.
OF_PHONES = {
    *("manufacturer", "brand", "model", "marketname", "system", "android", "security_patch"),
    *("region", "detail", "serial", "version", "version_code", "factory_version", "code_path"),
}

# The same, and where whoever changes a saved report could put one.
STRANGERS = OF_PHONES | {
    *("server", "path", "state", "file", "entry", "app", "package", "last_affected", "less_than"),
    *("first_fixed", "cves", "cvss", "text", "name"),
}

# What a spreadsheet takes for a formula or for the end of a cell, and what must be read instead;
# `None`: that doesn't matter.
CELLS = {
    "=1+2": "'=1+2",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "=cmd|'/C calc'!A0": "'=cmd|'/C calc'!A0",
    "＝1+2": "'＝1+2",
    "\t=1+2": "\\u0009=1+2",
    "\r=1+2": "\\u000d=1+2",
    "two\nlines": "two\\u000alines",
    'a "quoted", text': 'a "quoted", text',
    '"': '"',
    ",": ",",
    "'=1+2": "'=1+2",
    '","=1+2': '","=1+2',
    "x;=1+2": None,
    "x,y;@SUM(A1)": None,
}


def shown(text):
    """How micheck shows a stranger's text: what deceives is spelled out."""
    deceptive = ("Cc", "Cf", "Zl", "Zp")
    return "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign) in deceptive else sign for sign in text
    )


def png(width, height):
    """A picture to be a logo."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + b"".join(bytes((200, x * 255 // width, y * 255 // height)) for x in range(width))
        for y in range(height)
    )
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def poisoned(value, text, keys=STRANGERS, key=None):
    """A part of a report in which all texts of these keys are `text`."""
    if isinstance(value, dict):
        return {name: poisoned(part, text, keys, name) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, text, keys, key) for part in value]
    # No phone is from a file and from a cable at once.
    is_left_out = value is None and key in ("file", "entry", "source")
    is_text = value is None or isinstance(value, str)
    return text if key in keys and is_text and not is_left_out else value


class Material:
    def __init__(self, micheck, folder):
        self.folder = pathlib.Path(folder)
        # It may be built anew in the meantime.
        self.micheck = shutil.copy(micheck, self.folder / "micheck")
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        self.log_of_board = self.folder / "board.jsonl"
        arguments = ["watch", "--demo", "--once", "3", "--format", "jsonl"]
        # It takes some seconds, in which other things are done.
        self.board = subprocess.Popen(
            [self.micheck, *arguments, "--log", self.log_of_board],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def close(self):
        if self.board.poll() is None:
            self.board.terminate()
        self.board.communicate()

    def command(self, *command, code=0, timeout_s=RUN_S):
        """What a program wrote to standard output."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
        )
        said = done.stderr.decode(errors="replace").strip()
        program = pathlib.Path(command[0]).name
        assert done.returncode == code, f"{program}: exit code {done.returncode}: {said}"
        return done.stdout

    def run(self, *arguments, code=1):
        """What micheck writes; 1: some phone is at risk."""
        return self.command(self.micheck, *arguments, code=code)

    def phones(self, source):
        return json.loads(source.read_bytes())["devices"]

    @functools.cache
    def numbers(self, source):
        """The report numbers of the phones, as a program reads them."""
        lines = self.run("report", source, "--format", "csv").decode().splitlines()
        rows = list(csv.DictReader(lines))
        # A phone has a line for each of its apps.
        return list(dict.fromkeys(row["report_number"] for row in rows))

    def saved(self, name, report):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(report))
        return path

    # Reports, as files that `micheck report` reads.

    @functools.cache
    def demo(self, *options):
        """The simulated phones."""
        path = self.folder / f"demo{''.join(options)}.json"
        self.run("scan", "--demo", *options, "--serials", "full", "-o", path)
        return path

    @functools.cache
    def board_log(self):
        printed, said = self.board.communicate(timeout=RUN_S)
        assert self.board.returncode == 1, f"{self.board.returncode}: {said.decode()}"
        assert printed == self.log_of_board.read_bytes(), "log and standard output differ"
        return self.log_of_board

    @functools.cache
    def typed(self):
        """A version of each kind, as a person types it."""
        path = self.folder / "typed.jsonl"
        files = []
        for version, code in (("3.1.874.10", 1), ("3.1.900.12", 1), ("3.1.921.10", 0)):
            files.append(self.folder / f"typed-{version}.json")
            self.run("judge", version, "-o", files[-1], code=code)
        self.run("report", *files, "-o", path)
        return path

    @functools.cache
    def every_text(self):
        """A phone for each reason, note and step that there is."""
        report = json.loads(self.demo().read_bytes())
        schema = json.loads((ROOT / "docs/report.schema.json").read_bytes())
        words = {
            kind: [one["const"] for one in schema["$defs"][kind]["oneOf"]]
            for kind in ("Reason", "Note", "Step")
        }
        asked, not_asked = report["devices"][0], report["devices"][4]
        apps = next(step["apps"] for step in asked["steps"] if step.get("apps"))
        asked["steps"] = [{"key": key, "text": "", "apps": apps} for key in words["Step"]]
        not_asked["detail"] = "what was said"
        devices = [asked]
        devices += [{**not_asked, "reason": reason} for reason in words["Reason"]]
        devices += [{**asked, "notes": [note]} for note in words["Note"]]
        return self.saved("every-text", with_devices(report, devices))

    @functools.cache
    def one_of_each(self):
        """A phone of each verdict."""
        report = json.loads(self.demo().read_bytes())
        of_verdict = {}
        for device in report["devices"]:
            of_verdict.setdefault(device["verdict"], device)
        return self.saved("one-of-each", with_devices(report, list(of_verdict.values())))

    @functools.cache
    def nothing(self):
        """No phone, and every likely reason."""
        report = json.loads(self.demo().read_bytes())
        schema = json.loads((ROOT / "docs/report.schema.json").read_bytes())
        hints = [one["const"] for one in schema["$defs"]["Hint"]["oneOf"]]
        report["hints"] = [{"key": hint, "text": ""} for hint in hints]
        return self.saved("nothing", with_devices(report, []))

    @functools.cache
    def hostile(self):
        """For each hostile text a phone at risk, of which most is said, and one not checked."""
        report = json.loads(self.demo().read_bytes())
        at_risk, not_checked = report["devices"][0], report["devices"][4]
        devices = [poisoned(device, text) for text in HOSTILE for device in (at_risk, not_checked)]
        devices += [poisoned(device, WIDEST, OF_PHONES) for device in (at_risk, not_checked)]
        return self.saved("hostile", with_devices(report, devices))

    @functools.cache
    def hostile_cells(self):
        """A phone for each text that is dangerous in a spreadsheet."""
        report = json.loads(self.demo().read_bytes())
        devices = [poisoned(report["devices"][0], text) for text in CELLS]
        return self.saved("hostile-cells", with_devices(report, devices))

    @functools.cache
    def shop(self):
        """Settings of a shop, with everything that a page shows of it."""
        logo = self.folder / "logo.png"
        logo.write_bytes(png(160, 60))
        settings = {
            "shop_name": "Sharma & Söhne <Mobile> शर्मा मोबाइल",
            "shop_contact": "12 MG Road, Pune · +91 98765 43210",
            "shop_logo": str(logo),
            "qr_url": QR_URL,
            "retention": "30 days, then deleted",
        }
        path = self.folder / "shop.toml"
        # Texts of JSON are texts of TOML.
        path.write_text("".join(f"{key} = {json.dumps(settings[key])}\n" for key in settings))
        return path

    # Pages.

    def bench(self, source, language, name, *options, code=1):
        arguments = ("--lang", language, *options)
        return self.page(source, f"bench-{name}-{language}", *arguments, code=code)

    def sheets(self, source, language, name, *options, code=1):
        arguments = ("--sheet", "--sheet-lang", language, *options)
        return self.page(source, f"sheet-{name}-{language}", *arguments, code=code)

    @functools.cache
    def page(self, source, name, *options, code):
        path = self.folder / f"{name}.html"
        self.run("report", source, *options, "-o", path, code=code)
        return path

    @functools.cache
    def pages(self, language):
        """Every kind of page that there is, apart from hostile ones."""
        config = ("--config", self.shop())
        sources = {
            "demo": (self.demo(),),
            "all": (self.demo("--all"),),
            "shop": (self.one_of_each(), *config),
            "board": (self.board_log(),),
            "typed": (self.typed(),),
            "every-text": (self.every_text(),),
        }
        made = [self.bench(self.nothing(), language, "nothing", code=4)]
        for name, (source, *options) in sources.items():
            made.append(self.bench(source, language, name, *options))
            made.append(self.sheets(source, language, name, *options))
        return made


def with_devices(report, devices):
    """The report of these phones; the summary counts them."""
    # Worst first, as micheck has them.
    report["devices"] = devices
    for verdict in report["summary"]:
        report["summary"][verdict] = sum(device["verdict"] == verdict for device in devices)
    report["summary"]["devices"] = len(devices)
    report["summary"]["lost_servers"] = 0
    return report
