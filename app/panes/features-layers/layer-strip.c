/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each card shows the layer's most active map, in colours of its own layer. */

#include "app/panes/features-layers/features-layers-pane.h"

#include "app/controls.h"
#include "widgets/picture-view/thumb.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define THUMB_SIDE 56
#define LONG_TITLE 11
#define MANY       30 /* layers, of which only the ends of blocks are shown at first */

struct _RfLayerStrip
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *cards, *scrolled, *details;
  GPtrArray *buttons; /* a card for each of … */
  GArray *layers;     /* … these (guint) … */
  GArray *stale;      /* … whose thumbnail is old (gboolean) */
};

G_DEFINE_FINAL_TYPE (RfLayerStrip, rf_layer_strip, GTK_TYPE_BOX)

/* ---- thumbnails ---- */

static RfRaster *
make_map_thumb (const RfFeatureMaps *maps, const RfPaletteRange *range)
{
  const gsize plane = (gsize) maps->shape.height * (gsize) maps->shape.width;
  const int strongest = rf_feature_maps_find_strongest (maps);
  return rf_feature_map_raster (maps->values + (gsize) strongest * plane, maps->shape.height,
                                maps->shape.width, range);
}

/* Units without maps in a square, row after row. */
static RfRaster *
make_flat_thumb (const RfFeatureMaps *maps, const RfPaletteRange *range)
{
  const gsize n = RF_SHAPE_COUNT (maps->shape);
  const int columns = (int) ceil (sqrt ((double) n));
  const int rows = (int) ((n + (gsize) columns - 1) / (gsize) columns);
  g_autofree float *square = g_new0 (float, (gsize) columns *(gsize) rows);
  memcpy (square, maps->values, n * sizeof *square);
  return rf_feature_map_raster (square, rows, columns, range);
}

static RfRaster *
make_thumb (const RfFeatureMaps *maps)
{
  const RfPaletteRange none = { 0 };
  float low, high;
  rf_palette_extent (maps->values, RF_SHAPE_COUNT (maps->shape), &low, &high);
  const RfPaletteRange range = rf_palette_settle (&none, low, high);
  return maps->shape.height * maps->shape.width > 1 ? make_map_thumb (maps, &range)
                                                    : make_flat_thumb (maps, &range);
}

/* Only of the cards on show, which of many layers are few. */
static void
show_thumbs (RfLayerStrip *self)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  GtkAdjustment *scroll
      = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  const double left = gtk_adjustment_get_value (scroll);
  const double right = left + gtk_adjustment_get_page_size (scroll);
  for (guint i = 0; view && i < self->layers->len; i++)
    {
      const guint layer = g_array_index (self->layers, guint, i);
      RfThumb *thumb = g_object_get_data (self->buttons->pdata[i], "thumb");
      GtkAllocation place;
      gtk_widget_get_allocation (self->buttons->pdata[i], &place);
      if (!g_array_index (self->stale, gboolean, i) || layer >= view->n_maps
          || (place.width > 0 && (place.x > right || place.x + place.width < left)))
        continue;
      g_autoptr (RfRaster) raster = make_thumb (&view->maps[layer]);
      rf_thumb_set_raster (thumb, raster);
      g_array_index (self->stale, gboolean, i) = FALSE;
    }
}

static void
view_cb (RfLayerStrip *self)
{
  for (guint i = 0; i < self->stale->len; i++)
    g_array_index (self->stale, gboolean, i) = TRUE;
  show_thumbs (self);
}

/* ---- cards ---- */

static void
clicked_cb (GtkWidget *card, RfLayerStrip *self)
{
  rf_feature_bench_choose_layer (self->bench,
                                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (card), "layer")));
}

/* In two lines where it is long, at its first space. */
static char *
break_title (const char *title)
{
  char *broken = g_strdup (title);
  char *space = g_utf8_strlen (title, -1) > LONG_TITLE ? strchr (broken, ' ') : NULL;
  if (space)
    *space = '\n';
  return broken;
}

static GtkWidget *
make_card (RfLayerStrip *self, const RfLayer *layer)
{
  GtkWidget *card = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *thumb = rf_thumb_new (THUMB_SIDE, THUMB_SIDE);
  g_autofree char *title = break_title (_ (layer->klass->spec.title));
  GtkWidget *label = gtk_label_new (title);
  gtk_widget_add_css_class (label, "caption");
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_vexpand (label, TRUE);
  GtkWidget *number = gtk_label_new (layer->name);
  gtk_widget_add_css_class (number, "caption");
  gtk_widget_add_css_class (number, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (number), PANGO_ELLIPSIZE_START);
  gtk_label_set_max_width_chars (GTK_LABEL (number), 10);
  gtk_box_append (GTK_BOX (box), thumb);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), number);
  gtk_button_set_child (GTK_BUTTON (card), box);
  gtk_widget_add_css_class (card, "stage-card");
  g_autofree char *shape = rf_shape_to_text (layer->out);
  g_autofree char *about = layer->klass->describe ? layer->klass->describe (layer->config) : NULL;
  g_autofree char *tooltip
      = g_strdup_printf ("%s · %s%s%s · %s", layer->name, _ (layer->klass->spec.title),
                         about && *about ? " · " : "", about ? about : "", shape);
  gtk_widget_set_tooltip_text (card, tooltip);
  g_object_set_data (G_OBJECT (card), "layer", GUINT_TO_POINTER ((guint) layer->index));
  g_object_set_data (G_OBJECT (card), "thumb", thumb);
  g_signal_connect (card, "clicked", G_CALLBACK (clicked_cb), self);
  return card;
}

static void
choice_cb (RfLayerStrip *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  const guint chosen = rf_feature_bench_get_layer (self->bench);
  for (guint i = 0; i < self->layers->len; i++)
    {
      GtkWidget *card = self->buttons->pdata[i];
      const guint layer = g_array_index (self->layers, guint, i);
      g_autofree char *title = rf_feature_layers_name (net->layers->pdata[layer]);
      g_autofree char *name
          = layer == chosen ? g_strdup_printf (_ ("%s, selected"), title) : g_strdup (title);
      rf_control_name (card, name);
      if (layer == chosen)
        gtk_widget_add_css_class (card, "chosen");
      else
        gtk_widget_remove_css_class (card, "chosen");
    }
}

static void
fill (RfLayerStrip *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->cards)))
    gtk_box_remove (GTK_BOX (self->cards), child);
  g_ptr_array_set_size (self->buttons, 0);
  g_clear_pointer (&self->layers, g_array_unref);
  const gboolean details = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->details));
  self->layers
      = net ? rf_feature_layers_list (net, details) : g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->layers->len; i++)
    {
      GtkWidget *card
          = make_card (self, net->layers->pdata[g_array_index (self->layers, guint, i)]);
      gtk_box_append (GTK_BOX (self->cards), card);
      g_ptr_array_add (self->buttons, card);
    }
  g_array_set_size (self->stale, self->layers->len);
  choice_cb (self);
  view_cb (self);
}

static void
network_cb (RfLayerStrip *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  g_autoptr (GArray) all = net ? rf_feature_layers_list (net, TRUE) : NULL;
  rf_control_set_toggle (self->details, all && all->len <= MANY, self);
  fill (self);
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
}

/* ---- the widget ---- */

static void
rf_layer_strip_dispose (GObject *object)
{
  RfLayerStrip *self = RF_LAYER_STRIP (object);
  g_clear_pointer (&self->buttons, g_ptr_array_unref);
  g_clear_pointer (&self->layers, g_array_unref);
  g_clear_pointer (&self->stale, g_array_unref);
  G_OBJECT_CLASS (rf_layer_strip_parent_class)->dispose (object);
}

static void
rf_layer_strip_class_init (RfLayerStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_layer_strip_dispose;
}

static void
rf_layer_strip_init (RfLayerStrip *self)
{
  self->buttons = g_ptr_array_new ();
  self->layers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->stale = g_array_new (FALSE, TRUE, sizeof (gboolean));
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_vexpand (GTK_WIDGET (self), FALSE);
  self->cards = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_widget_set_hexpand (self->scrolled, TRUE);
  GtkWidget *viewport = gtk_viewport_new (NULL, NULL);
  gtk_viewport_set_scroll_to_focus (GTK_VIEWPORT (viewport), TRUE);
  gtk_viewport_set_child (GTK_VIEWPORT (viewport), self->cards);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), viewport);
  GtkAdjustment *scroll
      = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_signal_connect_object (scroll, "value-changed", G_CALLBACK (show_thumbs), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scroll, "changed", G_CALLBACK (show_thumbs), self, G_CONNECT_SWAPPED);
  self->details = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->details), "view-more-symbolic");
  gtk_widget_set_valign (self->details, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->details, "flat");
  gtk_widget_set_tooltip_text (self->details,
                               _ ("Every layer, not only those at the end of a block"));
  rf_control_name (self->details, _ ("Every layer"));
  g_signal_connect_swapped (self->details, "toggled", G_CALLBACK (fill), self);
  gtk_box_append (GTK_BOX (self), self->scrolled);
  gtk_box_append (GTK_BOX (self), self->details);
}

GtkWidget *
rf_layer_strip_new (RfFeatureBench *bench)
{
  RfLayerStrip *self = g_object_new (RF_TYPE_LAYER_STRIP, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "network", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "choice", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  network_cb (self);
  return GTK_WIDGET (self);
}
