/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Filters of the first layer are pictures; deeper ones have a plane for each channel that comes in,
 * of which those of the chosen unit are shown. */

#include "app/panes/features-layers/features-layers-pane.h"

#include "app/controls.h"
#include "app/filters/filter-bench.h"
#include "app/filters/network-filter.h"
#include "widgets/picture/map-panel.h"
#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST_LENGTHS 64

struct _RfFiltersView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  RfSession *session;    /* not owned */
  GtkWidget *about, *none, *send;
  RfMapPanel *panel;
  guint layer; /* on show; G_MAXUINT: none */
  int unit;    /* whose planes are on show; −1: all filters are */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RfFiltersView, rf_filters_view, GTK_TYPE_BOX)

static gboolean
are_pictures (const RfFilters *filters)
{
  return filters->channels == 1 || filters->channels == 3;
}

static double
get_length (const float *values, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (double) values[i] * (double) values[i];
  return sqrt (sum);
}

/* Length of the filter as a vector. */
static double
get_norm (const RfFilters *filters, int unit)
{
  const int n = filters->channels * filters->height * filters->width;
  return get_length (filters->values + (gsize) unit * (gsize) n, n);
}

/* Numbers and lengths over what is shown, unless there is so much that they would run together. */
static void
show_labels (RfMapGrid *grid, const float *values, const RfMapShape *shape)
{
  const int n = (int) (shape->channels * shape->height * shape->width);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < shape->n; i++)
    {
      g_autofree char *length = rf_legend_format (get_length (values + (gsize) i * (gsize) n, n));
      g_ptr_array_add (labels, shape->n > MOST_LENGTHS ? g_strdup_printf ("%u", i)
                                                       : g_strdup_printf ("%u · %s", i, length));
    }
  g_ptr_array_add (labels, NULL);
  rf_map_grid_set_labels (grid, (const char *const *) labels->pdata);
}

static void
show_about (RfFiltersView *self, const RfFilters *filters)
{
  const int chosen = rf_feature_bench_get_unit (self->bench);
  double low = INFINITY, high = 0;
  for (int i = 0; i < filters->n; i++)
    {
      const double norm = get_norm (filters, i);
      low = MIN (low, norm);
      high = MAX (high, norm);
    }
  g_autofree char *from = rf_legend_format (low), *to = rf_legend_format (high);
  g_autofree char *all = g_strdup_printf (
      /* Translators: number, channels, height, width; the smallest and the largest length. */
      _ ("%d filters of %d×%d×%d, lengths ‖w‖ from %s to %s"), filters->n, filters->channels,
      filters->height, filters->width, from, to);
  const int unit = self->unit >= 0 ? self->unit : chosen;
  if (unit < 0 || unit >= filters->n)
    {
      gtk_label_set_label (GTK_LABEL (self->about), all);
      return;
    }
  g_autofree char *norm = rf_legend_format (get_norm (filters, unit));
  g_autofree char *text
      = self->unit >= 0 ? g_strdup_printf (
            _ ("%s. Here: filter %d by channel of its input, ‖w‖ = %s"), all, unit, norm)
                        : g_strdup_printf (_ ("%s. Filter %d: ‖w‖ = %s"), all, unit, norm);
  gtk_label_set_label (GTK_LABEL (self->about), text);
}

static void
show (RfFiltersView *self)
{
  const RfFilters *filters = rf_feature_bench_get_filters (self->bench);
  RfMapGrid *grid = rf_map_panel_get_grid (self->panel);
  gtk_widget_set_visible (GTK_WIDGET (self->panel), filters != NULL);
  gtk_widget_set_visible (self->about, filters != NULL);
  gtk_widget_set_visible (self->send, filters != NULL);
  gtk_widget_set_visible (self->none, filters == NULL);
  if (!filters)
    return;
  const int unit = are_pictures (filters)
                       ? -1
                       : CLAMP (rf_feature_bench_get_unit (self->bench), 0, filters->n - 1);
  const gsize plane = (gsize) filters->height * (gsize) filters->width;
  const guint channels = (guint) filters->channels;
  self->filling = TRUE;
  if (filters->layer != self->layer || unit != self->unit)
    rf_map_grid_restart (grid);
  self->layer = filters->layer;
  self->unit = unit;
  const RfMapShape shape = { unit < 0 ? (guint) filters->n : channels, unit < 0 ? channels : 1,
                             (guint) filters->height, (guint) filters->width };
  const gsize size = (gsize) shape.n * shape.channels * plane * sizeof (float);
  const float *values = filters->values + (unit < 0 ? 0 : (gsize) unit * (gsize) channels * plane);
  g_autoptr (GBytes) bytes = g_bytes_new (values, size);
  g_object_set (self->panel, "noun", unit < 0 ? _ ("Filter") : _ ("Channel"), NULL);
  rf_map_grid_set_values (grid, bytes, &shape);
  show_labels (grid, values, &shape);
  if (unit < 0)
    rf_map_grid_select (grid, rf_feature_bench_get_unit (self->bench) < 0
                                  ? G_MAXUINT
                                  : (guint) rf_feature_bench_get_unit (self->bench));
  self->filling = FALSE;
  show_about (self, filters);
}

static void
selected_cb (RfFiltersView *self)
{
  const guint place = rf_map_grid_get_selected (rf_map_panel_get_grid (self->panel));
  if (!self->filling && self->unit < 0 && place != G_MAXUINT)
    rf_feature_bench_choose_unit (self->bench, (int) place);
}

/* What is selected, or the first. */
static void
send_cb (RfFiltersView *self)
{
  const RfFilters *filters = rf_feature_bench_get_filters (self->bench);
  const guint selected = rf_map_grid_get_selected (rf_map_panel_get_grid (self->panel));
  if (!filters)
    return;
  const int place = selected == G_MAXUINT ? 0 : (int) selected;
  const int n = filters->height * filters->width, planes = self->unit < 0 ? filters->channels : 1;
  const gsize first
      = self->unit < 0
            ? (gsize) (place * planes * n)
            : ((gsize) self->unit * (gsize) filters->channels + (gsize) place) * (gsize) n;
  RfKernel kernel;
  g_autoptr (GError) error = NULL;
  if (!rf_network_filter_to_kernel (filters->values + first, planes, filters->height,
                                    filters->width, &kernel, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
      return;
    }
  rf_filter_bench_set_kernel (rf_filter_bench_get (self->session), &kernel, _ ("Learned Filter"),
                              NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s",
                              _ ("The filter is the selected kernel of the page Filters now."));
}

static void
rf_filters_view_class_init (RfFiltersViewClass *klass)
{
}

static void
rf_filters_view_init (RfFiltersView *self)
{
  self->layer = G_MAXUINT;
  self->unit = -1;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->about = rf_control_caption ();
  self->none = rf_control_caption ();
  gtk_label_set_label (GTK_LABEL (self->none),
                       _ ("What this layer gives comes from no filters. Choose a convolution, or "
                          "what follows it."));
  self->panel = RF_MAP_PANEL (rf_map_panel_new ());
  g_object_set (self->panel, "label", _ ("Filters of the chosen layer"), NULL);
  g_signal_connect_swapped (rf_map_panel_get_grid (self->panel), "notify::selected",
                            G_CALLBACK (selected_cb), self);
  self->send = rf_control_button (_ ("To the Page Filters"), _ ("To the page Filters"),
                                  _ ("Makes the selected filter, or the first, the kernel that is "
                                     "tried on pictures on the page Filters"));
  gtk_widget_set_halign (self->send, GTK_ALIGN_START);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (send_cb), self);
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), self->none);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->panel));
  gtk_box_append (GTK_BOX (self), self->send);
}

GtkWidget *
rf_filters_view_new (RfFeatureBench *bench, RfSession *session)
{
  RfFiltersView *self = g_object_new (RF_TYPE_FILTERS_VIEW, NULL);
  self->bench = bench;
  self->session = session;
  g_signal_connect_object (bench, "filters", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "choice", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
