#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each language of po/LINGUAS has a sound translation of the messages in the sources: formats, mnemonics
# and plural forms fit, nothing is guessed, and no more is missing than a change or two may add: one
# message in twenty. Whoever adds a message need not speak every language.
cd "$(dirname "$0")/.." || exit 1
for needed in xgettext msgmerge msgattrib msgfmt; do
  if ! command -v "$needed" >/dev/null 2>&1; then
    echo "$needed is not installed: translations are not checked"
    exit 77
  fi
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build-aux/make-pot.sh >"$folder/pot" || exit 1
status=0
for language in $(grep -v '^#' po/LINGUAS); do
  msgfmt --check --check-accelerators=_ --output-file=/dev/null "po/$language.po" || status=1
  msgmerge --quiet --no-fuzzy-matching --no-location --output-file="$folder/po" \
    "po/$language.po" "$folder/pot" || exit 1
  list () {
    msgattrib "$1" --no-obsolete --no-wrap "$folder/po" | sed "1,/^$/d" | grep -A 3 '^msgid'
  }
  if list --only-fuzzy >&2; then
    echo "po/$language.po has guesses" >&2
    status=1
  fi
  missing=$(list --untranslated | grep -c '^msgid ')
  if [ "$missing" -gt 0 ]; then
    list --untranslated >&2
    echo "po/$language.po lacks $missing messages; build-aux/update-po.sh adds them, to be translated" >&2
    [ $((missing * 20)) -le "$(grep -c '^msgid ' "$folder/pot")" ] || status=1
  fi
done
exit $status
