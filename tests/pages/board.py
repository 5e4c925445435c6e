"""What becomes of the log of a bench."""

import json

from checks import check, equal, look, nothing
from material import LANGUAGES


@check(*LANGUAGES)
def a_log_of_a_board_becomes_pages(bench, language):
    material = bench.material
    log = material.board_log()
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    judged = {line["phone"] for line in lines if line["event"] == "verdict"}
    seen = {line["phone"] for line in lines if line["event"] == "phone_added"}
    equal(len(judged), 3)
    numbers = material.numbers(log)
    equal(len(numbers), len(seen))
    for path in (
        material.bench(log, language, "board"),
        material.sheets(log, language, "board"),
    ):
        with bench.tab() as tab:
            tab.open(path)
            nothing(tab.complaints(), path.name)
            text = look(tab, "visibleText")
            articles = len(look(tab, "articles"))
        equal(articles, len(seen) if path.stem.startswith("sheet") else 1)
        nothing((number for number in numbers if number not in text), f"{path.name} lacks")
