/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/layers/presets.h"

#include "model/layers/layer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  RfRun *run;
  GPtrArray *changes;
} Wish;

static void
wish (Wish *self, const RfOptionPlace *place, double value)
{
  const RfChange change = { 0, (char *) place->path, value };
  g_ptr_array_add (self->changes, rf_change_copy (&change));
}

static gboolean
is_layer_option (const RfOptionPlace *place)
{
  return g_str_has_prefix (place->path, "network.") && (place->option->flags & RF_OPTION_LIVE);
}

/* Penalties, dropout, and the optimizer's weight decay, which is one by another name. */
static void
wish_nothing (const RfOptionPlace *place, gpointer data)
{
  static const char *const names[] = { "l1", "l2", "rate", NULL };
  if ((is_layer_option (place) && g_strv_contains (names, place->option->name))
      || g_str_equal (place->path, "training.optimizer.weight_decay"))
    wish (data, place, 0);
}

static void
wish_l2 (const RfOptionPlace *place, gpointer data)
{
  if (is_layer_option (place) && g_str_equal (place->option->name, "l2"))
    wish (data, place, 1e-4);
}

/* TRUE if the next layer with weights after the one at @path is linear. */
static gboolean
feeds_linear (RfRun *run, const char *path)
{
  guint n;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n);
  guint i = 0;
  while (i < n && !g_str_equal (layers[i].path, path))
    i++;
  for (i++; i < n; i++)
    if (layers[i].n_parameters > 0)
      return g_str_equal (layers[i].klass->spec.type, "linear");
  return FALSE;
}

static void
wish_dropout (const RfOptionPlace *place, gpointer data)
{
  Wish *self = data;
  if (!is_layer_option (place) || !g_str_equal (place->option->name, "rate"))
    return;
  g_autofree char *layer
      = g_strndup (place->path, (gsize) (strrchr (place->path, '.') - place->path));
  if (feeds_linear (self->run, layer))
    wish (self, place, 0.5);
}

static const struct
{
  const char *id, *title, *reason;
  RfOptionFunc func;
} presets[] = {
  { "none", N_ ("_No Regularisation"), N_ ("Nothing in this experiment is regularised."),
    wish_nothing },
  { "l2", N_ ("_L2 0.0001 on All Layers"), N_ ("This network has no layer with weights."),
    wish_l2 },
  { "dropout", N_ ("_Dropout 0.5 on Linear Layers"),
    N_ ("This network has no dropout layer before a linear one."), wish_dropout },
};

GMenuModel *
rf_presets_menu (void)
{
  GMenu *menu = g_menu_new ();
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (presets[i].title), NULL);
      g_menu_item_set_action_and_target (item, "layers.preset", "s", presets[i].id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

GPtrArray *
rf_preset_changes (const char *id, RfRun *run, const char **reason)
{
  g_return_val_if_fail (id && RF_IS_RUN (run) && reason, NULL);

  guint i = 0;
  while (i < G_N_ELEMENTS (presets) && !g_str_equal (presets[i].id, id))
    i++;
  g_return_val_if_fail (i < G_N_ELEMENTS (presets), NULL);

  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free);
  Wish self = { run, changes };
  rf_experiment_foreach_option (rf_run_get_experiment (run), presets[i].func, &self);
  if (changes->len > 0)
    return g_steal_pointer (&changes);
  *reason = _ (presets[i].reason);
  return NULL;
}
