/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pane shows what the feed brings, and asks it for what a person chooses. Numbers come up to 15
 * times a second; words that would change as fast are held back, for they could not be read. */

#include "app/panes/inside/inside-pane-private.h"

#include "app/text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TELL_EVERY  (G_USEC_PER_SEC / 5)
#define ALL_CLASSES 12 /* as many as there is a bar for each of; of more, the likeliest */
#define TOP_CLASSES 8

G_DEFINE_FINAL_TYPE (RfInsidePane, rf_inside_pane, RF_TYPE_PANE)

enum
{
  PROP_PICTURE = 1,
  PROP_LAYER,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

const RfPaneInfo rf_inside_pane = {
  .id = "inside",
  .title = N_ ("Look Inside"),
  .icon_name = "rf-inside-symbolic",
  .page = "lab",
  .place = RF_PLACE_END,
  .width = 340,
  .get_type = rf_inside_pane_get_type,
};

RfRun *
rf_inside_pane_get_run (RfInsidePane *self)
{
  return rf_session_get_run (rf_pane_get_session (RF_PANE (self)));
}

const RfDataset *
rf_inside_pane_get_dataset (RfInsidePane *self)
{
  RfRun *run = rf_inside_pane_get_run (self);
  return run ? rf_run_get_dataset (run) : NULL;
}

/* ---- what is seen ---- */

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static void
tell_step (RfInsidePane *self)
{
  const gint64 now = g_get_monotonic_time ();
  RfRun *run = rf_inside_pane_get_run (self);
  const gboolean live = rf_inside_feed_is_live (self->feed);
  if (live && rf_run_get_state (run) == RF_TRAINER_RUNNING && now - self->told < TELL_EVERY)
    return;
  self->told = now;
  g_autofree char *count = rf_text_count ((double) self->step);
  g_autofree char *text = NULL;
  if (!live)
    text = g_strdup_printf (_ ("checkpoint, step %s"), count);
  else if (self->step > 0)
    text = g_strdup_printf (_ ("step %s"), count);
  else
    text = g_strdup (_ ("untrained"));
  set_text (self->step_label, text);
}

static void
tell_answer (RfInsidePane *self, const RfView *view)
{
  const RfDataset *dataset = rf_inside_pane_get_dataset (self);
  const int truth = rf_inside_pane_get_truth (self);
  guint best = 0;
  for (guint i = 1; i < view->n_classes; i++)
    if (view->logits[i] > view->logits[best])
      best = i;
  const gboolean number = !isnan (view->probabilities[best]), right = number && (int) best == truth;
  g_autofree char *wrong = g_strdup_printf (_ ("Wrong: it is %s"), dataset->classes[truth]);
  set_text (self->answer_label, number ? dataset->classes[best] : _ ("nothing"));
  set_text (self->verdict_label, right ? _ ("Right") : wrong);
}

static void
view_cb (RfInsidePane *self, RfView *view)
{
  if (!rf_inside_pane_get_run (self)
      || view->n_classes != (guint) rf_inside_pane_get_dataset (self)->n_classes)
    return;
  self->step = view->step;
  rf_bars_set_values (self->bars, view->probabilities);
  tell_answer (self, view);
  tell_step (self);
  if (view->n_maps > 0)
    {
      RfFeatureMaps *maps = &view->maps[0];
      const RfMapShape shape = { (guint) maps->shape.channels, 1, (guint) maps->shape.height,
                                 (guint) maps->shape.width };
      g_autoptr (GBytes) values = g_bytes_new_take (g_steal_pointer (&maps->values),
                                                    RF_SHAPE_COUNT (maps->shape) * sizeof (float));
      rf_map_grid_set_values (rf_map_panel_get_grid (self->maps), values, &shape);
    }
}

static void
filters_cb (RfInsidePane *self, RfFilters *filters)
{
  RfMapShape shape = { (guint) filters->n, (guint) filters->channels, (guint) filters->height,
                       (guint) filters->width };
  const gsize size = sizeof (float) * shape.n * shape.channels * shape.height * shape.width;
  g_autoptr (GBytes) values = g_bytes_new_take (g_steal_pointer (&filters->values), size);
  /* No colours have two channels, or five: one after the other then. */
  if (shape.channels != 3)
    {
      shape.n *= shape.channels;
      shape.channels = 1;
    }
  rf_map_grid_set_values (rf_map_panel_get_grid (self->filters), values, &shape);
}

static void
failed_cb (RfInsidePane *self, const char *message)
{
  rf_pane_say (RF_PANE (self), message);
}

/* ---- the layer ---- */

static void
show_layer (RfInsidePane *self)
{
  guint n;
  const RfLayerSummary *layers = rf_run_get_layers (rf_inside_pane_get_run (self), &n);
  const RfShape out = layers[self->layer].out;
  const gboolean flat = out.height * out.width == 1;
  gtk_label_set_label (self->maps_title, flat ? _ ("Outputs") : _ ("Feature maps"));
  g_autofree char *label = g_strdup_printf (
      flat ? _ ("Outputs of layer %s") : _ ("Feature maps of layer %s"), layers[self->layer].name);
  g_object_set (self->maps, "noun", flat ? _ ("Unit") : _ ("Map"), "label", label, NULL);
  rf_map_grid_restart (rf_map_panel_get_grid (self->maps));
  self->choosing = TRUE;
  gtk_drop_down_set_selected (self->layer_drop, rf_inside_layers_find (self->layers, self->layer));
  self->choosing = FALSE;
  rf_inside_feed_set_layers (self->feed, &self->layer, 1);
}

void
rf_inside_pane_set_layer (RfInsidePane *self, guint layer)
{
  g_return_if_fail (RF_IS_INSIDE_PANE (self));
  if (layer == self->layer || !self->layers
      || rf_inside_layers_find (self->layers, layer) == G_MAXUINT)
    return;
  self->layer = layer;
  show_layer (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAYER]);
}

guint
rf_inside_pane_get_layer (RfInsidePane *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_PANE (self), G_MAXUINT);
  return self->layer;
}

static void
chosen_cb (RfInsidePane *self)
{
  const guint position = gtk_drop_down_get_selected (self->layer_drop);
  if (!self->choosing && self->layers && position < self->layers->indices->len)
    rf_inside_pane_set_layer (self, g_array_index (self->layers->indices, guint, position));
}

/* ---- the run ---- */

static void
fill_layers (RfInsidePane *self, RfRun *run)
{
  guint n_layers;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n_layers);
  g_clear_pointer (&self->layers, rf_inside_layers_free);
  self->layers = rf_inside_layers_new (run);
  self->choosing = TRUE;
  gtk_drop_down_set_model (self->layer_drop, G_LIST_MODEL (self->layers->names));
  self->choosing = FALSE;
  const GArray *indices = self->layers->indices;
  const guint before = self->layer;
  if (n_layers != self->n_layers || rf_inside_layers_find (self->layers, self->layer) == G_MAXUINT)
    self->layer
        = indices->len > 0 ? g_array_index (indices, guint, self->layers->first) : G_MAXUINT;
  self->n_layers = n_layers;
  gtk_widget_set_visible (GTK_WIDGET (self->maps), indices->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->layer_drop), indices->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->maps_title), indices->len > 0);
  if (self->layer != G_MAXUINT)
    show_layer (self);
  if (self->layer != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAYER]);

  const int filters = rf_inside_feed_get_filters_layer (self->feed);
  gtk_widget_set_visible (GTK_WIDGET (self->filters), filters >= 0);
  gtk_widget_set_visible (GTK_WIDGET (self->filters_label), filters >= 0);
  gtk_widget_set_visible (GTK_WIDGET (self->no_filters_label), filters < 0);
  rf_map_grid_clear (rf_map_panel_get_grid (self->filters));
  if (filters < 0)
    return;
  /* Translators: number of a layer, "32 filters 3×3". */
  g_autofree char *text
      = g_strdup_printf (_ ("layer %s · %s"), layers[filters].name, layers[filters].describe);
  gtk_label_set_label (self->filters_label, text);
}

static void
fill_pictures (RfInsidePane *self, const RfDataset *dataset)
{
  static const RfSplit splits[] = { RF_SPLIT_TEST, RF_SPLIT_VALIDATION, RF_SPLIT_TRAIN };
  guint i = 0;
  while (i + 1 < G_N_ELEMENTS (splits) && dataset->splits[splits[i]].n == 0)
    i++;
  self->split = splits[i];
  const guint n = (guint) dataset->splits[self->split].n, before = self->picture;
  if (n != self->n_pictures)
    self->picture = 0;
  self->n_pictures = n;
  g_autofree char *count = rf_text_count (n);
  g_autofree char *text = g_strdup_printf (_ ("of %s"), count);
  gtk_label_set_label (self->count_label, text);

  const gboolean all = dataset->n_classes <= ALL_CLASSES;
  g_object_set (self->bars, "top", all ? 0 : TOP_CLASSES, "sorted", !all, NULL);
  rf_bars_set_names (self->bars, (const char *const *) dataset->classes);
  if (n > 0)
    rf_inside_pane_show_picture (self);
  if (self->picture != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PICTURE]);
}

static void
run_cb (RfInsidePane *self)
{
  RfRun *run = rf_inside_pane_get_run (self);
  g_autoptr (GError) error = NULL;
  const gboolean possible = rf_inside_feed_set_run (self->feed, run, &error);
  self->step = -1;
  self->told = 0;
  set_text (self->step_label, "");
  set_text (self->answer_label, "");
  set_text (self->verdict_label, "");
  rf_inside_pane_enable_choice (self, run && possible);
  gtk_stack_set_visible_child_name (self->stack, run && possible ? "inside" : "empty");
  if (!run)
    return;
  if (!possible)
    {
      rf_pane_say (RF_PANE (self), error->message);
      return;
    }
  fill_layers (self, run);
  fill_pictures (self, rf_run_get_dataset (run));
}

void
rf_inside_pane_show_checkpoint (RfInsidePane *self, gint64 step)
{
  g_return_if_fail (RF_IS_INSIDE_PANE (self) && step >= 0);
  if (rf_inside_pane_get_run (self))
    rf_inside_feed_show_checkpoint (self->feed, step);
}

void
rf_inside_pane_show_live (RfInsidePane *self)
{
  g_return_if_fail (RF_IS_INSIDE_PANE (self));
  rf_inside_feed_show_live (self->feed);
}

gint64
rf_inside_pane_get_step (RfInsidePane *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_PANE (self), -1);
  return self->step;
}

/* ---- the object ---- */

static void
rf_inside_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_inside_pane_parent_class)->map (widget);
  rf_inside_pane_watch_surface (RF_INSIDE_PANE (widget));
}

static void
rf_inside_pane_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_inside_pane_parent_class)->unmap (widget);
  rf_inside_pane_unwatch_surface (RF_INSIDE_PANE (widget));
}

static void
rf_inside_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfInsidePane *self = RF_INSIDE_PANE (object);
  if (id == PROP_PICTURE)
    g_value_set_uint (value, self->picture);
  else if (id == PROP_LAYER)
    g_value_set_uint (value, self->layer);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_inside_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfInsidePane *self = RF_INSIDE_PANE (object);
  if (id == PROP_PICTURE)
    rf_inside_pane_set_picture (self, g_value_get_uint (value));
  else if (id == PROP_LAYER)
    rf_inside_pane_set_layer (self, g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
moment_cb (RfInsidePane *self)
{
  const gint64 moment = rf_session_get_moment (rf_pane_get_session (RF_PANE (self)));
  if (moment == RF_MOMENT_LIVE)
    rf_inside_pane_show_live (self);
  else
    rf_inside_pane_show_checkpoint (self, moment);
}

static void
rf_inside_pane_constructed (GObject *object)
{
  RfInsidePane *self = RF_INSIDE_PANE (object);
  G_OBJECT_CLASS (rf_inside_pane_parent_class)->constructed (object);
  g_signal_connect_object (rf_pane_get_session (RF_PANE (self)), "notify::run", G_CALLBACK (run_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rf_pane_get_session (RF_PANE (self)), "notify::moment",
                           G_CALLBACK (moment_cb), self, G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_inside_pane_dispose (GObject *object)
{
  RfInsidePane *self = RF_INSIDE_PANE (object);
  g_clear_handle_id (&self->search_id, g_source_remove);
  rf_inside_pane_unwatch_surface (self);
  if (self->feed)
    {
      /* Answers on their way keep it alive for a while, but reach nobody. */
      g_signal_handlers_disconnect_by_data (self->feed, self);
      rf_inside_feed_set_run (self->feed, NULL, NULL);
    }
  g_clear_object (&self->feed);
  /* The stack is both the bin's child and one of the template. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RF_TYPE_INSIDE_PANE);
  g_clear_pointer (&self->layers, rf_inside_layers_free);
  G_OBJECT_CLASS (rf_inside_pane_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, stack);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, picture_title);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, step_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, answer_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, count_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, index_entry);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, mistake_button);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, mistake_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, search_spinner);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, search_progress);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, bars);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, filters_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, no_filters_label);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, filters);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, maps_title);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, layer_drop);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, maps);
  gtk_widget_class_bind_template_child (widget_class, RfInsidePane, image);
}

static void
rf_inside_pane_class_init (RfInsidePaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->constructed = rf_inside_pane_constructed;
  object_class->dispose = rf_inside_pane_dispose;
  object_class->get_property = rf_inside_pane_get_property;
  object_class->set_property = rf_inside_pane_set_property;
  widget_class->map = rf_inside_pane_map;
  widget_class->unmap = rf_inside_pane_unmap;

  props[PROP_PICTURE] = g_param_spec_uint ("picture", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_LAYER] = g_param_spec_uint ("layer", NULL, NULL, 0, G_MAXUINT, G_MAXUINT, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (RF_TYPE_PICTURE);
  g_type_ensure (RF_TYPE_BARS);
  g_type_ensure (RF_TYPE_MAP_PANEL);
  rf_inside_pane_install_choice (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/inside-pane.ui");
  bind_children (widget_class);
}

static void
rf_inside_pane_init (RfInsidePane *self)
{
  self->layer = G_MAXUINT;
  self->step = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GtkListItemFactory) factory = rf_inside_layers_make_factory ();
  gtk_drop_down_set_factory (self->layer_drop, factory);
  rf_pane_name_drop_down (self->layer_drop, _ ("Layer whose outputs are shown"));
  g_signal_connect_swapped (self->layer_drop, "notify::selected", G_CALLBACK (chosen_cb), self);

  self->feed = rf_inside_feed_new ();
  g_signal_connect_swapped (self->feed, "view", G_CALLBACK (view_cb), self);
  g_signal_connect_swapped (self->feed, "filters", G_CALLBACK (filters_cb), self);
  g_signal_connect_swapped (self->feed, "failed", G_CALLBACK (failed_cb), self);
  rf_inside_pane_init_choice (self);
}
