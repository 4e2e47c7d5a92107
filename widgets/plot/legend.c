/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/plot/legend.h"

#include "widgets/plot/line-chart-private.h"
#include "widgets/telling.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _RfLegend
{
  GtkWidget parent_instance;

  RfPaletteRange range;
  double mark;
  RfChartStyle style; /* of the theme, kept until it changes */
  char *font;
  RfTelling telling;
};

G_DEFINE_FINAL_TYPE (RfLegend, rf_legend, GTK_TYPE_WIDGET)

static char *
describe (gpointer data)
{
  const RfPaletteRange *range = &RF_LEGEND (data)->range;
  g_autofree char *low = rf_legend_format (range->low), *high = rf_legend_format (range->high);
  switch (range->palette)
    {
    case RF_PALETTE_DIVERGING:
      return g_strdup_printf (_ ("from %s (blue) over 0 (white) to %s (orange)"), low, high);
    case RF_PALETTE_MAGNITUDE:
      return g_strdup_printf (_ ("from %s (violet) to %s (yellow)"), low, high);
    default:
      return g_strdup_printf (_ ("from %s (black) to %s (white)"), low, high);
    }
}

static void
read_theme (RfLegend *self)
{
  if (!self->font)
    self->font = rf_line_chart_read_theme (GTK_WIDGET (self), &self->style);
}

static void
rf_legend_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfLegend *self = RF_LEGEND (widget);
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);

  read_theme (self);
  cairo_t *cr
      = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, -1, width, height + 1));
  rf_legend_paint (cr, width, &self->style, &self->range, self->mark);
  cairo_destroy (cr);
}

static void
rf_legend_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                   int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfLegend *self = RF_LEGEND (widget);
  read_theme (self);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL
                 ? 100
                 : (int) ceil (rf_legend_height (&self->style));
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 260 : *minimum;
}

static void
rf_legend_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (rf_legend_parent_class)->css_changed (widget, change);
  g_clear_pointer (&RF_LEGEND (widget)->font, g_free);
  gtk_widget_queue_resize (widget);
}

static void
rf_legend_dispose (GObject *object)
{
  rf_telling_stop (&RF_LEGEND (object)->telling);
  G_OBJECT_CLASS (rf_legend_parent_class)->dispose (object);
}

static void
rf_legend_finalize (GObject *object)
{
  g_free (RF_LEGEND (object)->font);
  G_OBJECT_CLASS (rf_legend_parent_class)->finalize (object);
}

static void
rf_legend_class_init (RfLegendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rf_legend_dispose;
  object_class->finalize = rf_legend_finalize;
  widget_class->snapshot = rf_legend_snapshot;
  widget_class->measure = rf_legend_measure;
  widget_class->css_changed = rf_legend_css_changed;
  gtk_widget_class_set_css_name (widget_class, "legend");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_legend_init (RfLegend *self)
{
  self->range = (RfPaletteRange){ RF_PALETTE_DIVERGING, -1, 1 };
  self->mark = NAN;
  rf_telling_begin (&self->telling, GTK_WIDGET (self), describe);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ ("Which colour stands for which number"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Legend of the colours"), -1);
}

GtkWidget *
rf_legend_new (void)
{
  return g_object_new (RF_TYPE_LEGEND, NULL);
}

void
rf_legend_set_range (RfLegend *self, const RfPaletteRange *range)
{
  g_return_if_fail (RF_IS_LEGEND (self) && range && range->low < range->high);
  if (range->palette == self->range.palette && range->low == self->range.low
      && range->high == self->range.high)
    return;
  self->range = *range;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

void
rf_legend_set_mark (RfLegend *self, double value)
{
  g_return_if_fail (RF_IS_LEGEND (self));
  /* NaN is equal to NaN here. */
  if (value == self->mark || (isnan (value) && isnan (self->mark)))
    return;
  self->mark = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
