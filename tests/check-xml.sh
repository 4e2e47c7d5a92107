#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Interface files, pictures and other XML are well-formed: check-xml.sh XMLLINT
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
find data resources app widgets \
  \( -name '*.ui' -o -name '*.svg' -o -name '*.xml' -o -name '*.xml.in' \) -print0 |
  xargs -0 "$1" --noout --nonet
