"""The list of checks, and what they say with."""

import functools
import json
import pathlib
import traceback

import browser

CHECKS = []

# What one line holds.
MAX_WHY = 700

LOOK = (pathlib.Path(__file__).parent / "look.js").read_text()


def check(*variants):
    """Keeps a check: a function of `Bench`, and of the values of each of the variants."""

    def keep(function):
        for values in variants or [()]:
            CHECKS.append((function, values if isinstance(values, tuple) else (values,)))
        return function

    return keep


def equal(is_, should, what=""):
    assert is_ == should, f"{what}{': ' if what else ''}{is_!r} instead of {should!r}"


def nothing(found, what=""):
    """Nothing was found that shouldn't be there."""
    found = list(found)
    if found:
        raise AssertionError(f"{what}{': ' if what else ''}{len(found)}: {'; '.join(found)}")


class Bench:
    """What every check works with."""

    def __init__(self, material, keep):
        self.material = material
        self.keep = keep
        self.folder = material.folder

    @functools.cached_property
    def browser(self):
        return browser.Browser(self.folder, self.material.environment)

    def tab(self):
        return self.browser.tab()

    def close_browser(self):
        if "browser" in vars(self):
            self.browser.close()
            del self.browser

    def close(self):
        self.close_browser()
        self.material.close()


def look(tab, function, *arguments):
    values = ", ".join(json.dumps(value) for value in arguments)
    return tab.run(f"({LOOK}).{function}({values})")


def run(bench):
    """Whether all of them passed."""
    passed = True
    for function, values in CHECKS:
        name = function.__name__.replace("_", " ")
        if values:
            name += f" ({', '.join(values)})"
        try:
            function(bench, *values)
        except Exception as error:
            passed = False
            if isinstance(error, browser.BrowserError):
                # The next check gets one that answers.
                bench.close_browser()
            why = str(error) or type(error).__name__
            if not isinstance(error, (AssertionError, browser.BrowserError)):
                why = f"{type(error).__name__}: {why}"
                traceback.print_exc()
            print(f"FAILED  {name}: {' | '.join(why.splitlines())[:MAX_WHY]}", flush=True)
        else:
            print(f"ok      {name}", flush=True)
    return passed
