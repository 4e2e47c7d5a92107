/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers are written into the cells as long as they fit; where they do not, colour and the
 * description of the cell that is pointed at say them. */

#include "widgets/plot/heat-table.h"

#include "widgets/plot/painters/chart-file.h"

#include <math.h>

#define GAP    1. /* between cells */
#define MARGIN 4. /* around titles */
#define LEAST  110
#define USUAL  240
/* Least size of a file. */
#define FILE_WIDTH  400
#define FILE_HEIGHT 320

struct _RfHeatTable
{
  GtkWidget parent_instance;

  RfHeatTableData data; /* its arrays are the table's */
  int row, column;      /* pointed at or reached by keys; −1: none */
};

G_DEFINE_FINAL_TYPE (RfHeatTable, rf_heat_table, GTK_TYPE_WIDGET)

enum
{
  POINTED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
data_clear (RfHeatTableData *data)
{
  g_free ((gpointer) data->values);
  g_strfreev ((char **) data->row_titles);
  g_strfreev ((char **) data->column_titles);
  g_free ((gpointer) data->row_label);
  g_free ((gpointer) data->column_label);
  *data = (RfHeatTableData){ 0 };
}

static const char *const *
copy_titles (const char *const *titles, int n)
{
  char **copy = g_new0 (char *, n + 1);
  for (int i = 0; i < n; i++)
    copy[i] = g_strdup (titles[i]);
  return (const char *const *) copy;
}

static double
get_value (const RfHeatTableData *data, int row, int column)
{
  return data->values[row * data->n_columns + column];
}

static char *
format (const RfHeatTableData *data, double value)
{
  return isnan (value)      ? g_strdup ("")
         : isfinite (value) ? g_strdup_printf ("%.*f", data->digits, value)
                            : g_strdup ("∞");
}

/* ---- geometry ---- */

typedef struct
{
  PangoContext *context;
  double left, top, cell_width, cell_height;
} Layout;

static void
get_text_size (PangoContext *context, const char *text, int *width, int *height)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, width, height);
}

static void
lay_out (const RfHeatTableData *data, PangoContext *context, double width, double height,
         Layout *layout)
{
  int w, h, widest = 0;
  get_text_size (context, "0", &w, &h);
  for (int i = 0; i < data->n_rows; i++)
    {
      get_text_size (context, data->row_titles[i], &w, &h);
      widest = MAX (widest, w);
    }
  layout->context = context;
  layout->left = h + widest + 2 * MARGIN;
  layout->top = 2 * h + MARGIN;
  layout->cell_width = MAX ((width - layout->left) / MAX (data->n_columns, 1), 1);
  layout->cell_height = MAX ((height - layout->top) / MAX (data->n_rows, 1), 1);
}

static PangoContext *
make_context (RfHeatTable *self)
{
  PangoContext *context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  g_autoptr (PangoFontDescription) font
      = pango_font_description_copy (pango_context_get_font_description (context));
  pango_font_description_set_size (font, pango_font_description_get_size (font) * 8 / 10);
  pango_context_set_font_description (context, font);
  return context;
}

/* ---- painting ---- */

static void
paint_text (cairo_t *cr, PangoContext *context, const char *text, double x, double y, double align)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  int width, height;
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, round (x - width * align), round (y - height / 2.));
  pango_cairo_show_layout (cr, layout);
}

/* Dark on light and light on dark. */
static void
set_ink (cairo_t *cr, guint32 color)
{
  const double light = 0.3 * (color >> 16 & 255) + 0.59 * (color >> 8 & 255) + 0.11 * (color & 255);
  const double ink = light > 140 ? 0.05 : 1;
  cairo_set_source_rgb (cr, ink, ink, ink);
}

static void
paint_cell (const RfHeatTableData *data, cairo_t *cr, const Layout *layout, const GdkRGBA *text,
            int row, int column)
{
  const double value = get_value (data, row, column);
  const double x = layout->left + column * layout->cell_width;
  const double y = layout->top + row * layout->cell_height;
  g_autofree char *number = format (data, value);
  int width, height;
  cairo_rectangle (cr, x, y, layout->cell_width - GAP, layout->cell_height - GAP);
  if (isnan (value))
    {
      cairo_set_source_rgba (cr, text->red, text->green, text->blue, 0.08);
      cairo_fill (cr);
      return;
    }
  const guint32 color = rf_palette_color (&data->range, isfinite (value) ? value : NAN);
  cairo_set_source_rgb (cr, (color >> 16 & 255) / 255., (color >> 8 & 255) / 255.,
                        (color & 255) / 255.);
  cairo_fill (cr);
  get_text_size (layout->context, number, &width, &height);
  if (width > layout->cell_width - 4 || height > layout->cell_height)
    return;
  set_ink (cr, color);
  paint_text (cr, layout->context, number, x + layout->cell_width / 2, y + layout->cell_height / 2,
              0.5);
}

static void
paint_frame (cairo_t *cr, const Layout *layout, const GdkRGBA *color, int row, int column,
             double line)
{
  if (row < 0 || column < 0)
    return;
  cairo_rectangle (cr, layout->left + column * layout->cell_width - GAP / 2,
                   layout->top + row * layout->cell_height - GAP / 2, layout->cell_width,
                   layout->cell_height);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

static void
paint_titles (const RfHeatTableData *data, cairo_t *cr, const Layout *layout, double width,
              double height)
{
  double last = -1e9;
  int w, h;
  get_text_size (layout->context, "0", &w, &h);
  for (int i = 0; i < data->n_rows; i++)
    paint_text (cr, layout->context, data->row_titles[i], layout->left - MARGIN,
                layout->top + (i + 0.5) * layout->cell_height, 1);
  for (int i = 0; i < data->n_columns; i++)
    {
      const double x = layout->left + (i + 0.5) * layout->cell_width;
      get_text_size (layout->context, data->column_titles[i], &w, &h);
      if (x - w / 2. < last + MARGIN)
        continue;
      last = x + w / 2.;
      paint_text (cr, layout->context, data->column_titles[i], x, layout->top - MARGIN - h / 2.,
                  0.5);
    }
  paint_text (cr, layout->context, data->column_label, (layout->left + width) / 2, h / 2., 0.5);
  cairo_save (cr);
  cairo_translate (cr, h / 2., (layout->top + height) / 2);
  cairo_rotate (cr, -G_PI / 2);
  paint_text (cr, layout->context, data->row_label, 0, 0, 0.5);
  cairo_restore (cr);
}

static void
paint (RfHeatTable *self, cairo_t *cr, double width, double height, const GdkRGBA *text)
{
  const RfHeatTableData *data = &self->data;
  PangoContext *context = make_context (self);
  Layout layout;
  lay_out (data, context, width, height, &layout);
  for (int row = 0; row < data->n_rows; row++)
    for (int column = 0; column < data->n_columns; column++)
      paint_cell (data, cr, &layout, text, row, column);
  gdk_cairo_set_source_rgba (cr, text);
  paint_titles (data, cr, &layout, width, height);
  paint_frame (cr, &layout, text, data->best_row, data->best_column, 2);
  g_object_unref (context);
}

static void
rf_heat_table_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfHeatTable *self = RF_HEAT_TABLE (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA text, accent;
  if (self->data.n_rows == 0 || width < 40 || height < 40)
    return;
  gtk_style_context_get_color (style, &text);
  if (!gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = text;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  paint (self, cr, width, height, &text);
  PangoContext *context = make_context (self);
  Layout layout;
  lay_out (&self->data, context, width, height, &layout);
  paint_frame (cr, &layout, &accent, self->row, self->column, 3);
  g_object_unref (context);
  cairo_destroy (cr);
}

static void
paint_file (cairo_t *cr, double width, double height, gpointer data)
{
  const GdkRGBA text = { 0.1f, 0.1f, 0.1f, 1 };
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  paint (data, cr, width, height, &text);
}

gboolean
rf_heat_table_save (RfHeatTable *self, const char *path, GError **error)
{
  g_return_val_if_fail (RF_IS_HEAT_TABLE (self) && path, FALSE);
  return rf_chart_file_write (path, MAX (gtk_widget_get_width (GTK_WIDGET (self)), FILE_WIDTH),
                              MAX (gtk_widget_get_height (GTK_WIDGET (self)), FILE_HEIGHT),
                              paint_file, self, error);
}

/* ---- pointing ---- */

static void
tell (RfHeatTable *self)
{
  const RfHeatTableData *data = &self->data;
  g_autofree char *text = NULL;
  if (self->row >= 0)
    {
      g_autofree char *number = format (data, get_value (data, self->row, self->column));
      text = g_strdup_printf ("%s %s, %s %s: %s", data->row_label, data->row_titles[self->row],
                              data->column_label, data->column_titles[self->column], number);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text ? text : "", -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
}

static void
point (RfHeatTable *self, int row, int column)
{
  if (row == self->row && column == self->column)
    return;
  self->row = row;
  self->column = column;
  g_signal_emit (self, signals[POINTED], 0, row, column);
  tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_heat_table_set_data (RfHeatTable *self, const RfHeatTableData *data)
{
  g_return_if_fail (RF_IS_HEAT_TABLE (self) && data && data->n_rows >= 0 && data->n_columns >= 0);
  RfHeatTableData copy = *data;
  copy.values
      = g_memdup2 (data->values, (gsize) (data->n_rows * data->n_columns) * sizeof (double));
  copy.row_titles = copy_titles (data->row_titles, data->n_rows);
  copy.column_titles = copy_titles (data->column_titles, data->n_columns);
  copy.row_label = g_strdup (data->row_label ? data->row_label : "");
  copy.column_label = g_strdup (data->column_label ? data->column_label : "");
  data_clear (&self->data);
  self->data = copy;
  if (self->row >= data->n_rows || self->column >= data->n_columns)
    self->row = self->column = -1;
  tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
find (RfHeatTable *self, double x, double y, int *row, int *column)
{
  PangoContext *context = make_context (self);
  Layout layout;
  lay_out (&self->data, context, gtk_widget_get_width (GTK_WIDGET (self)),
           gtk_widget_get_height (GTK_WIDGET (self)), &layout);
  g_object_unref (context);
  *row = (int) floor ((y - layout.top) / layout.cell_height);
  *column = (int) floor ((x - layout.left) / layout.cell_width);
  return *row >= 0 && *column >= 0 && *row < self->data.n_rows && *column < self->data.n_columns;
}

static void
motion_cb (RfHeatTable *self, double x, double y)
{
  int row, column;
  if (find (self, x, y, &row, &column))
    point (self, row, column);
  else
    point (self, -1, -1);
}

static void
leave_cb (RfHeatTable *self)
{
  point (self, -1, -1);
}

static void
pressed_cb (RfHeatTable *self, int n_press, double x, double y)
{
  int row, column;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (find (self, x, y, &row, &column))
    g_signal_emit (self, signals[CHOSEN], 0, row, column);
}

static gboolean
key_cb (RfHeatTable *self, guint key, guint code, GdkModifierType state)
{
  const int right = key == GDK_KEY_Right ? 1 : key == GDK_KEY_Left ? -1 : 0;
  const int down = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;
  if (self->data.n_rows == 0 || self->data.n_columns == 0)
    return GDK_EVENT_PROPAGATE;
  if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && self->row >= 0)
    {
      g_signal_emit (self, signals[CHOSEN], 0, self->row, self->column);
      return GDK_EVENT_STOP;
    }
  if (right == 0 && down == 0)
    return GDK_EVENT_PROPAGATE;
  point (self, CLAMP (self->row + down, 0, self->data.n_rows - 1),
         CLAMP (self->column + right, 0, self->data.n_columns - 1));
  return GDK_EVENT_STOP;
}

/* ---- the widget ---- */

static void
rf_heat_table_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = LEAST;
  *natural = USUAL;
}

static void
rf_heat_table_finalize (GObject *object)
{
  data_clear (&RF_HEAT_TABLE (object)->data);
  G_OBJECT_CLASS (rf_heat_table_parent_class)->finalize (object);
}

static void
rf_heat_table_class_init (RfHeatTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = rf_heat_table_finalize;
  widget_class->snapshot = rf_heat_table_snapshot;
  widget_class->measure = rf_heat_table_measure;
  gtk_widget_class_set_css_name (widget_class, "heattable");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[POINTED] = g_signal_new ("pointed", RF_TYPE_HEAT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  signals[CHOSEN] = g_signal_new ("chosen", RF_TYPE_HEAT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
rf_heat_table_init (RfHeatTable *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->row = self->column = -1;
  gtk_widget_set_focusable (widget, TRUE);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
}

GtkWidget *
rf_heat_table_new (void)
{
  return g_object_new (RF_TYPE_HEAT_TABLE, NULL);
}
