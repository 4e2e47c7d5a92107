#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# in-language.sh LANGUAGE PROGRAM ARGS…: runs a test with catalogues of its own, made from the sources
# as they are. LANGUAGE is one of po/LINGUAS, or xx: see build-aux/pseudo-po.py.
source=$(cd "$(dirname "$0")/../.." && pwd)
language=$1
shift
for needed in xgettext msgfmt python3; do
  if ! command -v "$needed" >/dev/null 2>&1; then
    echo "1..0 # SKIP $needed is not installed"
    exit 0
  fi
done

RECEPTIVE_LOCALEDIR=$(mktemp -d)
trap 'rm -rf "$RECEPTIVE_LOCALEDIR"' EXIT
messages=$RECEPTIVE_LOCALEDIR/$language/LC_MESSAGES
mkdir -p "$messages"
if [ "$language" = xx ]; then
  "$source/build-aux/make-pot.sh" | python3 "$source/build-aux/pseudo-po.py" >"$messages/po"
else
  cp "$source/po/$language.po" "$messages/po"
fi
msgfmt --output-file="$messages/receptive.mo" "$messages/po" || exit 1

# In the plain C locale no catalogue is read. Decimal commas, where they can be had.
LC_ALL=C.UTF-8
[ ! -d "${LOCPATH:-/nowhere}/de_DE.UTF-8" ] || LC_ALL=de_DE.UTF-8
LANGUAGE=$language
export LC_ALL LANGUAGE RECEPTIVE_LOCALEDIR
"$@"
