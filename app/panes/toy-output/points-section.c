/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/toy-output/points-section.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "model/base/files.h"
#include "model/playground/points-csv.h"
#include "model/run/background.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define REACH     0.35       /* of erasing and taking hold, in units of the plane */
#define SPREAD    0.6        /* of the brush */
#define BRUSH     3          /* points at a place */
#define MAX_BYTES (16 << 20) /* of a file */

typedef enum
{
  TOOL_LOOK,
  TOOL_SET,
  TOOL_BRUSH,
  TOOL_MOVE,
  TOOL_ERASE,
} Tool;

static const char *const tool_titles[]
    = { N_ ("Look"), N_ ("Set points"), N_ ("Brush"), N_ ("Move"), N_ ("Erase"), NULL };
static const char *const two_titles[] = { N_ ("Blue, −1"), N_ ("Orange, +1"), NULL };

struct _RfPointsSection
{
  GtkBox parent_instance;

  RfPane *pane; /* not owned */
  RfToyBench *bench;
  GtkWidget *tool, *label, *value, *test;
  GRand *random;
  RfPlayData *data; /* as they will be, before the next view */
  int label_classes;
};

G_DEFINE_FINAL_TYPE (RfPointsSection, rf_points_section, GTK_TYPE_BOX)

/* ---- editing ---- */

static Tool
get_tool (RfPointsSection *self)
{
  return gtk_drop_down_get_selected (GTK_DROP_DOWN (self->tool));
}

static double
get_label (RfPointsSection *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  const int chosen = (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->label));
  if (state->problem == RF_PLAY_REGRESSION)
    return gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->value));
  return state->n_classes > 0 ? chosen : chosen * 2 - 1;
}

/* Takes over @data, which may be NULL: nothing to be done. */
static void
put (RfPointsSection *self, RfPlayData *data, const char *label)
{
  if (!data)
    return;
  g_clear_pointer (&self->data, rf_play_data_unref);
  self->data = data;
  rf_toy_bench_set_data (self->bench, data, label);
}

static void
set_point (RfPointsSection *self, double x, double y)
{
  const gboolean test = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->test));
  const RfPlayPoint point = { x, y, get_label (self) };
  RfPlayData *data = rf_play_data_add (self->data, point, test);
  if (data)
    put (self, data, _ ("Own Points"));
  else
    rf_pane_say (self->pane, _ ("There are as many points as there can be."));
}

static void
brush (RfPointsSection *self, double x, double y)
{
  const gboolean test = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->test));
  RfPlayData *data = rf_play_data_ref (self->data);
  for (int i = 0; i < BRUSH; i++)
    {
      const double angle = g_rand_double_range (self->random, 0, 2 * G_PI);
      const double r = SPREAD * sqrt (g_rand_double (self->random));
      const RfPlayPoint point = { x + r * cos (angle), y + r * sin (angle), get_label (self) };
      RfPlayData *more = rf_play_data_add (data, point, test);
      if (!more)
        break;
      rf_play_data_unref (data);
      data = more;
    }
  put (self, data, _ ("Own Points"));
}

static void
use (RfPointsSection *self, Tool tool, double x, double y)
{
  if (!self->data)
    return;
  if (tool == TOOL_SET)
    set_point (self, x, y);
  else if (tool == TOOL_BRUSH)
    brush (self, x, y);
  else if (tool == TOOL_ERASE)
    put (self, rf_play_data_erase (self->data, x, y, REACH), _ ("Erased Points"));
}

void
rf_points_section_press (RfPointsSection *self, double x, double y, gboolean second)
{
  g_return_if_fail (RF_IS_POINTS_SECTION (self));
  const Tool tool = get_tool (self);
  if (tool != TOOL_LOOK)
    use (self, second ? TOOL_ERASE : tool, x, y);
}

void
rf_points_section_drag (RfPointsSection *self, double from_x, double from_y, double x, double y,
                        gboolean second)
{
  g_return_if_fail (RF_IS_POINTS_SECTION (self));
  const Tool tool = get_tool (self);
  if (tool == TOOL_MOVE && !second && self->data)
    put (self, rf_play_data_move (self->data, from_x, from_y, REACH, x, y), _ ("Moved Points"));
  else if (second ? tool != TOOL_LOOK : tool == TOOL_BRUSH || tool == TOOL_ERASE)
    use (self, second ? TOOL_ERASE : tool, x, y);
}

/* ---- files ---- */

static void
save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfPointsSection *self = data;
  if (self->data)
    rf_file_dialog_save_text (GTK_WIDGET (self), _ ("Save the Points"), _ ("points.csv"),
                              _ ("The points are saved."), rf_play_points_write_csv (self->data));
}

typedef struct
{
  RfPointsSection *section;
  RfPlayState state;
  char *path;
  RfPlayData *data;
  GError *error;
} Reading;

/* In a thread: disks may be slow. */
static void
read_points (gpointer data)
{
  Reading *reading = data;
  gsize size;
  g_autofree char *name = g_filename_display_basename (reading->path);
  g_autofree char *text = rf_file_read (reading->path, MAX_BYTES, &size, &reading->error);
  if (text)
    reading->data = rf_play_points_parse_csv (&reading->state, text, size, name, &reading->error);
}

static void
points_read (gpointer data)
{
  Reading *reading = data;
  if (reading->data)
    put (reading->section, reading->data, _ ("Own Points"));
  else
    rf_pane_say (reading->section->pane, reading->error->message);
  g_clear_error (&reading->error);
  rf_play_state_clear (&reading->state);
  g_object_unref (reading->section);
  g_free (reading->path);
  g_free (reading);
}

static void
opened_cb (const char *path, gpointer data)
{
  RfPointsSection *self = data;
  Reading *reading = g_new0 (Reading, 1);
  reading->section = g_object_ref (self);
  reading->path = g_strdup (path);
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &reading->state);
  if (!rf_background_run (read_points, points_read, reading))
    {
      read_points (reading);
      points_read (reading);
    }
}

static void
open (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_file_dialog_ask (GTK_WIDGET (data), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Open Points"), NULL,
                      NULL, opened_cb, data, NULL);
}

static void
clear (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfPointsSection *self = data;
  put (self, rf_play_data_new (NULL, 0, NULL, 0), _ ("Cleared Points"));
}

static const GActionEntry actions[] = { { "save", save }, { "open", open }, { "clear", clear } };

/* ---- showing ---- */

static void
view_cb (RfPointsSection *self)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  if (!view || !rf_toy_bench_is_settled (self->bench) || view->data == self->data)
    return;
  g_clear_pointer (&self->data, rf_play_data_unref);
  self->data = rf_play_data_ref (view->data);
}

static void
show_labels (RfPointsSection *self, const RfPlayState *state)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (int i = 0; i < MAX (state->n_classes, 2); i++)
    {
      g_autofree char *title = state->n_classes > 0 ? g_strdup_printf (_ ("Class %d"), i)
                                                    : g_strdup (_ (two_titles[i]));
      gtk_string_list_append (list, title);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->label), G_LIST_MODEL (list));
  self->label_classes = state->n_classes;
}

static void
changed_cb (RfPointsSection *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  const Tool tool = get_tool (self);
  const gboolean sets = tool == TOOL_SET || tool == TOOL_BRUSH;
  if (self->label_classes != state->n_classes)
    show_labels (self, state);
  gtk_widget_set_visible (self->label, sets && state->problem == RF_PLAY_CLASSIFICATION);
  gtk_widget_set_visible (self->value, sets && state->problem == RF_PLAY_REGRESSION);
  gtk_widget_set_visible (self->test, sets);
}

/* ---- making ---- */

static GtkWidget *
make_menu (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _ ("_Open Points…"), "points.open");
  g_menu_append (menu, _ ("_Save Points…"), "points.save");
  g_menu_append (menu, _ ("_Clear"), "points.clear");
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Points as a file: x, y, label, set"));
  rf_control_name (button, _ ("Points as a file"));
  return button;
}

static void
rf_points_section_dispose (GObject *object)
{
  RfPointsSection *self = RF_POINTS_SECTION (object);
  g_clear_pointer (&self->data, rf_play_data_unref);
  g_clear_pointer (&self->random, g_rand_free);
  G_OBJECT_CLASS (rf_points_section_parent_class)->dispose (object);
}

static void
rf_points_section_class_init (RfPointsSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_points_section_dispose;
}

static void
rf_points_section_init (RfPointsSection *self)
{
  self->random = g_rand_new_with_seed (1);
  self->label_classes = -1;
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->tool = rf_control_drop (tool_titles, _ ("Pointer"),
                                _ ("What a press on the plane does: look, set points of your own, "
                                   "many at once, move or erase them; the other button erases"));
  self->label = rf_control_drop (NULL, _ ("Class of new points"), _ ("Class of new points"));
  self->value = rf_control_spin (-1, 1, 0.1, 2, _ ("Value of new points"),
                                 _ ("Value of new points, from −1 to 1"));
  self->test = gtk_check_button_new_with_label (_ ("Test"));
  gtk_widget_set_tooltip_text (self->test, _ ("New points are for testing, not for training"));
  GtkWidget *const parts[] = { self->tool, self->label, self->value, self->test };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_box_append (GTK_BOX (self), parts[i]);
  GtkWidget *menu = make_menu ();
  gtk_widget_set_hexpand (menu, TRUE);
  gtk_widget_set_halign (menu, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (self), menu);
  rf_control_add_actions (GTK_WIDGET (self), menu, "points", actions, G_N_ELEMENTS (actions));
  g_signal_connect_swapped (self->tool, "notify::selected", G_CALLBACK (changed_cb), self);
}

GtkWidget *
rf_points_section_new (RfPane *pane, RfToyBench *bench)
{
  RfPointsSection *self = g_object_new (RF_TYPE_POINTS_SECTION, NULL);
  self->pane = pane;
  self->bench = bench;
  g_signal_connect_object (bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  view_cb (self);
  return GTK_WIDGET (self);
}
