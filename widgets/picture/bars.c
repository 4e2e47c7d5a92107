/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture/bars.h"

#include "widgets/picture/frame.h"
#include "widgets/rhythm.h"
#include "widgets/telling.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define GLIDE_SHARE 0.6 /* of the way that is left */
#define ARRIVED     0.002
#define TICK        16.0 /* column of the tick */
#define SPACING     8.0

struct _RfBars
{
  GtkWidget parent_instance;

  guint n;
  char **names;
  PangoLayout **layouts; /* [n], made when first painted; bold for the right one */
  PangoLayout *number;   /* one for all percentages */
  float *values;         /* [n]; NULL: no answer */
  float *lengths;        /* [n], on their way to the values */
  guint *shown;          /* [n_shown] */
  guint n_shown;
  int truth;
  guint top;
  gboolean sorted;
  double name_width, number_width, row_height; /* of the theme's font; 0: to be measured */
  guint glide_id;
  RfTelling telling;
};

G_DEFINE_FINAL_TYPE (RfBars, rf_bars, GTK_TYPE_WIDGET)

enum
{
  PROP_TOP = 1,
  PROP_SORTED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

/* ---- which ---- */

static int
compare_values (gconstpointer a, gconstpointer b, gpointer data)
{
  const float *values = data;
  const guint left = *(const guint *) a, right = *(const guint *) b;
  /* Not a number sorts last; equals keep their order. */
  const float l = isnan (values[left]) ? -1 : values[left];
  const float r = isnan (values[right]) ? -1 : values[right];
  return l != r ? (l < r ? 1 : -1) : (left > right) - (left < right);
}

static int
compare_order (gconstpointer a, gconstpointer b)
{
  const guint left = *(const guint *) a, right = *(const guint *) b;
  return (left > right) - (left < right);
}

/* The likeliest, and the right one in place of the last of them if need be. */
static void
choose (RfBars *self)
{
  const guint n = self->top == 0 ? self->n : MIN (self->top, self->n);
  if (n != self->n_shown)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->n_shown = n;
  for (guint i = 0; i < self->n; i++)
    self->shown[i] = i;
  if (self->values && (self->sorted || n < self->n))
    g_qsort_with_data (self->shown, (int) self->n, sizeof (guint), compare_values, self->values);
  if (self->truth >= 0 && n > 0)
    {
      gboolean found = FALSE;
      for (guint i = 0; i < n && !found; i++)
        found = self->shown[i] == (guint) self->truth;
      if (!found)
        self->shown[n - 1] = (guint) self->truth;
    }
  if (!self->sorted && n > 0)
    qsort (self->shown, n, sizeof (guint), compare_order);
}

/* ---- words ---- */

static char *
format_share (float value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  const double percent = 100 * (double) value;
  /* 100 % is for what is certain but for rounding. */
  if (percent > 99.9 && percent < 99.995)
    return g_strdup_printf (_ ("%.1f %%"), 99.9);
  return g_strdup_printf (_ ("%.1f %%"), percent);
}

static char *
describe (gpointer data)
{
  RfBars *self = data;
  if (!self->values || self->n == 0)
    return g_strdup (_ ("no answer yet"));
  g_autofree guint *order = g_new (guint, self->n);
  for (guint i = 0; i < self->n; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) self->n, sizeof (guint), compare_values, self->values);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (self->n, 3); i++)
    {
      g_autofree char *share = format_share (self->values[order[i]]);
      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", self->names[order[i]], share);
    }
  if (self->truth >= 0)
    /* Translators: the name of a class. */
    g_string_append_printf (text, _ ("; right: %s"), self->names[self->truth]);
  return g_string_free (text, FALSE);
}

/* ---- gliding ---- */

/* TRUE if there is some way left. */
static gboolean
glide (RfBars *self, double share)
{
  gboolean under_way = FALSE;
  for (guint i = 0; i < self->n; i++)
    {
      const float goal = isfinite (self->values[i]) ? CLAMP (self->values[i], 0, 1) : 0;
      self->lengths[i] += (float) share * (goal - self->lengths[i]);
      if (fabsf (goal - self->lengths[i]) < ARRIVED)
        self->lengths[i] = goal;
      else
        under_way = TRUE;
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return under_way;
}

static void
glide_cb (gpointer data)
{
  RfBars *self = data;
  self->glide_id = glide (self, GLIDE_SHARE) ? rf_rhythm_next (glide_cb, self) : 0;
}

static void
begin_gliding (RfBars *self, gboolean at_once)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean moves
      = !at_once && gtk_widget_get_mapped (widget) && adw_get_enable_animations (widget);
  if (self->glide_id > 0 && moves)
    return; /* the next turn takes the new values up */
  g_clear_handle_id (&self->glide_id, rf_rhythm_forget);
  if (glide (self, moves ? GLIDE_SHARE : 1))
    self->glide_id = rf_rhythm_next (glide_cb, self);
}

/* ---- painting ---- */

static void
forget_layouts (RfBars *self)
{
  for (guint i = 0; i < self->n; i++)
    g_clear_object (&self->layouts[i]);
  g_clear_object (&self->number);
  self->row_height = 0;
}

static PangoLayout *
get_layout (RfBars *self, guint name)
{
  if (self->layouts[name])
    return self->layouts[name];
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->names[name]);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if ((int) name == self->truth)
    {
      PangoAttrList *attributes = pango_attr_list_new ();
      pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }
  self->layouts[name] = layout;
  return layout;
}

/* Room for the longest name, bold as it may be. */
static void
measure_rows (RfBars *self)
{
  int width, height;
  if (self->row_height > 0)
    return;
  self->number = gtk_widget_create_pango_layout (GTK_WIDGET (self), "100.0 %");
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (self->number, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (self->number, &width, &height);
  self->number_width = width;
  self->row_height = height + 6;
  self->name_width = 0;
  for (guint i = 0; i < self->n; i++)
    {
      PangoLayout *layout = get_layout (self, i);
      pango_layout_set_width (layout, -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      self->name_width = MAX (self->name_width, 1.06 * width);
    }
  self->name_width = ceil (self->name_width);
}

static void
paint_layout (GtkSnapshot *snapshot, PangoLayout *layout, double x, double y, const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
paint_bar (GtkSnapshot *snapshot, double x, double y, double width, double height,
           const GdkRGBA *color)
{
  GskRoundedRect shape;
  const graphene_rect_t area
      = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height);
  gsk_rounded_rect_init_from_rect (&shape, &area, (float) MIN (2, width / 2));
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, &area);
  gtk_snapshot_pop (snapshot);
}

static void
paint_tick (GtkSnapshot *snapshot, double x, double y, const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT ((float) x, (float) y - 7, (float) TICK, 14));
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, x + 1.5, y + 0.5);
  cairo_line_to (cr, x + 4.5, y + 3.5);
  cairo_line_to (cr, x + 10.5, y - 3.5);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
rf_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfBars *self = RF_BARS (widget);
  const double width = gtk_widget_get_width (widget);
  if (self->n == 0 || width < 40)
    return;
  measure_rows (self);

  const double row = self->row_height, names = floor (MIN (self->name_width, 0.42 * width));
  const double left = TICK + names + SPACING;
  const double length = MAX (width - left - SPACING - self->number_width, 1);
  GdkRGBA text, accent, trough;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  rf_frame_lookup_color (widget, "accent_color", &accent);
  trough = text;
  trough.alpha *= 0.1f;
  GdkRGBA other = text;
  other.alpha *= 0.5f;

  for (guint i = 0; i < self->n_shown; i++)
    {
      const guint name = self->shown[i];
      const gboolean right = (int) name == self->truth;
      const double top = i * row, bar = round (top + row / 2) - 4;
      int height;
      PangoLayout *layout = get_layout (self, name);
      pango_layout_set_width (layout, (int) names * PANGO_SCALE);
      paint_layout (snapshot, layout, TICK, top + 3, &text);
      if (right)
        paint_tick (snapshot, 0, top + row / 2, &text);
      paint_bar (snapshot, left, bar, length, 8, &trough);
      if (!self->values)
        continue;
      if (self->lengths[name] > 0)
        paint_bar (snapshot, left, bar, MAX (1, self->lengths[name] * length), 8,
                   right ? &accent : &other);
      g_autofree char *share = format_share (self->values[name]);
      int number;
      pango_layout_set_text (self->number, share, -1);
      pango_layout_get_pixel_size (self->number, &number, &height);
      paint_layout (snapshot, self->number, width - number, top + 3, &text);
    }
}

static void
rf_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                 int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfBars *self = RF_BARS (widget);
  measure_rows (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 180;
      *natural = 280;
    }
  else
    *minimum = *natural = (int) ceil (self->n_shown * self->row_height);
}

static void
rf_bars_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (rf_bars_parent_class)->css_changed (widget, change);
  forget_layouts (RF_BARS (widget));
  gtk_widget_queue_resize (widget);
}

/* The whole name where it was cut off. */
static gboolean
tooltip_cb (RfBars *self, int x, int y, gboolean by_key, GtkTooltip *tooltip)
{
  const double row = self->row_height > 0 ? y / self->row_height : -1;
  if (by_key || row < 0 || row >= self->n_shown || !self->values)
    return FALSE;
  const guint name = self->shown[(guint) row];
  g_autofree char *share = format_share (self->values[name]);
  g_autofree char *text
      = (int) name == self->truth
            /* Translators: the name of a class and its probability. */
            ? g_strdup_printf (_ ("%s: %s. The picture is of this class"), self->names[name], share)
            : g_strdup_printf (_ ("%s: %s"), self->names[name], share);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* ---- the widget ---- */

static void
rf_bars_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TOP)
    g_value_set_uint (value, RF_BARS (object)->top);
  else if (id == PROP_SORTED)
    g_value_set_boolean (value, RF_BARS (object)->sorted);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_bars_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfBars *self = RF_BARS (object);
  const guint top = id == PROP_TOP ? g_value_get_uint (value) : self->top;
  const gboolean sorted = id == PROP_SORTED ? g_value_get_boolean (value) : self->sorted;
  if (id != PROP_TOP && id != PROP_SORTED)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  if (top == self->top && sorted == self->sorted)
    return;
  self->top = top;
  self->sorted = sorted;
  choose (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (object, pspec);
}

static void
rf_bars_dispose (GObject *object)
{
  RfBars *self = RF_BARS (object);
  rf_telling_stop (&self->telling);
  g_clear_handle_id (&self->glide_id, rf_rhythm_forget);
  G_OBJECT_CLASS (rf_bars_parent_class)->dispose (object);
}

static void
free_names (RfBars *self)
{
  forget_layouts (self);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->layouts, g_free);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->lengths, g_free);
  g_clear_pointer (&self->shown, g_free);
  self->n = self->n_shown = 0;
}

static void
rf_bars_finalize (GObject *object)
{
  free_names (RF_BARS (object));
  G_OBJECT_CLASS (rf_bars_parent_class)->finalize (object);
}

static void
rf_bars_class_init (RfBarsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_bars_get_property;
  object_class->set_property = rf_bars_set_property;
  object_class->dispose = rf_bars_dispose;
  object_class->finalize = rf_bars_finalize;
  widget_class->snapshot = rf_bars_snapshot;
  widget_class->measure = rf_bars_measure;
  widget_class->css_changed = rf_bars_css_changed;
  props[PROP_TOP] = g_param_spec_uint ("top", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_SORTED] = g_param_spec_boolean ("sorted", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "rfbars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_bars_init (RfBars *self)
{
  self->truth = -1;
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (tooltip_cb), NULL);
  rf_telling_begin (&self->telling, GTK_WIDGET (self), describe);
}

GtkWidget *
rf_bars_new (void)
{
  return g_object_new (RF_TYPE_BARS, NULL);
}

void
rf_bars_set_names (RfBars *self, const char *const *names)
{
  g_return_if_fail (RF_IS_BARS (self) && names);

  free_names (self);
  g_clear_handle_id (&self->glide_id, rf_rhythm_forget);
  self->names = g_strdupv ((char **) names);
  self->n = g_strv_length (self->names);
  self->layouts = g_new0 (PangoLayout *, self->n + 1);
  self->lengths = g_new0 (float, self->n + 1);
  self->shown = g_new0 (guint, self->n + 1);
  self->truth = -1;
  choose (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

void
rf_bars_set_truth (RfBars *self, int truth)
{
  g_return_if_fail (RF_IS_BARS (self) && truth < (int) self->n);
  if (truth == self->truth)
    return;
  if (self->truth >= 0)
    g_clear_object (&self->layouts[self->truth]);
  if (truth >= 0)
    g_clear_object (&self->layouts[truth]);
  self->truth = truth;
  choose (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

void
rf_bars_set_values (RfBars *self, const float *values)
{
  g_return_if_fail (RF_IS_BARS (self));
  if (!values)
    {
      g_clear_pointer (&self->values, g_free);
      g_clear_handle_id (&self->glide_id, rf_rhythm_forget);
      memset (self->lengths, 0, self->n * sizeof (float));
      choose (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }
  const gboolean first = self->values == NULL;
  if (first)
    self->values = g_new (float, self->n + 1);
  memcpy (self->values, values, self->n * sizeof (float));
  choose (self);
  begin_gliding (self, first);
  rf_telling_touch (&self->telling);
}

const guint *
rf_bars_get_shown (RfBars *self, guint *n)
{
  g_return_val_if_fail (RF_IS_BARS (self) && n, NULL);
  *n = self->n_shown;
  return self->shown;
}

double
rf_bars_get_length (RfBars *self, guint name)
{
  g_return_val_if_fail (RF_IS_BARS (self) && name < self->n, 0);
  return self->lengths[name];
}
