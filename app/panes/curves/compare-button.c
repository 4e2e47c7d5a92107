/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list is read in a thread each time the button is opened: runs come and go. */

#include "app/panes/curves/compare-button.h"

#include "app/runs-folder.h"
#include "model/run/runs-list.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST 100 /* rows; older runs are opened from the menu */

struct _RfCompareButton
{
  AdwBin parent_instance;

  RfSession *session;
  GCancellable *reading;
  GtkStack *stack;
  GtkListBox *list;
  GtkWidget *clear;
};

G_DEFINE_FINAL_TYPE (RfCompareButton, rf_compare_button, ADW_TYPE_BIN)

static RfComparison *
get_comparison (RfCompareButton *self)
{
  return rf_session_get_comparison (self->session);
}

static void
toggled_cb (RfCompareButton *self, GtkCheckButton *check)
{
  rf_comparison_set (get_comparison (self), g_object_get_data (G_OBJECT (check), "folder"),
                     gtk_check_button_get_active (check));
}

static gboolean
is_open (RfRun *run, const char *folder)
{
  return run && g_strcmp0 (rf_run_get_folder (run), folder) == 0;
}

/* "26 Jan, 14:25 · 12 epochs · 81.0 %" */
static char *
describe (const RfRunInfo *info)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (info->modified / G_USEC_PER_SEC);
  /* Translators: day and month, hour and minute, as of g_date_time_format(). */
  g_autofree char *when = time ? g_date_time_format (time, _ ("%e %b, %H:%M")) : g_strdup ("");
  g_autofree char *epochs = g_strdup_printf (
      ngettext ("%d epoch", "%d epochs", (gulong) info->epochs), (int) info->epochs);
  const gboolean validates = !isnan (info->best_validation_accuracy);
  const double best = validates ? info->best_validation_accuracy : info->best_test_accuracy;
  GString *text = g_string_new (when);
  g_string_append_printf (text, " · %s", epochs);
  if (!isnan (best))
    g_string_append_printf (text, validates ? _ (" · validation %.1f %%") : _ (" · test %.1f %%"),
                            100 * best);
  return g_string_free (text, FALSE);
}

static void
append (RfCompareButton *self, const RfRunInfo *info)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *name = gtk_label_new (info->title && *info->title ? info->title : info->name);
  g_autofree char *text = describe (info);
  GtkWidget *details = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (details), 0);
  gtk_widget_add_css_class (details, "caption");
  gtk_widget_add_css_class (details, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), details);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), box);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               rf_comparison_has (get_comparison (self), info->path));
  gtk_widget_set_tooltip_text (check, info->path);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (GTK_LABEL (name)),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  g_object_set_data_full (G_OBJECT (check), "folder", g_strdup (info->path), g_free);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (toggled_cb), self);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), check);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->list, row);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfCompareButton) self = data;
  g_autoptr (GPtrArray) runs = g_task_propagate_pointer (G_TASK (result), NULL);
  if (!self->session || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  guint n = 0;
  for (guint i = 0; runs && i < runs->len && n < MOST; i++)
    {
      const RfRunInfo *info = g_ptr_array_index (runs, i);
      if (info->problem || info->steps == 0
          || is_open (rf_session_get_run (self->session), info->path)
          || is_open (rf_session_get_other (self->session), info->path))
        continue;
      append (self, info);
      n++;
    }
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "runs" : "none");
  gtk_widget_set_visible (self->clear, n > 0);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autofree char *folder = rf_runs_folder ();
  GPtrArray *runs = rf_runs_list (folder, &error);
  if (runs)
    g_task_return_pointer (task, runs, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
show_cb (RfCompareButton *self)
{
  GtkWidget *row;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, row);
  gtk_stack_set_visible_child_name (self->stack, "reading");
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->reading, read_cb, g_object_ref (self));
  g_task_run_in_thread (task, read_thread);
}

static void
clear_cb (RfCompareButton *self)
{
  rf_comparison_clear (get_comparison (self));
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row;
       row = gtk_widget_get_next_sibling (row))
    gtk_check_button_set_active (
        GTK_CHECK_BUTTON (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), FALSE);
}

static void
rf_compare_button_dispose (GObject *object)
{
  RfCompareButton *self = RF_COMPARE_BUTTON (object);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (rf_compare_button_parent_class)->dispose (object);
}

static void
rf_compare_button_class_init (RfCompareButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_compare_button_dispose;
}

static void
fill_popover (RfCompareButton *self, GtkPopover *popover)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Earlier runs"), -1);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 420);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));

  GtkWidget *none
      = gtk_label_new (_ ("Runs that you have trained before are listed here, to be laid "
                          "over the curves of this one."));
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (none), 40);
  gtk_label_set_justify (GTK_LABEL (none), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (none, "dim-label");
  GtkWidget *spinner = gtk_spinner_new ();
  /* One that turns unseen would still make a frame 60 times a second. */
  g_signal_connect (spinner, "map", G_CALLBACK (gtk_spinner_start), NULL);
  g_signal_connect (spinner, "unmap", G_CALLBACK (gtk_spinner_stop), NULL);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (self->stack), 300, -1);
  gtk_stack_add_named (self->stack, spinner, "reading");
  gtk_stack_add_named (self->stack, none, "none");
  gtk_stack_add_named (self->stack, scrolled, "runs");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));

  self->clear = gtk_button_new_with_mnemonic (_ ("Compare with _None"));
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  gtk_box_append (GTK_BOX (box), self->clear);
  gtk_popover_set_child (popover, box);
  g_signal_connect_swapped (popover, "show", G_CALLBACK (show_cb), self);
}

static void
rf_compare_button_init (RfCompareButton *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _ ("Compare"));
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _ ("Lay the curves of earlier runs over these"));
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Compare with earlier runs"), -1);
  fill_popover (self, GTK_POPOVER (popover));
  adw_bin_set_child (ADW_BIN (self), button);
}

GtkWidget *
rf_compare_button_new (RfSession *session)
{
  g_return_val_if_fail (RF_IS_SESSION (session), NULL);
  RfCompareButton *self = g_object_new (RF_TYPE_COMPARE_BUTTON, NULL);
  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
