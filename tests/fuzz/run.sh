#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a fuzzer for some seconds from a copy of its seeds:
#   run.sh FUZZER SEEDS [OPTIONS OF LIBFUZZER]…
# An input that ends it badly is left in the current folder and printed in base64.
set -eu

fuzzer=$1
seeds=$2
shift 2
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
cp -- "$seeds"/* "$corpus"

# What a run frees is kept back by AddressSanitizer for a while, but not so much that it counts.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=16"
# A finding is a failure: the code that libFuzzer would end with means that a test was skipped.
"$fuzzer" -max_total_time=5 -timeout=5 -rss_limit_mb=300 -max_len=8192 \
  -print_final_stats=1 -error_exitcode=1 "$@" "$corpus"
