/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/plot/sum-view.h"

#include "widgets/plot/line-chart-private.h"
#include "widgets/plot/painters/chart-file.h"
#include "widgets/telling.h"

#include <math.h>

#define FILE_WIDTH  560.
#define FILE_MARGIN 16.

struct _RfSumView
{
  GtkWidget parent_instance;
  GPtrArray *sheets;
  RfChartStyle style;
  char *font; /* NULL: the theme is to be read */
  int height;
  RfTelling telling;
};

G_DEFINE_FINAL_TYPE (RfSumView, rf_sum_view, GTK_TYPE_WIDGET)

static double
paint (RfSumView *self, cairo_t *cr, double width)
{
  if (!self->font)
    self->font = rf_line_chart_read_theme (GTK_WIDGET (self), &self->style);
  RfSumSheet **sheets = self->sheets ? (RfSumSheet **) self->sheets->pdata : NULL;
  return rf_sum_paint (cr, width, &self->style, sheets, self->sheets ? self->sheets->len : 0);
}

static void
rf_sum_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  cairo_t *cr
      = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (-1, -1, width + 2, height + 2));
  paint (RF_SUM_VIEW (widget), cr, width);
  cairo_destroy (cr);
}

static GtkSizeRequestMode
rf_sum_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
rf_sum_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 160;
      *natural = 280;
    }
  else
    *minimum = *natural = (int) paint (RF_SUM_VIEW (widget), NULL, for_size > 0 ? for_size : 280);
}

static void
rf_sum_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (rf_sum_view_parent_class)->css_changed (widget, change);
  g_clear_pointer (&RF_SUM_VIEW (widget)->font, g_free);
  gtk_widget_queue_resize (widget);
}

static char *
describe (gpointer data)
{
  RfSumView *self = data;
  GString *text = g_string_new (NULL);
  for (guint i = 0; self->sheets && i < self->sheets->len; i++)
    {
      const RfSumSheet *sheet = g_ptr_array_index (self->sheets, i);
      g_string_append_printf (text, "%s%s: %s", i > 0 ? "; " : "", sheet->title, sheet->words);
    }
  return g_string_free (text, FALSE);
}

static void
rf_sum_view_dispose (GObject *object)
{
  RfSumView *self = RF_SUM_VIEW (object);
  rf_telling_stop (&self->telling);
  g_clear_pointer (&self->sheets, g_ptr_array_unref);
  g_clear_pointer (&self->font, g_free);
  G_OBJECT_CLASS (rf_sum_view_parent_class)->dispose (object);
}

static void
rf_sum_view_class_init (RfSumViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = rf_sum_view_dispose;
  widget_class->snapshot = rf_sum_view_snapshot;
  widget_class->measure = rf_sum_view_measure;
  widget_class->get_request_mode = rf_sum_view_get_request_mode;
  widget_class->css_changed = rf_sum_view_css_changed;
  gtk_widget_class_set_css_name (widget_class, "sumview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_sum_view_init (RfSumView *self)
{
  rf_telling_begin (&self->telling, GTK_WIDGET (self), describe);
}

GtkWidget *
rf_sum_view_new (void)
{
  return g_object_new (RF_TYPE_SUM_VIEW, NULL);
}

void
rf_sum_view_set_sheets (RfSumView *self, GPtrArray *sheets)
{
  g_return_if_fail (RF_IS_SUM_VIEW (self));
  if (sheets)
    g_ptr_array_ref (sheets);
  g_clear_pointer (&self->sheets, g_ptr_array_unref);
  self->sheets = sheets;
  const int height = (int) paint (self, NULL, MAX (gtk_widget_get_width (GTK_WIDGET (self)), 160));
  if (height != self->height)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->height = height;
  rf_telling_touch (&self->telling);
}

GPtrArray *
rf_sum_view_get_sheets (RfSumView *self)
{
  g_return_val_if_fail (RF_IS_SUM_VIEW (self), NULL);
  return self->sheets;
}

typedef struct
{
  GPtrArray *sheets;
  RfChartStyle style;
} File;

static void
paint_file (cairo_t *cr, double width, double height, gpointer data)
{
  const File *file = data;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, FILE_MARGIN, FILE_MARGIN);
  rf_sum_paint (cr, width - 2 * FILE_MARGIN, &file->style, (RfSumSheet **) file->sheets->pdata,
                file->sheets->len);
}

gboolean
rf_sum_view_save (RfSumView *self, const char *path, GError **error)
{
  g_return_val_if_fail (RF_IS_SUM_VIEW (self) && path && self->sheets, FALSE);
  File file = { .sheets = self->sheets };
  rf_chart_style_light (&file.style);
  const double height = rf_sum_paint (NULL, FILE_WIDTH - 2 * FILE_MARGIN, &file.style,
                                      (RfSumSheet **) self->sheets->pdata, self->sheets->len);
  return rf_chart_file_write (path, FILE_WIDTH, height + 2 * FILE_MARGIN, paint_file, &file, error);
}
