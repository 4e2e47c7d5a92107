/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window is that of the stage that reads the picture; a stage further on has a receptive field
 * there. What the window sees beyond the border is painted where it would lie, with the values that
 * the border gives it. */

#include "app/panes/picture/picture-pane-private.h"

#include <math.h>

#define MAX_IMAGINED 400

static guint32
to_rgb (const double values[3])
{
  guint32 rgb = 0;
  for (int c = 0; c < 3; c++)
    rgb = rgb << 8 | (guint32) lrint (CLAMP (values[c], 0, 1) * 255);
  return rgb;
}

/* The imagined pixels among the terms of a step that reads the picture. */
static int
add_imagined (const RfTraceStep *step, RfFilterPicture *picture, RfPictureMark *marks)
{
  int n = 0;
  for (guint i = 0; i < step->terms->len && n < MAX_IMAGINED; i++)
    {
      const RfTraceTerm *term = &g_array_index (step->terms, RfTraceTerm, i);
      const gboolean inside = term->y >= 0 && term->x >= 0 && term->y < picture->pixels.shape.height
                              && term->x < picture->pixels.shape.width;
      /* Each place once, though three channels may be summed. */
      if (term->source != RF_STAGE_PICTURE || inside
          || (n > 0 && marks[n - 1].top == term->y && marks[n - 1].left == term->x))
        continue;
      double values[3] = { 0, 0, 0 };
      for (int c = 0; c < 3 && term->place_y >= 0; c++)
        values[c]
            = rf_pixels_value (&picture->pixels, RF_BORDER_ZERO, c, term->place_y, term->place_x);
      marks[n++] = (RfPictureMark){ RF_MARK_IMAGINED, term->y,     term->x,
                                    term->y + 1,      term->x + 1, to_rgb (values) };
    }
  return n;
}

static RfPictureMark
mark_region (RfMarkKind kind, RfRegion region)
{
  return (RfPictureMark){ kind, region.top, region.left, region.bottom, region.right, 0 };
}

static int
mark_input (RfPicturePane *self, RfPictureMark *marks)
{
  const RfChainTrace *trace = rf_filter_bench_get_trace (self->bench);
  const RfChain *chain = rf_filter_bench_get_chain (self->bench);
  RfFilterPicture *picture = rf_filter_bench_get_picture (self->bench);
  if (!trace || !picture || trace->steps->len == 0)
    return 0;
  int n = 0;
  const RfTraceStep *first = g_ptr_array_index (trace->steps, 0);
  const RfTraceStep *last = g_ptr_array_index (trace->steps, trace->steps->len - 1);
  const gboolean direct = first->stage < chain->n_stages
                          && rf_chain_input_of (chain, first->stage) == RF_STAGE_PICTURE;
  if (last->terms && last->terms->len > 0)
    n += add_imagined (last, picture, marks);
  if (direct)
    marks[n++] = mark_region (RF_MARK_WINDOW, first->window);
  else if (trace->picture.bottom > trace->picture.top)
    marks[n++] = mark_region (RF_MARK_FIELD, trace->picture);
  return n;
}

void
rf_picture_pane_show_marks (RfPicturePane *self)
{
  RfPictureMark marks[MAX_IMAGINED + 2];
  int y, x;
  rf_picture_view_set_marks (self->input, marks, mark_input (self, marks));
  const gboolean pointed = rf_filter_bench_get_pointed (self->bench, &y, &x);
  marks[0] = (RfPictureMark){ RF_MARK_PIXEL, y, x, y + 1, x + 1, 0 };
  rf_picture_view_set_marks (self->output, marks, pointed ? 1 : 0);
}
