/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a stream that is unpacked where it is gzip: read in pieces whose size changes, it
 * never gives more than it said it could, and ends in the same place however it is read. */
#include "model/dataset/stream.h"
#include "tests/fuzz/fuzz.h"

#define LARGEST_PIECE 65536

/* Bytes read until the end or an error; -1 for an error. */
static gint64
read_all (const guint8 *data, gsize size, RfStreamMode mode, gsize piece)
{
  g_autoptr (RfStream) stream = rf_stream_new (data, size, "memory", mode);
  g_autofree guint8 *buffer = g_malloc (LARGEST_PIECE);
  guint64 bound = rf_stream_bound (stream), total = 0;
  gsize n_read;
  gboolean ok;

  do
    {
      GError *error = NULL;
      n_read = 0;
      ok = rf_stream_read (stream, buffer, piece, &n_read, &error);
      rf_fuzz_check (ok, error, "memory: ");
      RF_FUZZ_ASSERT (n_read <= piece);
      total += n_read;
      RF_FUZZ_ASSERT (!ok || total <= bound);
    }
  while (ok && n_read == piece);
  if (ok)
    {
      GError *error = NULL;
      gboolean ended = rf_stream_expect_end (stream, &error);
      rf_fuzz_check (ended, error, "memory: ");
      RF_FUZZ_ASSERT (ended);
    }
  return ok ? (gint64) total : -1;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  gint64 in_large_pieces = read_all (data, size, RF_STREAM_UNPACK, LARGEST_PIECE);
  gint64 in_small_pieces = read_all (data, size, RF_STREAM_UNPACK, 1 + size % 97);

  RF_FUZZ_ASSERT (in_large_pieces == in_small_pieces);
  RF_FUZZ_ASSERT (read_all (data, size, RF_STREAM_AS_IS, 1 + size % 97) == (gint64) size);
  return 0;
}
