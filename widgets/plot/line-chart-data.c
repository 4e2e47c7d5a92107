/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers of a chart: series, groups with their units, and flags. Numbers of what was removed
 * are not given again until the chart is cleared. */

#include "widgets/plot/line-chart-private.h"

#include <glib/gi18n-lib.h>

static void
clear_points (RfLineChartSeries *series)
{
  g_clear_pointer (&series->x, g_array_unref);
  g_clear_pointer (&series->y, g_array_unref);
  g_clear_pointer (&series->low, g_array_unref);
  g_clear_pointer (&series->high, g_array_unref);
  g_clear_pointer (&series->pyramid, rf_chart_pyramid_free);
  g_clear_pointer (&series->low_pyramid, rf_chart_pyramid_free);
  g_clear_pointer (&series->high_pyramid, rf_chart_pyramid_free);
  series->smoother = (RfSmoother){ 0 };
  series->best = 0;
}

static void
make_points (RfLineChartSeries *series)
{
  series->x = g_array_new (FALSE, FALSE, sizeof (double));
  series->y = g_array_new (FALSE, FALSE, sizeof (double));
  series->pyramid = rf_chart_pyramid_new ();
}

static void
free_series (gpointer data)
{
  RfLineChartSeries *series = data;
  if (!series)
    return;
  clear_points (series);
  g_free (series->label);
  g_free (series->best_text);
  g_free (series);
}

static void
free_group (gpointer data)
{
  RfLineChartGroup *group = data;
  for (guint unit = 0; group && unit < RF_LINE_CHART_MAX_UNITS; unit++)
    rf_chart_map_unref (group->maps[unit]);
  g_free (group);
}

static void
clear_flag (gpointer data)
{
  g_free (((RfLineChartFlag *) data)->text);
}

void
rf_line_chart_init_data (RfLineChart *self)
{
  self->series = g_ptr_array_new_with_free_func (free_series);
  self->groups = g_ptr_array_new_with_free_func (free_group);
  g_ptr_array_add (self->groups, g_new0 (RfLineChartGroup, 1));
  self->flags = g_array_new (FALSE, FALSE, sizeof (RfLineChartFlag));
  g_array_set_clear_func (self->flags, clear_flag);
  self->shown = g_array_new (FALSE, FALSE, sizeof (RfChartFlag));
  self->units[0].kind = RF_CHART_COUNT;
  self->n_units = 1;
}

void
rf_line_chart_finalize_data (RfLineChart *self)
{
  g_ptr_array_unref (self->series);
  g_ptr_array_unref (self->groups);
  g_array_unref (self->shown);
  g_array_unref (self->flags);
  for (guint unit = 0; unit < self->n_units; unit++)
    g_free (self->units[unit].label);
}

/* ---- looks ---- */

void
rf_line_chart_look_earlier (RfLineChartLook *look, guint index)
{
  static const double dashes[][4] = { { 9, 2 }, { 5, 2, 1, 2 }, { 3, 2 }, { 9, 2, 3, 2 } };
  g_return_if_fail (look);
  look->width = 0.6;
  look->opacity = 0.8;
  look->markers = FALSE;
  /* One run is told by its thin line alone. */
  if (index > 0 && !look->dash)
    {
      look->dash = dashes[(index - 1) % G_N_ELEMENTS (dashes)];
      look->n_dashes = look->dash[2] > 0 ? 4 : 2;
    }
}

void
rf_line_chart_look_pair (RfLineChartLook *look)
{
  g_return_if_fail (look);
  /* Blue, vermilion and green have purple, ochre and sky blue beside them. */
  look->color += 3;
  if (!look->dash && !look->faint)
    {
      look->dash = rf_chart_dash_pair;
      look->n_dashes = G_N_ELEMENTS (rf_chart_dash_pair);
    }
}

/* ---- units and groups ---- */

guint
rf_line_chart_add_unit (RfLineChart *self, const char *label, RfChartXKind kind)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self) && self->n_units < RF_LINE_CHART_MAX_UNITS, 0);

  self->units[self->n_units].label = g_strdup (label);
  self->units[self->n_units].kind = kind;
  return self->n_units++;
}

static RfLineChartGroup *
get_group (RfLineChart *self, guint group)
{
  return group < self->groups->len ? g_ptr_array_index (self->groups, group) : NULL;
}

const RfChartMap *
rf_line_chart_get_map (RfLineChart *self, guint group, guint unit)
{
  const RfLineChartGroup *own = get_group (self, group), *first = get_group (self, 0);
  return own && own->maps[unit] ? own->maps[unit] : first->maps[unit];
}

void
rf_line_chart_set_map (RfLineChart *self, guint group, guint unit, RfChartMap *map)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && unit > 0 && unit < self->n_units);
  RfLineChartGroup *found = get_group (self, group);
  g_return_if_fail (found);

  if (map)
    rf_chart_map_ref (map);
  rf_chart_map_unref (found->maps[unit]);
  found->maps[unit] = map;
  rf_line_chart_queue_change (self);
}

guint
rf_line_chart_add_group (RfLineChart *self)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), 0);

  g_ptr_array_add (self->groups, g_new0 (RfLineChartGroup, 1));
  return self->groups->len - 1;
}

static void
remove_series (RfLineChart *self, guint index)
{
  free_series (g_ptr_array_index (self->series, index));
  g_ptr_array_index (self->series, index) = NULL;
}

void
rf_line_chart_remove_group (RfLineChart *self, guint group)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && group > 0);
  g_return_if_fail (get_group (self, group));

  for (guint i = 0; i < self->series->len; i++)
    {
      const RfLineChartSeries *series = g_ptr_array_index (self->series, i);
      if (series && series->look.group == group)
        remove_series (self, i);
    }
  g_array_set_size (self->shown, 0); /* these have the texts of those */
  for (guint i = self->flags->len; i-- > 0;)
    if (g_array_index (self->flags, RfLineChartFlag, i).group == group)
      g_array_remove_index (self->flags, i);
  free_group (get_group (self, group));
  g_ptr_array_index (self->groups, group) = NULL;
  rf_line_chart_queue_change (self);
}

/* ---- series ---- */

RfLineChartSeries *
rf_line_chart_get_series (RfLineChart *self, guint index)
{
  return index < self->series->len ? g_ptr_array_index (self->series, index) : NULL;
}

guint
rf_line_chart_add_series (RfLineChart *self, const RfLineChartLook *look)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self) && look, 0);
  g_return_val_if_fail (get_group (self, look->group), 0);

  RfLineChartSeries *series = g_new0 (RfLineChartSeries, 1);
  series->look = *look;
  series->label = g_strdup (look->label);
  make_points (series);
  g_ptr_array_add (self->series, series);
  rf_line_chart_queue_change (self);
  return self->series->len - 1;
}

void
rf_line_chart_remove_series (RfLineChart *self, guint index)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && rf_line_chart_get_series (self, index));

  remove_series (self, index);
  rf_line_chart_queue_change (self);
}

void
rf_line_chart_clear_series (RfLineChart *self, guint index)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));
  RfLineChartSeries *series = rf_line_chart_get_series (self, index);
  g_return_if_fail (series);

  clear_points (series);
  make_points (series);
  rf_line_chart_queue_change (self);
}

guint
rf_line_chart_get_n_series (RfLineChart *self)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), 0);

  guint n = 0;
  for (guint i = 0; i < self->series->len; i++)
    n += g_ptr_array_index (self->series, i) != NULL;
  return n;
}

static void
append_point (RfLineChartSeries *series, double x, double y)
{
  if (series->look.smooth)
    y = rf_smoother_next (&series->smoother, y);
  g_array_append_val (series->x, x);
  g_array_append_val (series->y, y);
  rf_chart_pyramid_append (series->pyramid, y);
  if (series->look.best == RF_LINE_CHART_BEST_NONE || !RF_CHART_IS_NUMBER (y))
    return;
  const double best = series->best > 0 ? g_array_index (series->y, double, series->best - 1) : NAN;
  if (series->best == 0 || (series->look.best == RF_LINE_CHART_BEST_LEAST ? y < best : y > best))
    series->best = series->y->len;
}

void
rf_line_chart_append (RfLineChart *self, guint index, double x, double y)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));
  RfLineChartSeries *series = rf_line_chart_get_series (self, index);
  g_return_if_fail (series && !series->low);

  append_point (series, x, y);
  rf_line_chart_queue_change (self);
}

void
rf_line_chart_append_band (RfLineChart *self, guint index, double x, double y, double low,
                           double high)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));
  RfLineChartSeries *series = rf_line_chart_get_series (self, index);
  g_return_if_fail (series && (series->low || series->y->len == 0));

  if (!series->low)
    {
      series->low = g_array_new (FALSE, FALSE, sizeof (double));
      series->high = g_array_new (FALSE, FALSE, sizeof (double));
      series->low_pyramid = rf_chart_pyramid_new ();
      series->high_pyramid = rf_chart_pyramid_new ();
    }
  g_array_append_val (series->low, low);
  g_array_append_val (series->high, high);
  rf_chart_pyramid_append (series->low_pyramid, low);
  rf_chart_pyramid_append (series->high_pyramid, high);
  append_point (series, x, y);
  rf_line_chart_queue_change (self);
}

const double *
rf_line_chart_get_values (RfLineChart *self, guint index, gsize *n)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), NULL);
  const RfLineChartSeries *series = rf_line_chart_get_series (self, index);
  g_return_val_if_fail (series, NULL);

  *n = series->y->len;
  return (const double *) series->y->data;
}

/* ---- flags ---- */

void
rf_line_chart_add_group_flag (RfLineChart *self, guint group, double x, const char *text)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && get_group (self, group));

  RfLineChartFlag flag = { x, g_strdup (text), group };
  g_array_append_val (self->flags, flag);
  rf_line_chart_queue_change (self);
}

void
rf_line_chart_add_flag (RfLineChart *self, double x, const char *text)
{
  rf_line_chart_add_group_flag (self, 0, x, text);
}

guint
rf_line_chart_get_n_flags (RfLineChart *self)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), 0);
  return self->flags->len;
}

void
rf_line_chart_clear (RfLineChart *self)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));

  g_ptr_array_set_size (self->series, 0);
  g_ptr_array_set_size (self->groups, 0);
  g_ptr_array_add (self->groups, g_new0 (RfLineChartGroup, 1));
  g_array_set_size (self->shown, 0);
  g_array_set_size (self->flags, 0);
  rf_line_chart_set_crosshair (self, NAN);
  rf_line_chart_reset_view (self);
  rf_line_chart_queue_change (self);
}

/* ---- as the painter has it ---- */

static int
compare_flags (gconstpointer a, gconstpointer b)
{
  const RfChartFlag *left = a, *right = b;
  return (left->x > right->x) - (left->x < right->x);
}

/* Flags where the axis has them; those of several runs between each other. */
static void
show_flags (RfLineChart *self)
{
  gboolean sorted = TRUE;
  double before = -INFINITY;
  g_array_set_size (self->shown, 0);
  for (guint i = 0; i < self->flags->len; i++)
    {
      const RfLineChartFlag *flag = &g_array_index (self->flags, RfLineChartFlag, i);
      const RfChartFlag shown = {
        rf_chart_map_apply (rf_line_chart_get_map (self, flag->group, self->unit), flag->x),
        flag->text,
      };
      sorted = sorted && shown.x >= before;
      before = shown.x;
      g_array_append_val (self->shown, shown);
    }
  if (!sorted)
    g_array_sort (self->shown, compare_flags);
}

static const char *
say_best (RfLineChart *self, RfLineChartSeries *series)
{
  if (series->best == 0)
    return NULL;
  const guint unit = MIN (series->look.best_unit, self->n_units - 1);
  const double at = g_array_index (series->x, double, series->best - 1);
  g_autofree char *value = rf_chart_format_value (
      g_array_index (series->y, double, series->best - 1), self->unit_range);
  const double shown
      = rf_chart_map_apply (rf_line_chart_get_map (self, series->look.group, unit), at);
  /* The end of an epoch is a whole number, but for rounding. */
  const gboolean whole = fabs (shown - round (shown)) < 1e-6;
  g_autofree char *place = rf_chart_format_x (
      shown,
      whole && self->units[unit].kind == RF_CHART_NUMBER ? RF_CHART_COUNT : self->units[unit].kind);
  const char *name = unit == 0 ? self->x_label : self->units[unit].label;
  g_free (series->best_text);
  /* Translators: the best value of a line, then where: "best 81.0 % · epoch 6". */
  series->best_text = g_strdup_printf (_ ("best %s · %s %s"), value, name ? name : "", place);
  return series->best_text;
}

void
rf_line_chart_describe (RfLineChart *self, RfChart *chart, RfChartSeries *out)
{
  guint n = 0;
  for (guint i = 0; i < self->series->len; i++)
    {
      RfLineChartSeries *s = g_ptr_array_index (self->series, i);
      if (!s)
        continue;
      out[n++] = (RfChartSeries){
        .label = s->label,
        .x = (const double *) s->x->data,
        .y = (const double *) s->y->data,
        .low = s->low ? (const double *) s->low->data : NULL,
        .high = s->high ? (const double *) s->high->data : NULL,
        .n = s->x->len,
        .map = rf_line_chart_get_map (self, s->look.group, self->unit),
        .pyramid = s->pyramid,
        .low_pyramid = s->low_pyramid,
        .high_pyramid = s->high_pyramid,
        .color = s->look.color,
        .faint = s->look.faint,
        .markers = s->look.markers,
        .width = s->look.width,
        .opacity = s->look.opacity,
        .dash = s->look.dash,
        .n_dashes = s->look.n_dashes,
        .best = s->best,
        .best_text = say_best (self, s),
      };
    }
  show_flags (self);
  *chart = (RfChart){
    .title = self->title,
    .x_label = self->unit == 0 ? self->x_label : self->units[self->unit].label,
    .y_label = self->subtitle,
    .series = out,
    .n_series = n,
    .flags = (const RfChartFlag *) self->shown->data,
    .n_flags = self->shown->len,
    .x_kind = self->units[self->unit].kind,
    .log_x = self->log_x,
    .log_y = self->log_scale,
    .unit_range = self->unit_range,
    .cursor = isfinite (self->cursor),
    .cursor_x = rf_chart_map_apply (rf_line_chart_get_map (self, 0, self->unit), self->cursor),
    .widest_tick = "100 %",
    .empty = self->empty,
  };
  if (self->view.low < self->view.high)
    {
      chart->x_min = self->view.low;
      chart->x_max = self->view.high;
    }
  if (self->y_low < self->y_high)
    {
      chart->y_min = self->y_low;
      chart->y_max = self->y_high;
    }
}

gboolean
rf_line_chart_get_x_range (RfLineChart *self, double *low, double *high)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), FALSE);

  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  rf_line_chart_describe (self, &chart, series);
  return rf_chart_find_x_range (&chart, low, high);
}
