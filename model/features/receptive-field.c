/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backward through the layers, from the one that is asked about to the input. First and last row do
 * not suffice: a stride may pass over the last rows of an input, padding holds nothing to see, and
 * dilation leaves gaps, so that the first row of a layer's output need not see the first of its
 * input. Rows and columns are marked one by one instead; of what is seen they are independent. */

#include "model/features/receptive-field.h"

#include "model/features/place.h"

#include <string.h>

typedef struct
{
  int n[2];
  guint8 *marks[2]; /* of rows and of columns */
} Seen;

static Seen go_back (const GPtrArray *layers, guint n, Seen seen);

static Seen
seen_new (RfShape shape)
{
  return (Seen){ { shape.height, shape.width },
                 { g_new0 (guint8, shape.height), g_new0 (guint8, shape.width) } };
}

static void
seen_clear (Seen *seen)
{
  for (int axis = 0; axis < 2; axis++)
    g_clear_pointer (&seen->marks[axis], g_free);
}

static gboolean
is_empty (const Seen *seen)
{
  for (int axis = 0; axis < 2; axis++)
    if (!memchr (seen->marks[axis], 1, (gsize) seen->n[axis]))
      return TRUE;
  return FALSE;
}

static Seen
seen_copy (const Seen *seen)
{
  Seen copy = *seen;
  for (int axis = 0; axis < 2; axis++)
    copy.marks[axis] = g_memdup2 (seen->marks[axis], (gsize) seen->n[axis]);
  return copy;
}

/* A place is seen where its row and its column are: without rows, columns count for nothing. */
static void
add (Seen *to, const Seen *from)
{
  if (is_empty (from))
    return;
  for (int axis = 0; axis < 2; axis++)
    for (int i = 0; i < to->n[axis]; i++)
      to->marks[axis][i] |= from->marks[axis][i];
}

static void
mark_windows (const RfReach *reach, int axis, const Seen *out, Seen *in)
{
  for (int i = 0; i < out->n[axis]; i++)
    for (int k = 0; out->marks[axis][i] && k < reach->size[axis]; k++)
      {
        const int at = i * reach->stride[axis] - reach->padding[axis] + k * reach->dilation[axis];
        if (at >= 0 && at < in->n[axis])
          in->marks[axis][at] = 1;
      }
}

static Seen
go_back_one (const RfLayer *layer, Seen out)
{
  Seen in = seen_new (layer->in);
  RfReach reach;
  if (layer->klass->flattens && !is_empty (&out))
    for (int axis = 0; axis < 2; axis++)
      memset (in.marks[axis], 1, (gsize) in.n[axis]);
  else if (layer->klass->reach)
    {
      layer->klass->reach (layer, &reach);
      for (int axis = 0; axis < 2; axis++)
        mark_windows (&reach, axis, &out, &in);
    }
  else if (layer->branches[0])
    for (int i = 0; i < RF_MAX_BRANCHES && layer->branches[i]; i++)
      {
        Seen branch = go_back (layer->branches[i], layer->branches[i]->len, seen_copy (&out));
        add (&in, &branch);
        seen_clear (&branch);
      }
  else
    add (&in, &out);
  seen_clear (&out);
  return in;
}

/* From the output of layer @n - 1 to the input of the sequence. Takes over @seen. */
static Seen
go_back (const GPtrArray *layers, guint n, Seen seen)
{
  while (n-- > 0)
    seen = go_back_one (g_ptr_array_index (layers, n), seen);
  return seen;
}

static void
measure (const Seen *seen, RfPart *part)
{
  int first[2] = { 0, 0 }, end[2] = { 0, 0 };
  for (int axis = 0; axis < 2 && !is_empty (seen); axis++)
    {
      first[axis] = (int) ((guint8 *) memchr (seen->marks[axis], 1, (gsize) seen->n[axis])
                           - seen->marks[axis]);
      for (int i = 0; i < seen->n[axis]; i++)
        if (seen->marks[axis][i])
          end[axis] = i + 1;
    }
  *part = (RfPart){ first[0], end[0], first[1], end[1] };
}

void
rf_receptive_field (const RfNet *net, const RfLayer *layer, RfPart *part)
{
  g_return_if_fail (net && layer && part);
  g_autoptr (GArray) places = rf_place_find (net, layer);
  g_return_if_fail (places->len > 0);
  Seen seen = seen_new (layer->out);
  for (int i = MAX (part->top, 0); i < MIN (part->bottom, layer->out.height); i++)
    seen.marks[0][i] = 1;
  for (int i = MAX (part->left, 0); i < MIN (part->right, layer->out.width); i++)
    seen.marks[1][i] = 1;
  /* Through the layer itself, and from the residuals around it only to their inputs. */
  for (guint i = places->len; i-- > 0;)
    {
      const RfPlace place = g_array_index (places, RfPlace, i);
      seen = go_back (place.layers, place.index + (i + 1 == places->len ? 1 : 0), seen);
    }
  measure (&seen, part);
  seen_clear (&seen);
}
