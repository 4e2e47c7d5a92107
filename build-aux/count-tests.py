#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts test cases over several build folders: count-tests.py FOLDER…

Reads what `meson test` left in each folder's meson-logs/testlog.json. Each line of a TAP program is
a case, each other program is one; a program that crashed, timed out or ended badly without saying
which case failed is one more failure, and so is a folder without a log. Failures are named, and the
last line is "N passed, N failed" (", N skipped" where there are any). Exits 1 if anything failed or
nothing passed.
"""

import json
import re
import sys
from pathlib import Path

CASE = re.compile(r"^(not )?ok \d+\s*(.*?)(#\s*SKIP.*)?$", re.IGNORECASE)


def cases(test):
    """Yields (outcome, name) of each case of one program; outcome is passed, failed or skipped."""
    lines = test.get("stdout", "").splitlines()
    named = [match for match in map(CASE.match, lines) if match]
    failed = False
    for refused, name, skip in (match.groups() for match in named):
        name = f"{test['name']} {name}".strip()
        failed = failed or bool(refused and not skip)
        yield ("skipped" if skip else "failed" if refused else "passed"), name
    if test["result"] in ("OK", "EXPECTEDFAIL"):
        if not named:
            yield "passed", test["name"]
    elif test["result"] == "SKIP":
        if not named:
            yield "skipped", test["name"]
    elif not failed:
        yield "failed", f"{test['name']} ({test['result'].lower()})"


def tests(folder):
    log = Path(folder, "meson-logs", "testlog.json")
    if not log.is_file():
        return [{"name": "no tests ran", "result": "ERROR"}]
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def main():
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for folder in sys.argv[1:]:
        for test in tests(folder):
            for outcome, name in cases(test):
                count[outcome] += 1
                if outcome != "passed":
                    print(f"{outcome}: {folder}: {name}")
    line = "{passed} passed, {failed} failed".format(**count)
    print(line + (f", {count['skipped']} skipped" if count["skipped"] else ""))
    return 0 if count["passed"] and not count["failed"] else 1


sys.exit(main())
