#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The sources are as clang-format writes them. Other versions write differently, so it must be the 14
# of Debian 12; exit 77 says that the test was skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(clang-format --version 2>/dev/null) || version=
if [[ $version != *" version 14."* ]]; then
  echo "needs clang-format 14, found: ${version:-none}"
  exit 77
fi
find app cli model tests widgets -name '*.[ch]' -print0 |
  xargs -0 clang-format --dry-run -Werror
