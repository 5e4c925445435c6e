"""Pages on a screen: what they load and say, whether they fit, can be read, and stay harmless."""

import functools
import re
import unicodedata

from checks import check, equal, look, nothing
from material import FORBIDDEN, HOSTILE, LANGUAGES, ROOT, shown

# Width, height, and whether it is a phone's.
SCREENS = ((390, 844, True), (1280, 900, False))

SCHEMES = ("light", "dark")

# How high a picture is that a person looks at.
PICTURE_HEIGHT = 1_600

# What could run, load or send something. Logos are `img`, of which there is none without a shop.
DANGEROUS = {"script", "iframe", "object", "embed", "form", "input", "link", "base", "audio"}

# Sources, and the phones of a report of a bench.
LINK = re.compile(r"https://[^/]|#p\d+$")

# How many columns a stranger's text gets; several apps together get three times as many.
MAX_SHOWN = 80

# Of these there are pictures to look at.
PICTURED = ("bench-all", "bench-shop", "bench-board", "sheet-shop", "sheet-board")


class Seen:
    """What was found on the pages of one language."""

    def __init__(self):
        self.complaints = []
        self.loads = []
        self.dangers = []
        self.outside = []
        self.faint = []
        self.promises = []
        self.texts = 0
        self.elements = set()
        self.attributes = set()


@functools.cache
def seen(bench, language):
    """Opens every page once, for all the checks that look at it."""
    seen = Seen()
    for path in bench.material.pages(language):
        with bench.tab() as tab:
            tab.open(path)
            look_at(seen, path, tab, bench)
    return seen


def look_at(seen, path, tab, bench):
    name = path.stem
    seen.complaints += [f"{name}: {said}" for said in tab.complaints()]
    seen.loads += [f"{name} asks for {url}" for url in tab.requests() if url != path.as_uri()]

    names = look(tab, "names")
    seen.loads += [
        f"{name} loads {url[:60]}"
        for url in names["loads"]
        if not url.startswith("data:image/png;base64,")
    ]
    seen.dangers += [f"{name} has <{element}>" for element in DANGEROUS & set(names["elements"])]
    seen.dangers += [f"{name} leads to {url}" for url in names["links"] if not LINK.match(url)]
    # A shop's logo is the only picture.
    if "-shop-" not in name:
        seen.elements |= set(names["elements"])
        seen.attributes |= set(names["attributes"])

    text = unicodedata.normalize("NFC", look(tab, "visibleText"))
    for match in re.finditer(FORBIDDEN, text):
        around = text[max(0, match.start() - 40) : match.end() + 40]
        seen.promises.append(f"{name}: …{' '.join(around.split())}…")

    for width, height, mobile in SCREENS:
        tab.size(width, height, mobile)
        seen.outside += [f"{name} at {width}: {what}" for what in look(tab, "outside", width)]
        for scheme in SCHEMES:
            tab.media(scheme=scheme)
            contrast = look(tab, "contrast")
            seen.texts += contrast["looked"]
            seen.faint += [f"{name} at {width}, {scheme}: {what}" for what in contrast["found"]]
            if name.startswith(PICTURED):
                pictures(bench, tab, f"{name}-{width}-{scheme}", width, mobile)
    tab.media(media="print")
    seen.faint += [f"{name} in print: {what}" for what in look(tab, "contrast")["found"]]


def pictures(bench, tab, name, width, mobile):
    if not bench.keep:
        return
    tab.size(width, PICTURE_HEIGHT, mobile)
    height = tab.run("document.documentElement.scrollHeight")
    for part, top in enumerate(range(0, height, PICTURE_HEIGHT), 1):
        # Ten times as fast as to have it drawn beyond the window.
        tab.run(f"scrollTo(0, {top})")
        (bench.keep / f"{name}-{part:02}.png").write_bytes(tab.screenshot())


@check(*LANGUAGES)
def the_browser_has_nothing_to_complain_of(bench, language):
    nothing(seen(bench, language).complaints)


@check(*LANGUAGES)
def pages_load_nothing_and_run_nothing(bench, language):
    found = seen(bench, language)
    nothing(found.loads + found.dangers)
    nothing(
        f"{path.name} has a script"
        for path in bench.material.pages(language)
        if "<script" in path.read_text().lower()
    )


@check(*LANGUAGES)
def nothing_stands_out_to_the_side(bench, language):
    nothing(seen(bench, language).outside)


@check(*LANGUAGES)
def all_text_stands_out_from_its_ground(bench, language):
    assert seen(bench, language).texts > 10_000, "hardly any text was found"
    nothing(seen(bench, language).faint)


@check(*LANGUAGES)
def nothing_is_promised(bench, language):
    nothing(seen(bench, language).promises)


@check()
def devanagari_is_shaped(bench):
    style = (ROOT / "src/output/render/html/style.css").read_text()
    font = re.search(r"^body \{.*?font: (.*?);", style, re.DOTALL | re.MULTILINE)[1]
    with bench.tab() as tab:
        joined, first, second = look(tab, "widths", font, ["क्ष", "क्", "ष"])
        assert joined < first + second, f"क्ष is {joined} wide, क् and ष are {first + second}"
        # Written behind its consonant, the short i stands before it and adds its width.
        with_vowel, alone = look(tab, "widths", font, ["कि", "क"])
        assert with_vowel > alone
    with bench.tab() as tab:
        tab.open(bench.material.sheets(bench.material.demo(), "hi", "demo"))
        fonts = tab.fonts(".plain")
    assert any("Devanagari" in font for font in fonts), f"set in {fonts}"


@check(*LANGUAGES)
def hostile_texts_are_only_shown(bench, language):
    source = bench.material.hostile()
    for path in (
        bench.material.bench(source, language, "hostile"),
        bench.material.sheets(source, language, "hostile"),
    ):
        html = path.read_text()
        equal(html.count("<script"), 0, f"scripts of {path.name}")
        # Without the policy, too: by itself it would keep scripts from running.
        for policy in (True, False):
            with bench.tab() as tab:
                tab.call("Page.setBypassCSP", enabled=not policy)
                tab.open(path)
                nothing(tab.complaints(), path.name)
                equal(tab.requests(), [path.as_uri()])
                equal(tab.run("String(window.__hit)"), "undefined")
                names = look(tab, "names")
                text = tab.run("document.title + document.body.textContent")
        usual = seen(bench, language)
        nothing(set(names["elements"]) - usual.elements, f"{path.name} has new elements")
        nothing(set(names["attributes"]) - usual.attributes, f"{path.name} has new attributes")
        nothing({"script", "img"} & set(names["elements"]), f"{path.name} has")
        nothing((url for url in names["links"] if not LINK.match(url)), f"{path.name} leads to")
        missing = [
            shown(hostile)
            for hostile in HOSTILE
            if len(shown(hostile)) <= MAX_SHOWN // 2 and shown(hostile) not in text
        ]
        nothing(missing, f"{path.name} doesn't show")
        for sign in text:
            if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp"):
                raise AssertionError(f"{path.name} has U+{ord(sign):04X}")
        assert "{{7*7}}" in text
        assert "X" * (3 * MAX_SHOWN + 1) not in text, f"{path.name} has a text of any length"


@check(*LANGUAGES)
def hostile_texts_push_nothing_out(bench, language):
    source = bench.material.hostile()
    found = []
    for path in (
        bench.material.bench(source, language, "hostile"),
        bench.material.sheets(source, language, "hostile"),
    ):
        with bench.tab() as tab:
            tab.open(path)
            for width, height, mobile in SCREENS:
                tab.size(width, height, mobile)
                found += [f"{path.stem} at {width}: {what}" for what in look(tab, "outside", width)]
                pictures(bench, tab, f"{path.stem}-{width}-light", width, mobile)
    nothing(found)
