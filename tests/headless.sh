#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# headless.sh PROGRAM ARGS…: runs a test on a screen and a session bus of its own, or skips it where
# there are no such programs.
for needed in xvfb-run xauth dbus-run-session; do
  if ! command -v "$needed" >/dev/null 2>&1; then
    echo "1..0 # SKIP $needed is not installed"
    exit 0
  fi
done
unset WAYLAND_DISPLAY
exec dbus-run-session -- xvfb-run -a -s '-screen 0 1440x900x24' "$@"
