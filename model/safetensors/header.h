/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/safetensors/safetensors.h"

G_BEGIN_DECLS

/* A tensor as the header claims it, not yet held against the data. */
typedef struct
{
  RfTensor tensor;    /* data is NULL */
  guint64 begin, end; /* of its bytes, from the end of the header */
} RfTensorEntry;

/* Reads the JSON of a header into @entries (RfTensorEntry, in the order of the file) and @metadata
 * (char * to char *). The message does not name the file. */
gboolean rf_safetensors_read_header (const char *text, gsize length, GArray *entries,
                                     GHashTable *metadata, GError **error);

G_END_DECLS
