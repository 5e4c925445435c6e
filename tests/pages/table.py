"""CSV, as Python and as a spreadsheet read it."""

import csv
import io
import json
import re
import xml.etree.ElementTree

from checks import check, equal, nothing
from material import CELLS, LANGUAGES, ROOT

# Behind the separator, the quotation mark and UTF-8 it says that numbers and dates are recognised,
# and that formulas are formulas, as a person gets it who opens the file.
IMPORT = "Text - txt - csv (StarCalc):{},34,76,1,,1033,false,true,false,false,false,-1,true"

OFFICE_S = 60

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

BOM = b"\xef\xbb\xbf"

# Columns with text that only a phone or a person chose.
FREE = ("name", "manufacturer", "model", "region", "serial", "version", "app", "factory_version")


def rows(data):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def documented():
    """The columns by docs/csv.md, else by the source."""
    page = ROOT / "docs/csv.md"
    if page.exists():
        lines = page.read_text().splitlines()
        start = next(number for number, line in enumerate(lines) if re.match(r"\| ?-", line))
        found = []
        for line in lines[start + 1 :]:
            if not line.startswith("|"):
                break
            found += re.findall(r"`(\w+)`", line.split("|")[1])
        return found
    source = (ROOT / "src/output/render/csv.rs").read_text()
    columns = re.search(r"COLUMNS: .*?= &\[(.*?)\n\];", source, re.DOTALL)[1]
    return re.findall(r'\(\s*"(\w+)",', columns)


@check(*LANGUAGES)
def csv_has_a_line_for_each_phone(bench, language):
    material = bench.material
    data = material.run("report", material.demo(), "--format", "csv", "--lang", language)
    head, *lines = rows(data)
    equal(head, documented())
    equal(len(lines), 16, "lines")
    equal({len(line) for line in lines}, {len(head)})
    equal(data.count(b"\r\n"), data.count(b"\n"), "line ends that are CRLF")
    assert data.endswith(b"\r\n"), "the last line has no end"
    assert not data.startswith(BOM), "there is a byte order mark"

    hashed = json.loads(material.run("report", material.demo(), "--format", "json"))
    for phone, line in zip(hashed["devices"], lines, strict=True):
        cells = dict(zip(head, line, strict=True))
        equal((cells["verdict"], cells["reason"]), (phone["verdict"], phone["reason"] or ""))
        equal(cells["model"], phone["device"]["model"] or "")
        equal(cells["serial"], phone["connection"]["serial"])
        versions = [finding["version"] or "" for finding in phone["findings"]]
        equal([cells["version"]], versions or [""])
        equal(cells["simulated"], "true")
        assert cells["result"].startswith("DEMO: ")


@check()
def csv_has_a_line_for_each_app(bench):
    material = bench.material
    source = material.demo("--all")
    head, *lines = rows(material.run("report", source, "--format", "csv"))
    of_lines = [dict(zip(head, line, strict=True)) for line in lines]
    phones = material.phones(source)
    expected = [
        (phone["verdict"], finding["verdict"], finding["package"])
        for phone in phones
        for finding in phone["findings"] or [{"verdict": "", "package": ""}]
    ]
    assert len(expected) > len(phones), "no phone has several apps"
    equal([(one["verdict"], one["app_verdict"], one["package"]) for one in of_lines], expected)


@check()
def csv_has_a_byte_order_mark_for_excel(bench):
    material = bench.material

    def of(*options):
        return material.run("report", material.demo(), "--format", "csv", *options)

    for options in (("--bom",), ("--bom=always",)):
        equal(of(*options)[:3], BOM)
        equal(of(*options)[3:], of("--bom=never"))
    equal(of("--bom=auto"), of())
    # The ending of a file says what is written.
    path = bench.folder / "bom.csv"
    material.run("report", material.demo(), "--bom", "-o", path)
    equal(path.read_bytes(), of("--bom"))


@check()
def hostile_cells_are_text(bench):
    material = bench.material
    data = material.run("report", material.hostile_cells(), "--format", "csv", "--serials", "full")
    head, *lines = rows(data)
    found = []
    expected = set(CELLS.values()) - {None}
    for column in FREE:
        read = {line[head.index(column)] for line in lines}
        found += [f"{column}: {text!r} is missing" for text in expected - read]
    for line in lines:
        for column, cell in zip(head, line, strict=True):
            if re.match(r"[=+\-@\t\r\n＝＋－＠]", cell) or re.search(r"[\t\r\n]", cell):
                found.append(f"{column}: {cell!r}")
    nothing(found)


def opened(bench, files, separator=","):
    """The tables of these files, read by a spreadsheet; the cells as (kind, text, formula)."""
    folder = bench.folder / "tables"
    profile = (bench.folder / "office").as_uri()
    # All at once: most of the time it starts.
    bench.material.command(
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        f"--infilter={IMPORT.format(ord(separator))}",
        *("--convert-to", "fods", "--outdir", folder),
        *files,
        timeout_s=OFFICE_S,
    )
    made = [folder / f"{file.stem}.fods" for file in files]
    missing = [path.name for path in made if not path.exists()]
    assert not missing, f"soffice made no {', '.join(missing)} (LibreOffice without Calc?)"
    return [table(path) for path in made]


def table(path):
    tree = xml.etree.ElementTree.parse(path)
    read = []
    for row in tree.iter(f"{TABLE}table-row"):
        cells = []
        for cell in row.findall(f"{TABLE}table-cell"):
            kind = cell.get(f"{OFFICE}value-type")
            lines = ["".join(line.itertext()) for line in cell.findall(f"{TEXT}p")]
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            # Behind the last cell an empty one is repeated to the sheet's end.
            repeated = repeated if kind or repeated < 1_000 else 0
            cells += [(kind, "\n".join(lines), cell.get(f"{TABLE}formula"))] * repeated
        while cells and cells[-1][0] is None:
            cells.pop()
        # Rows that are alike are one that is repeated, and so are the empty ones behind the last.
        repeated = int(row.get(f"{TABLE}number-rows-repeated", "1"))
        read += [cells] * (repeated if cells else 0)
    return read


@check()
def a_spreadsheet_reads_it_as_it_is_meant(bench):
    material = bench.material
    sources = {
        "usual-en": (material.demo(), "en"),
        "usual-hi": (material.demo(), "hi"),
        "hostile": (material.hostile_cells(), "hi"),
    }
    files = []
    for name, (source, language) in sources.items():
        for bom in ("always", "never"):
            files.append(bench.folder / f"{name}-{bom}.csv")
            options = ("--lang", language, f"--bom={bom}", "--serials", "full")
            material.run("report", source, *options, "-o", files[-1])
    control = bench.folder / "control.csv"
    control.write_text("=1+2,text\r\n")
    *tables, of_control = opened(bench, [*files, control])
    # What isn't protected is a formula, or this check would show nothing.
    assert of_control[0][0][2], f"the control has no formula: {of_control}"

    found = []
    for file, read in zip(files, tables, strict=True):
        written = rows(file.read_bytes().removeprefix(BOM))
        found += differences(file.stem, written, read)
    nothing(found)


def differences(name, written, read):
    if len(written) != len(read):
        yield f"{name}: {len(read)} rows instead of {len(written)}"
        return
    width = max(len(row) for row in read)
    if width != len(written[0]):
        yield f"{name}: {width} columns instead of {len(written[0])}"
    # What begins with `-` and a digit could be a number; CELLS has both.
    dangerous = set(CELLS.values())
    for number, (line, cells) in enumerate(zip(written, read, strict=True), 1):
        cells = cells + [(None, "", None)] * (len(line) - len(cells))
        for column, text, (kind, shown, formula) in zip(written[0], line, cells, strict=True):
            place = f"{name}, line {number}, {column}"
            if formula:
                yield f"{place}: {formula} is a formula"
            if (text in dangerous or not text.isascii()) and kind != "string":
                yield f"{place}: {text!r} is a {kind}"
            if kind == "string" and shown != text:
                yield f"{place}: {shown!r} instead of {text!r}"
            if bool(text) != bool(kind):
                yield f"{place}: {text!r} became {shown!r}"


@check()
def a_spreadsheet_of_another_country_finds_no_formula(bench):
    """Where commas are in numbers, semicolons separate cells: they then begin anywhere."""
    material = bench.material
    file = bench.folder / "semicolons.csv"
    control = bench.folder / "control-semicolons.csv"
    control.write_text("x;=1+2\r\n")
    material.run("report", material.hostile_cells(), "--serials", "full", "-o", file)
    read, of_control = opened(bench, [file, control], ";")
    assert of_control[0][1][2], f"the control has no formula: {of_control}"
    nothing({formula for row in read for _, _, formula in row if formula})
