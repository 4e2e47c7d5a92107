/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of the data set: the next, any, by number, of a class, or one that the network gets
 * wrong, which is searched for. */

#include "app/panes/features-input/features-input-pane.h"

#include "app/controls.h"

#include <glib/gi18n-lib.h>

#define SEARCH_MILLISECONDS 100

struct _RfBrowseRow
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *number, *klass, *mistake, *progress;
  guint search_id;
};

G_DEFINE_FINAL_TYPE (RfBrowseRow, rf_browse_row, GTK_TYPE_BOX)

/* −1: any. */
static int
get_class (RfBrowseRow *self)
{
  return (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->klass)) - 1;
}

/* ---- what is on show ---- */

static void
input_cb (RfBrowseRow *self)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  if (input && input->index >= 0)
    rf_control_set_spin (self->number, (double) input->index, self);
}

static void
network_cb (RfBrowseRow *self)
{
  const gsize n = rf_feature_bench_count_rows (self->bench, NULL);
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  if (n == 0)
    return;
  g_autoptr (GtkStringList) classes = gtk_string_list_new (NULL);
  gtk_string_list_append (classes, _ ("Any class"));
  for (int k = 0; k < net->dataset->n_classes; k++)
    gtk_string_list_append (classes, net->dataset->classes[k]);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->klass), G_LIST_MODEL (classes));
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->number), 0, (double) n - 1);
  /* A search needs a class for each output. */
  gtk_widget_set_sensitive (self->mistake, net->dataset->n_classes == net->n_classes);
}

static gboolean
search_cb (gpointer data)
{
  RfBrowseRow *self = data;
  const double searched = rf_feature_bench_get_searched (self->bench);
  const gboolean searching = searched >= 0;
  gtk_button_set_label (GTK_BUTTON (self->mistake), searching ? _ ("Stop") : _ ("A Mistake"));
  gtk_widget_set_opacity (self->progress, searching ? 1 : 0);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), MAX (searched, 0));
  if (searching)
    return G_SOURCE_CONTINUE;
  self->search_id = 0;
  return G_SOURCE_REMOVE;
}

static void
searching_cb (RfBrowseRow *self)
{
  if (self->search_id == 0 && search_cb (self))
    self->search_id = g_timeout_add (SEARCH_MILLISECONDS, search_cb, self);
}

/* ---- what is pressed ---- */

static void
previous_cb (RfBrowseRow *self)
{
  rf_feature_bench_go (self->bench, -1, get_class (self));
}

static void
next_cb (RfBrowseRow *self)
{
  rf_feature_bench_go (self->bench, 1, get_class (self));
}

static void
any_cb (RfBrowseRow *self)
{
  rf_feature_bench_go_anywhere (self->bench, get_class (self));
}

static void
mistake_cb (RfBrowseRow *self)
{
  rf_feature_bench_find_mistake (self->bench);
}

static void
number_cb (RfBrowseRow *self)
{
  rf_feature_bench_set_row (self->bench,
                            gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->number)));
}

/* One of the class, unless it is one already. */
static void
class_cb (RfBrowseRow *self)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  const int klass = get_class (self);
  if (input && klass >= 0 && input->truth != klass)
    rf_feature_bench_go (self->bench, 1, klass);
}

/* ---- the widget ---- */

static GtkWidget *
make_button (RfBrowseRow *self, const char *icon, const char *name, const char *tooltip,
             GCallback clicked)
{
  GtkWidget *button = rf_control_icon (icon, name, tooltip);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static GtkWidget *
make_first_line (RfBrowseRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->number = rf_control_spin (0, 1, 1, 0, _ ("Number of the picture"),
                                  _ ("Which picture of the data set"));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->number), 5);
  gtk_widget_set_hexpand (self->number, TRUE);
  g_signal_connect_swapped (self->number, "value-changed", G_CALLBACK (number_cb), self);
  gtk_box_append (GTK_BOX (line), make_button (self, "go-previous-symbolic", _ ("Previous picture"),
                                               _ ("The picture before, of the chosen class"),
                                               G_CALLBACK (previous_cb)));
  gtk_box_append (GTK_BOX (line), self->number);
  gtk_box_append (GTK_BOX (line),
                  make_button (self, "go-next-symbolic", _ ("Next picture"),
                               _ ("The next picture, of the chosen class"), G_CALLBACK (next_cb)));
  gtk_box_append (GTK_BOX (line),
                  make_button (self, "media-playlist-shuffle-symbolic", _ ("Any picture"),
                               _ ("A picture by chance, of the chosen class"),
                               G_CALLBACK (any_cb)));
  return line;
}

static void
rf_browse_row_dispose (GObject *object)
{
  g_clear_handle_id (&RF_BROWSE_ROW (object)->search_id, g_source_remove);
  G_OBJECT_CLASS (rf_browse_row_parent_class)->dispose (object);
}

static void
rf_browse_row_class_init (RfBrowseRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_browse_row_dispose;
}

static void
rf_browse_row_init (RfBrowseRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->klass = rf_control_drop (NULL, _ ("Class"), _ ("Of which class pictures are shown"));
  gtk_widget_set_hexpand (self->klass, TRUE);
  g_signal_connect_swapped (self->klass, "notify::selected", G_CALLBACK (class_cb), self);
  self->mistake = rf_control_button (_ ("A Mistake"), _ ("A mistake"),
                                     _ ("The next picture that the network gets wrong"));
  g_signal_connect_swapped (self->mistake, "clicked", G_CALLBACK (mistake_cb), self);
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_opacity (self->progress, 0);
  gtk_widget_set_hexpand (self->progress, TRUE);
  rf_control_name (self->progress, _ ("Search for a mistake"));
  gtk_box_append (GTK_BOX (line), self->klass);
  gtk_box_append (GTK_BOX (line), self->mistake);
  gtk_box_append (GTK_BOX (self), make_first_line (self));
  gtk_box_append (GTK_BOX (self), line);
  gtk_box_append (GTK_BOX (self), self->progress);
}

GtkWidget *
rf_browse_row_new (RfFeatureBench *bench)
{
  RfBrowseRow *self = g_object_new (RF_TYPE_BROWSE_ROW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "network", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "input", G_CALLBACK (input_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "searching", G_CALLBACK (searching_cb), self, G_CONNECT_SWAPPED);
  network_cb (self);
  return GTK_WIDGET (self);
}
