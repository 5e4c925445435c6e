"""Pages as they are printed."""

import collections
import re
import unicodedata

from checks import check, equal, look, nothing
from material import HOSTILE, LANGUAGES, PAPERS, QR_URL, WIDEST, shown

# Browsers give a page's measures in whole points of the screen.
TOLERANCE_MM = 1

POINTS_PER_MM = 72 / 25.4
PIXELS_PER_MM = 96 / 25.4

# An office printer's, and a label printer's.
PRINTER_DPI = 200

EACH_SHEET = [(language, paper) for language in LANGUAGES for paper in PAPERS]


class Printed:
    """A page on paper."""

    def __init__(self, bench, path):
        self.bench = bench
        self.name = path.stem
        with bench.tab() as tab:
            tab.open(path)
            # Texts as they are on paper, where some are left out that a screen shows.
            tab.media(media="print")
            self.articles = look(tab, "articles")
            width, margin = page_of(path.read_text())
            room = round((width - 2 * margin) * PIXELS_PER_MM)
            tab.size(room, 1000)
            self.outside = look(tab, "outside", room)
            self.pdf = path.with_suffix(".pdf")
            self.pdf.write_bytes(tab.pdf())
        command = bench.material.command
        info = command("pdfinfo", "-l", "-1", self.pdf).decode()
        sizes = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", info, re.MULTILINE)
        self.sizes = [tuple(float(side) / POINTS_PER_MM for side in size) for size in sizes]
        # The last page ends with a form feed, too.
        self.texts = command("pdftotext", "-enc", "UTF-8", self.pdf, "-").decode().split("\f")[:-1]

    def of_wrong_size(self, paper):
        width, height = PAPERS[paper]
        for number, (wide, high) in enumerate(self.sizes, 1):
            if abs(wide - width) > TOLERANCE_MM or (height and abs(high - height) > TOLERANCE_MM):
                yield f"{self.name}: page {number} is {wide:.1f} × {high:.1f} mm"

    def lost(self):
        """Words of each sheet that aren't on its page."""
        for number, (article, text) in enumerate(zip(self.articles, self.texts, strict=True), 1):
            printed = joined(text)
            lost = [word for word in article.split() if joined(word) not in printed]
            if lost:
                yield f"{self.name}: page {number} has lost {' '.join(lost[:8])}"


def page_of(html):
    """The width and the margin of what it is printed on, millimetres."""
    size, margin = re.search(r"@page[^{]*\{ size: ([^;]+); margin: ([\d.]+)mm; \}", html).groups()
    width = PAPERS["a4"][0] if size == "A4" else float(size.split("mm")[0])
    return width, float(margin)


def joined(text):
    """Without that which the end of a line adds or takes: spaces and hyphens."""
    return re.sub(r"[\s\u00ad‐-]", "", unicodedata.normalize("NFC", text))


@check(*EACH_SHEET)
def every_sheet_has_a_page_of_its_own(bench, language, paper):
    material = bench.material
    on_paper = ("--paper", paper)
    found = []
    for name, source, options in (
        ("demo", material.demo(), ()),
        ("all", material.demo("--all"), ()),
        ("all-shop", material.demo("--all"), ("--config", material.shop())),
    ):
        path = material.sheets(source, language, f"{name}-{paper}", *on_paper, *options)
        printed = Printed(bench, path)
        equal(len(printed.articles), len(material.phones(source)))
        if len(printed.sizes) != len(printed.articles):
            found.append(f"{printed.name}: {len(printed.sizes)} pages")
            continue
        found += [f"{printed.name}: {what}" for what in printed.outside]
        found += printed.of_wrong_size(paper)
        found += printed.lost()
        found += [
            f"{printed.name}: a page isn't of {number}"
            for number, text in zip(material.numbers(source), printed.texts, strict=True)
            if joined(number) not in joined(text)
        ]
    nothing(found)


@check(*EACH_SHEET)
def hostile_texts_need_no_second_page(bench, language, paper):
    source = bench.material.hostile()
    path = bench.material.sheets(source, language, f"hostile-{paper}", "--paper", paper)
    printed = Printed(bench, path)
    # The title stands on the first page of a sheet.
    title = re.escape(printed.articles[0].splitlines()[0])
    begins = [bool(re.search(f"^{title}$", text, re.MULTILINE)) for text in printed.texts]
    equal(sum(begins), len(printed.articles))
    more = collections.Counter()
    for page, is_first in enumerate(begins):
        article = printed.articles[sum(begins[: page + 1]) - 1]
        hostile = [text[:12] for text in (*HOSTILE, WIDEST) if shown(text)[:12] in article]
        more.update([] if is_first else hostile)
    found = [f"{pages} pages too many of {text!r}" for text, pages in more.items()]
    nothing(found + printed.outside + list(printed.of_wrong_size(paper)))


@check(*LANGUAGES)
def a_report_of_a_bench_is_a4(bench, language):
    material = bench.material
    found = []
    for name, source in (("demo", material.demo()), ("all", material.demo("--all"))):
        printed = Printed(bench, material.bench(source, language, name))
        found += [f"{printed.name}: {what}" for what in printed.outside]
        found += printed.of_wrong_size("a4")
        text = "".join(printed.texts)
        found += [
            f"{printed.name} has lost {number}"
            for number in material.numbers(source)
            if joined(number) not in joined(text)
        ]
        printed.texts = [text]
        found += printed.lost()
    nothing(found)


@check()
def hindi_is_printed_in_a_font_of_its_own(bench):
    printed = Printed(bench, bench.material.sheets(bench.material.demo(), "hi", "demo"))
    listed = bench.material.command("pdffonts", printed.pdf).decode().splitlines()[2:]
    # Behind the name and the type: encoding, embedded, subset, unicode, object.
    fonts = {line.split()[0]: line.split()[-5] for line in listed}
    hindi = {name: embedded for name, embedded in fonts.items() if "NotoSansDevanagari" in name}
    assert hindi, f"there are only {sorted(fonts)}"
    equal(set(hindi.values()), {"yes"})


@check("light", "dark")
def a_qr_code_is_read_off_a_screen(bench, scheme):
    for language in LANGUAGES:
        path = bench.material.sheets(
            bench.material.one_of_each(), language, "shop", "--config", bench.material.shop()
        )
        for width, height, mobile in ((390, 844, True), (1280, 900, False)):
            with bench.tab() as tab:
                tab.size(width, height, mobile)
                tab.media(scheme=scheme)
                tab.open(path)
                picture = bench.folder / "qr.png"
                picture.write_bytes(tab.screenshot({**look(tab, "place", ".qr"), "scale": 4}))
            equal(read_code(bench, picture), QR_URL)


@check("a4", "a5", "80mm", "58mm")
def a_qr_code_is_read_off_paper(bench, paper):
    material = bench.material
    options = ("--config", material.shop(), "--paper", paper)
    printed = Printed(bench, material.sheets(material.one_of_each(), "hi", f"qr-{paper}", *options))
    picture = bench.folder / "qr-printed"
    first = ("-f", "1", "-l", "1", "-singlefile")
    material.command("pdftoppm", "-r", str(PRINTER_DPI), *first, "-png", printed.pdf, picture)
    equal(read_code(bench, f"{picture}.png"), QR_URL)


def read_code(bench, picture):
    # It ends with 4 where it finds none.
    return bench.material.command("zbarimg", "--raw", "-q", picture).decode().rstrip("\n")
