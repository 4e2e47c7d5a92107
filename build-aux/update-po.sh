#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# update-po.sh: brings the catalogues of po/LINGUAS up to date with the sources and says what is left
# to translate. Looks at the sources only; needs gettext, no build folder.
set -eu
cd "$(dirname "$0")/.."

pot=$(mktemp)
trap 'rm -f "$pot"' EXIT
# Without the hour: the catalogues change when messages do.
build-aux/make-pot.sh | grep -v '^"POT-Creation-Date:' >"$pot"
grep -v '^#' po/LINGUAS | while read -r language; do
  # Without fuzzy guesses: a message that is nearly another is translated anew.
  msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file \
    "po/$language.po" "$pot"
  # Messages that no source has any more.
  msgattrib --no-obsolete --add-location=file --output-file="po/$language.po" "po/$language.po"
  printf '%s: ' "$language"
  msgfmt --check --statistics --output-file=/dev/null "po/$language.po" 2>&1
done
