/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-thumb.h"

#include "app/toy/toy-colors.h"
#include "app/toy/toy-view.h"
#include "model/playground/points.h"

#define SIDE 40
#define STEP 3 /* every third point says enough */

typedef struct
{
  RfPlayState state;
  RfPlayData *points;
} Thumb;

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Thumb *thumb = data;
  const RfPlayData *points = thumb->points;
  cairo_set_source_rgb (cr, 0.97, 0.97, 0.97);
  cairo_paint (cr);
  for (gsize i = 0; i < points->n_train; i += STEP)
    {
      const RfPlayPoint *point = &points->train[i];
      const guint32 color = rf_toy_label_color (&thumb->state, point->label);
      cairo_set_source_rgb (cr, (color >> 16 & 255) / 255., (color >> 8 & 255) / 255.,
                            (color & 255) / 255.);
      cairo_arc (cr, (point->x / RF_TOY_EXTENT + 1) / 2 * width,
                 (1 - point->y / RF_TOY_EXTENT) / 2 * height, 1.3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
thumb_free (gpointer data)
{
  Thumb *thumb = data;
  rf_play_state_clear (&thumb->state);
  rf_play_data_unref (thumb->points);
  g_free (thumb);
}

GtkWidget *
rf_toy_thumb_new (void)
{
  GtkWidget *area = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIDE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIDE);
  return area;
}

void
rf_toy_thumb_set_state (GtkWidget *widget, const RfPlayState *state)
{
  Thumb *thumb = g_new (Thumb, 1);
  RfSeedRandom random;
  rf_seed_random_init (&random, "thumb");
  rf_play_state_copy (state, &thumb->state);
  /* Without noise, so that the sets stay easy to tell apart. */
  thumb->state.noise = 0;
  thumb->points = rf_play_data_generate (&thumb->state, &random);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (widget), draw, thumb, thumb_free);
}
