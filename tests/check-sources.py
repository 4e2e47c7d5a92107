#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house that a compiler does not see: check-sources.py RULE, from the root.

  licence       each source, script and build file says its licence at the top
  floors        each floor includes only the ones below it
  translations  po/POTFILES lists the files with strings for people, and no others
  messages      no macro splits a message: xgettext sees only what stands before it
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("app", "cli", "data", "examples", "model", "po", "resources", "tests", "widgets",
          "build-aux", ".ci")
# Floor: the floors it may include. The painters are a room of their own: the command line uses them.
MAY_INCLUDE = {
    "model": {"model"},
    "widgets/plot/painters": {"widgets/plot/painters"},
    "widgets": {"widgets"},
    "cli": {"cli", "model", "widgets/plot/painters"},
    "app": {"app", "widgets", "model"},
}
WITHOUT_GTK = ("model", "cli", "widgets/plot/painters")
GTK = re.compile(r"#\s*include\s*<(gtk|gdk(?!-pixbuf)|gsk|adwaita|graphene)\b")
INCLUDE = re.compile(r'#\s*include\s*"([^"]+)"')
STRING = re.compile(r'\b[NC]?_ \(\s*"|\bngettext \(|translatable="(yes|true)"|^(Name|Comment)=', re.M)

# A message up to its end, and what may stand between its pieces: a string, white space, a comma.
MESSAGE = re.compile(r'\b(?:[NC]?_|ngettext|g_dngettext) \((?=\s*")')
PIECE = re.compile(r'\s*"(?:[^"\\]|\\.)*"')


def files(*suffixes):
    """Files of the project with one of the suffixes, as paths relative to the root, sorted."""
    found = [path for floor in FLOORS for path in (ROOT / floor).rglob("*")]
    found += [path for path in ROOT.iterdir() if path.name != "COPYING"]
    return sorted(path.relative_to(ROOT) for path in found
                  if path.is_file() and path.name.endswith(suffixes))


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def licence():
    sources = files(".c", ".h", ".py", ".sh", ".in", ".xml", ".ui", ".css", ".svg",
                    "meson.build", "meson_options.txt")
    for path in sources + [Path("lab"), Path(".ci/run")]:
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in text(path)[:300]:
            yield f"{path}: no SPDX-License-Identifier line at the top"


def floor_of(path):
    inside = [floor for floor in MAY_INCLUDE if path.startswith(floor + "/")]
    return max(inside, key=len, default=None)


def floors():
    for path in files(".c", ".h"):
        floor = floor_of(str(path))
        if not floor:
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            if floor in WITHOUT_GTK and GTK.match(line):
                yield f"{path}:{number}: GTK below the window: {line}"
            include = INCLUDE.match(line)
            other = include and floor_of(include[1])
            if not other or other in MAY_INCLUDE[floor]:
                continue
            if not any(other.startswith(allowed + "/") for allowed in MAY_INCLUDE[floor]):
                yield f"{path}:{number}: {floor} may not include {other}: {line}"


def translations():
    listed = {line for line in text("po/POTFILES").splitlines() if line and line[0] != "#"}
    wanted = {str(path) for path in files(".c", ".h", ".ui", ".desktop.in", ".metainfo.xml.in")
              if path.parts[0] != "tests"
              and (STRING.search(text(path)) or path.name.endswith(".metainfo.xml.in"))}
    yield from (f"po/POTFILES: {path} is missing" for path in sorted(wanted - listed))
    yield from (f"po/POTFILES: {path} has nothing to translate" for path in sorted(listed - wanted))


def messages():
    """G_GINT64_FORMAT and its like: write %jd with (intmax_t), %ju with (uintmax_t), or %zu."""
    for path in files(".c", ".h"):
        source = text(path)
        for start in MESSAGE.finditer(source):
            place = start.end()
            while piece := PIECE.match(source, place):
                place = piece.end()
            if word := re.compile(r"\s*([A-Z]\w+)").match(source, place):
                number = source.count("\n", 0, start.start()) + 1
                yield f"{path}:{number}: {word[1]} cuts the message short for translators"


def main():
    rules = {"licence": licence, "floors": floors, "translations": translations,
             "messages": messages}
    if len(sys.argv) != 2 or sys.argv[1] not in rules:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = list(rules[sys.argv[1]]())
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
