/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The networks that come with the program, the one in the lab, and those that were opened. */

#include "app/panes/features-input/features-input-pane.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "app/text.h"

#include <glib/gi18n-lib.h>

struct _RfNetRow
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *drop, *about;
  GtkStringList *titles;
  GPtrArray *paths; /* for each title; NULL: the lab's */
};

G_DEFINE_FINAL_TYPE (RfNetRow, rf_net_row, GTK_TYPE_BOX)

static void
add (RfNetRow *self, const char *path, const char *title)
{
  g_ptr_array_add (self->paths, g_strdup (path));
  gtk_string_list_append (self->titles, title);
}

static void
add_pretrained (RfNetRow *self, const char *path)
{
  static const struct
  {
    const char *folder, *title;
  } known[] = {
    { "cifar10", N_ ("Photographs (CIFAR-10), trained") },
    { "digits", N_ ("Digits (MNIST), trained") },
    { "shapes", N_ ("Shapes, trained") },
  };
  g_autofree char *name = g_path_get_basename (path);
  const char *title = name;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].folder, name))
      title = _ (known[i].title);
  add (self, path, title);
}

static guint
find (RfNetRow *self, const char *path)
{
  for (guint i = 0; i < self->paths->len; i++)
    if (g_strcmp0 (self->paths->pdata[i], path) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* What is on show, also where choosing another has failed. */
static void
show (RfNetRow *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const char *path = rf_feature_bench_get_path (self->bench);
  if (!net)
    return;
  if (find (self, path) == GTK_INVALID_LIST_POSITION)
    add (self, path, net->title);
  rf_control_set_drop (self->drop, find (self, path), self);
  g_autofree char *count = rf_text_count (
      (double) rf_net_count_parameters (rf_feature_bench_get_layers (self->bench)));
  g_autofree char *shape = rf_shape_to_text (net->input);
  /* Translators: shape of the input, number of classes, number of weights. */
  g_autofree char *about
      = g_strdup_printf (_ ("%s to %d classes, %s parameters"), shape, net->n_classes, count);
  g_autofree char *all
      = net->absent ? g_strdup_printf (_ ("%s. Its data are not here."), about) : g_strdup (about);
  gtk_label_set_label (GTK_LABEL (self->about), all);
  gtk_widget_set_tooltip_text (self->about, net->absent);
}

static void
chosen_cb (RfNetRow *self)
{
  const guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));
  if (i >= self->paths->len)
    return;
  const char *path = self->paths->pdata[i];
  if (path)
    rf_feature_bench_open_net (self->bench, path);
  else
    {
      rf_feature_bench_follow_run (self->bench);
      show (self);
    }
}

static void
opened_cb (const char *path, gpointer data)
{
  rf_feature_bench_open_net (data, path);
}

static void
ask (RfNetRow *self, GtkFileChooserAction action)
{
  rf_file_dialog_ask (self->drop, action,
                      action == GTK_FILE_CHOOSER_ACTION_OPEN
                          ? _ ("Open an Experiment, or Weights of This Network")
                          : _ ("Open a Run"),
                      NULL, NULL, opened_cb, self->bench, NULL);
}

static void
open_file (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask (data, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_run (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask (data, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static const GActionEntry actions[] = { { "open", open_file }, { "open-run", open_run } };

static GtkWidget *
make_open_button (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _ ("_Experiment or Weights…"), "net.open");
  g_menu_append (menu, _ ("_Run…"), "net.open-run");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "document-open-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _ ("Open another network: an experiment, a run, or a file "
                                          "of weights for this one, as PyTorch can save it"));
  rf_control_name (button, _ ("Open a network"));
  return button;
}

static void
rf_net_row_dispose (GObject *object)
{
  RfNetRow *self = RF_NET_ROW (object);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_object (&self->titles);
  G_OBJECT_CLASS (rf_net_row_parent_class)->dispose (object);
}

static void
rf_net_row_class_init (RfNetRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_net_row_dispose;
}

static void
rf_net_row_init (RfNetRow *self)
{
  g_auto (GStrv) paths = rf_feature_net_list ();
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->titles = gtk_string_list_new (NULL);
  add (self, NULL, _ ("The Lab’s network"));
  for (guint i = 0; paths[i]; i++)
    add_pretrained (self, paths[i]);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->drop = rf_control_drop (NULL, _ ("Network"), _ ("The network that is looked into"));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->drop), G_LIST_MODEL (self->titles));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->drop), GTK_INVALID_LIST_POSITION);
  gtk_widget_set_hexpand (self->drop, TRUE);
  self->about = rf_control_caption ();
  gtk_box_append (GTK_BOX (row), self->drop);
  gtk_box_append (GTK_BOX (row), make_open_button ());
  gtk_box_append (GTK_BOX (self), row);
  gtk_box_append (GTK_BOX (self), self->about);
  rf_control_add_actions (GTK_WIDGET (self), GTK_WIDGET (self), "net", actions,
                          G_N_ELEMENTS (actions));
  g_signal_connect_swapped (self->drop, "notify::selected", G_CALLBACK (chosen_cb), self);
}

GtkWidget *
rf_net_row_new (RfFeatureBench *bench)
{
  RfNetRow *self = g_object_new (RF_TYPE_NET_ROW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "network", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "failed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
