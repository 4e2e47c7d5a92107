/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-thumb.h"

#include "app/toy/toy-colors.h"
#include "app/toy/toy-view.h"
#include "model/playground/points.h"

#define SIDE 40
#define STEP 3 /* every third point says enough */

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const RfPlayState *state = data;
  g_autoptr (RfPlayData) points = NULL;
  RfSeedRandom random;
  rf_seed_random_init (&random, "thumb");
  points = rf_play_data_generate (state, &random);
  cairo_set_source_rgb (cr, 0.97, 0.97, 0.97);
  cairo_paint (cr);
  for (gsize i = 0; i < points->n_train; i += STEP)
    {
      const RfPlayPoint *point = &points->train[i];
      const guint32 color = rf_toy_label_color (state, point->label);
      cairo_set_source_rgb (cr, (color >> 16 & 255) / 255., (color >> 8 & 255) / 255.,
                            (color & 255) / 255.);
      cairo_arc (cr, (point->x / RF_TOY_EXTENT + 1) / 2 * width,
                 (1 - point->y / RF_TOY_EXTENT) / 2 * height, 1.3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
free_state (gpointer data)
{
  rf_play_state_clear (data);
  g_free (data);
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
rf_toy_thumb_set_state (GtkWidget *thumb, const RfPlayState *state)
{
  RfPlayState *copy = g_new (RfPlayState, 1);
  rf_play_state_copy (state, copy);
  /* Without noise, so that the sets stay easy to tell apart. */
  copy->noise = 0;
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (thumb), draw, copy, free_state);
  gtk_widget_queue_draw (thumb);
}
