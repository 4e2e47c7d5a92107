/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A chart as a file or on the clipboard: pictures from the painter, in the light colours whatever
 * the theme is, for they go into documents; and its numbers as a table. */

#include "widgets/plot/line-chart-private.h"
#include "widgets/plot/painters/chart-file.h"

#include <glib/gi18n-lib.h>

#define WIDTH  900.0
#define HEIGHT 420.0
#define MARGIN 20.0

static const struct
{
  const char *suffix, *name;
} formats[] = {
  { ".png", N_ ("PNG picture") },
  { ".svg", N_ ("SVG drawing") },
  { ".pdf", N_ ("PDF document") },
  { ".csv", N_ ("CSV table of the values") },
};

static void
paint (cairo_t *cr, double width, double height, gpointer data)
{
  RfLineChart *self = data;
  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  RfChartStyle style;
  rf_line_chart_describe (self, &chart, series);
  rf_chart_style_light (&style);
  const RfColor *paper = &style.background;
  cairo_set_source_rgb (cr, paper->red, paper->green, paper->blue);
  cairo_paint (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  rf_line_chart_paint (cr, width - 2 * MARGIN, height - 2 * MARGIN, &style, &chart, NULL);
}

static RfLineChartTable *
make_table (RfLineChart *self)
{
  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  rf_line_chart_describe (self, &chart, series);
  return rf_line_chart_table_new (&chart);
}

static gboolean
is_table (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ".csv");
}

gboolean
rf_line_chart_save (RfLineChart *self, const char *path, GError **error)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self) && path, FALSE);

  if (!is_table (path))
    return rf_chart_file_write (path, WIDTH, HEIGHT, paint, self, error);
  RfLineChartTable *table = make_table (self);
  g_autofree char *csv = rf_line_chart_table_format (table);
  rf_line_chart_table_free (table);
  return g_file_set_contents (path, csv, -1, error);
}

/* ---- tables, by a thread ---- */

typedef struct
{
  RfLineChartTable *table;
  char *path; /* NULL: onto the clipboard */
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;
  rf_line_chart_table_free (job->table);
  g_free (job->path);
  g_free (job);
}

static void
write_table (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autofree char *csv = rf_line_chart_table_format (job->table);
  GError *error = NULL;
  if (!job->path)
    g_task_return_pointer (task, g_steal_pointer (&csv), g_free);
  else if (g_file_set_contents (job->path, csv, -1, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
tell_saved (RfLineChart *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: the name of a file. */
  g_autofree char *done = g_strdup_printf (_ ("%s was saved"), name);
  rf_line_chart_tell (self, done);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RfLineChart *self = RF_LINE_CHART (object);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *csv = g_task_propagate_pointer (G_TASK (result), &error);
  if (error)
    rf_line_chart_tell (self, error->message);
  else if (job->path)
    tell_saved (self, job->path);
  else
    {
      gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), csv);
      rf_line_chart_tell (self, _ ("The values were copied as a table"));
    }
}

static void
begin_table (RfLineChart *self, const char *path)
{
  Job *job = g_new (Job, 1);
  *job = (Job){ make_table (self), g_strdup (path) };
  g_autoptr (GTask) task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, write_table);
}

/* ---- to a file ---- */

/* @path with the suffix of the format that is chosen in the dialog, unless it has one. */
static char *
complete_path (const char *path, GtkFileChooser *chooser)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  const char *suffix = formats[0].suffix;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_str_has_suffix (lower, formats[i].suffix))
        return g_strdup (path);
      if (filter && g_strcmp0 (gtk_file_filter_get_name (filter), _ (formats[i].name)) == 0)
        suffix = formats[i].suffix;
    }
  return g_strconcat (path, suffix, NULL);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, RfLineChart *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  g_autofree char *chosen = file ? g_file_get_path (file) : NULL;
  if (chosen)
    {
      g_autofree char *path = complete_path (chosen, GTK_FILE_CHOOSER (dialog));
      g_autoptr (GError) error = NULL;
      if (is_table (path))
        begin_table (self, path);
      else if (rf_line_chart_save (self, path, &error))
        tell_saved (self, path);
      else
        rf_line_chart_tell (self, error->message);
    }
  g_object_unref (dialog);
}

static void export(GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Export the Chart"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *pattern = g_strconcat ("*", formats[i].suffix, NULL);
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      gtk_file_filter_set_name (filter, _ (formats[i].name));
      gtk_file_filter_add_pattern (filter, pattern);
      gtk_file_chooser_add_filter (chooser, filter);
    }
  g_autofree char *title = NULL;
  g_object_get (widget, "title", &title, NULL);
  g_autofree char *lower = g_utf8_strdown (title && *title ? title : _ ("Chart"), -1);
  g_autofree char *name = g_strconcat (lower, formats[0].suffix, NULL);
  gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cairo_surface_t *surface = rf_chart_paint_image (WIDTH, HEIGHT, paint, widget);
  const int width = cairo_image_surface_get_width (surface);
  const int height = cairo_image_surface_get_height (surface);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_get_from_surface (surface, 0, 0, width, height);
  cairo_surface_destroy (surface);
  if (!pixbuf)
    {
      rf_line_chart_tell (RF_LINE_CHART (widget), _ ("There is no memory for the picture."));
      return;
    }
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  rf_line_chart_tell (RF_LINE_CHART (widget), _ ("The chart was copied as a picture"));
}

/* For programs that draw: they take what they like best. */
static void
copy_drawing (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const kinds[][2]
      = { { "chart.svg", "image/svg+xml" }, { "chart.pdf", "application/pdf" } };
  GdkContentProvider *providers[G_N_ELEMENTS (kinds)];
  gsize n = 0;
  g_autoptr (GError) error = NULL;
  for (; n < G_N_ELEMENTS (kinds); n++)
    {
      g_autoptr (GBytes) bytes
          = rf_chart_file_render (kinds[n][0], WIDTH, HEIGHT, paint, widget, &error);
      if (!bytes)
        break;
      providers[n] = gdk_content_provider_new_for_bytes (kinds[n][1], bytes);
    }
  if (n > 0)
    {
      g_autoptr (GdkContentProvider) all = gdk_content_provider_new_union (providers, n);
      gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), all);
    }
  rf_line_chart_tell (RF_LINE_CHART (widget),
                      error ? error->message : _ ("The chart was copied as a drawing"));
}

static void
copy_values (GtkWidget *widget, const char *action, GVariant *parameter)
{
  begin_table (RF_LINE_CHART (widget), NULL);
}

/* ---- the menu ---- */

#define MENU "rf-line-chart-menu"

static GtkWidget *
get_menu (RfLineChart *self)
{
  return g_object_get_data (G_OBJECT (self), MENU);
}

static GtkWidget *
ensure_menu (RfLineChart *self)
{
  if (get_menu (self))
    return get_menu (self);
  g_autoptr (GMenu) model = g_menu_new (), copies = g_menu_new (), view = g_menu_new ();
  g_menu_append (model, _ ("_Export…"), "chart.export");
  g_menu_append (copies, _ ("_Copy as Picture"), "chart.copy");
  g_menu_append (copies, _ ("Copy as _Drawing (SVG, PDF)"), "chart.copy-drawing");
  g_menu_append (copies, _ ("Copy _Values (CSV)"), "chart.copy-values");
  g_menu_append_section (model, NULL, G_MENU_MODEL (copies));
  g_menu_append (view, _ ("Show the _Whole Run"), "chart.reset-zoom");
  g_menu_append (view, _ ("_Logarithmic Vertical Axis"), "chart.log-y");
  g_menu_append (view, _ ("Logarithmic _Horizontal Axis"), "chart.log-x");
  g_menu_append_section (model, NULL, G_MENU_MODEL (view));
  GtkWidget *menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (model));
  gtk_popover_set_has_arrow (GTK_POPOVER (menu), FALSE);
  gtk_widget_set_parent (menu, GTK_WIDGET (self));
  g_object_set_data (G_OBJECT (self), MENU, menu);
  return menu;
}

static void
popup_at (RfLineChart *self, double x, double y, GtkAlign align)
{
  GtkWidget *menu = ensure_menu (self);
  gtk_widget_set_halign (menu, align);
  gtk_popover_set_pointing_to (GTK_POPOVER (menu), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (menu));
}

void
rf_line_chart_popup_menu (RfLineChart *self)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));
  popup_at (self, gtk_widget_get_width (GTK_WIDGET (self)), 24, GTK_ALIGN_END);
}

static void
popup (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rf_line_chart_popup_menu (RF_LINE_CHART (widget));
}

static void
pressed_cb (GtkGestureClick *gesture, int n, double x, double y, RfLineChart *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_at (self, x, y, GTK_ALIGN_START);
}

void
rf_line_chart_allocate_menu (RfLineChart *self)
{
  if (get_menu (self))
    gtk_popover_present (GTK_POPOVER (get_menu (self)));
}

void
rf_line_chart_dispose_menu (RfLineChart *self)
{
  GtkWidget *menu = g_object_steal_data (G_OBJECT (self), MENU);
  if (menu)
    gtk_widget_unparent (menu);
}

void
rf_line_chart_install_export (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "chart.export", NULL, export);
  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "chart.copy-drawing", NULL, copy_drawing);
  gtk_widget_class_install_action (widget_class, "chart.copy-values", NULL, copy_values);
  gtk_widget_class_install_action (widget_class, "chart.menu", NULL, popup);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "chart.export",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "chart.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "chart.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu",
                                       NULL);
}

void
rf_line_chart_init_export (RfLineChart *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}
