#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A language that nobody speaks, to see what translators will see: pseudo-po.py <TEMPLATE.pot >XX.po

Every message says the same in letters with accents, and is 35 % longer, as many languages are beside
English: "Train" becomes "ŢŢŕŕáíñ". Text that still shows plain letters was not marked for translation;
text that is cut off would be cut off in Finnish too. What a program or the toolkit reads stays as it
is: formats (%.1f), markup, the underscore of a mnemonic, line breaks and spaces at the ends.
"""

import ast
import re
import sys

# Letters that common interface fonts have. No other letter looks like b, f, m, p, q, v or x enough.
ACCENTED = str.maketrans("acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ",
                         "áçðéĝĥíĵķļñöŕšţüŵýžÁÇÐÉĜĤÍĴĶĻÑÖŔŠŢÜŴÝŽ")
KEPT = re.compile(r"%(?:[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|ll|[hljztL])?[a-zA-Z]|%)"
                  r"|<[^<>]+>|&\w+;|\n")
WORD = re.compile(r"[^\W\d_]+")
LONGER = 1.35


def stretch(word, letters_owed):
    """The word with letters doubled from its start on, as many as are owed; and what is owed then."""
    letters_owed += len(word) * (LONGER - 1)
    doubled = min(int(letters_owed), len(word))
    return ("".join(2 * letter for letter in word[:doubled]) + word[doubled:], letters_owed - doubled)


def pseudo(message):
    parts, place, owed = [], 0, 0.999
    for kept in list(KEPT.finditer(message)) + [None]:
        text = message[place:kept.start() if kept else None]
        plain = 0
        for word in WORD.finditer(text):
            longer, owed = stretch(word[0].translate(ACCENTED), owed)
            parts += [text[plain:word.start()], longer]
            plain = word.end()
        parts.append(text[plain:])
        if kept:
            parts.append(kept[0])
            place = kept.end()
    return "".join(parts)


def quote(text):
    return '"' + text.replace("\\", r"\\").replace('"', r'\"').replace("\n", r"\n").replace(
        "\t", r"\t") + '"'


def translate(entry):
    """One entry of the template, its lines without comments except flags, with msgstr filled in."""
    strings, keyword = {}, None
    for line in entry:
        if not line.startswith(("#", '"')):
            keyword, line = line.split(" ", 1)
            strings[keyword] = ""
        if not line.startswith("#"):
            strings[keyword] += ast.literal_eval(line)
    lines = [line for line in entry if line.startswith("#,")]
    lines += [f"{key} {quote(strings[key])}" for key in ("msgctxt", "msgid", "msgid_plural")
              if key in strings]
    if "msgid_plural" in strings:
        lines += [f'msgstr[0] {quote(pseudo(strings["msgid"]))}',
                  f'msgstr[1] {quote(pseudo(strings["msgid_plural"]))}']
    else:
        lines.append(f'msgstr {quote(pseudo(strings["msgid"]))}')
    return "\n".join(lines)


def main():
    entries = sys.stdin.read().strip().split("\n\n")
    print(r'''msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"''')
    for entry in entries[1:]:
        print("\n" + translate(entry.splitlines()))


if __name__ == "__main__":
    main()
