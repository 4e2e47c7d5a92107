/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/layers/plan-edit.h"

#include "app/turn.h"
#include "model/base/error.h"
#include "model/optimizers/optimizer.h"

#include <glib/gi18n-lib.h>

/* The plan with one edit more, unless that leads back to what the run does. Takes over @edited. */
static void
put (RfSession *session, RfExperiment *edited, const char *label)
{
  g_autoptr (RfExperiment) plan = edited;
  RfRun *run = rf_session_get_run (session);
  g_autofree char *present = rf_experiment_to_text (rf_run_get_experiment (run), TRUE);
  g_autofree char *wanted = rf_experiment_to_text (plan, TRUE);
  rf_session_set_plan (session, g_str_equal (present, wanted) ? NULL : plan, label);
}

static RfExperiment *
begin (RfSession *session)
{
  return rf_experiment_copy (rf_session_get_plan (session));
}

static RfSpec *
make_spec (const RfSpecClass *klass)
{
  RfSpec *spec = rf_spec_new (klass);
  if (klass->complete)
    klass->complete (spec->config);
  return spec;
}

void
rf_plan_seed (RfSession *session, guint64 seed)
{
  RfExperiment *plan = begin (session);
  plan->training.seed = seed;
  put (session, plan, _ ("Seed"));
}

gboolean
rf_plan_patience (RfSession *session, int patience)
{
  RfExperiment *plan = begin (session);
  const gboolean split = patience > 0 && plan->dataset.validation_fraction == 0;
  plan->training.patience = patience;
  if (split)
    plan->dataset.validation_fraction = 0.1;
  put (session, plan, _ ("Early stopping"));
  return split;
}

/* The learning rate has no default; one that a person might begin with. */
static double
common_rate (const RfSpecClass *klass)
{
  if (g_str_equal (klass->type, "sgd"))
    return 0.05;
  return g_str_equal (klass->type, "adagrad") ? 0.01 : 0.001;
}

void
rf_plan_optimizer (RfSession *session, const RfSpecClass *klass)
{
  RfExperiment *plan = begin (session);
  const RfSpec *before = plan->training.optimizer;
  RfSpec *after = make_spec (klass);
  rf_spec_set (after, rf_spec_find_option (after, "learning_rate"), common_rate (klass),
               "learning_rate", NULL);
  rf_spec_set (after, rf_spec_find_option (after, "weight_decay"),
               rf_spec_get (before, rf_spec_find_option (before, "weight_decay")), "weight_decay",
               NULL);
  rf_spec_free (plan->training.optimizer);
  plan->training.optimizer = after;
  /* Back to the run's own: with its own rate. */
  const RfExperiment *present = rf_run_get_experiment (rf_session_get_run (session));
  if (present->training.optimizer->klass == klass)
    {
      rf_spec_free (plan->training.optimizer);
      plan->training.optimizer = rf_spec_copy (present->training.optimizer);
    }
  put (session, plan, _ ("Optimizer"));
}

void
rf_plan_schedule (RfSession *session, const RfSpecClass *klass)
{
  RfExperiment *plan = begin (session);
  const RfExperiment *present = rf_run_get_experiment (rf_session_get_run (session));
  const gboolean back = present->training.schedule->klass == klass;
  rf_spec_free (plan->training.schedule);
  plan->training.schedule = back ? rf_spec_copy (present->training.schedule) : make_spec (klass);
  put (session, plan, _ ("Schedule"));
}

static gint
find (const GPtrArray *specs, const RfSpecClass *klass)
{
  for (guint i = 0; i < specs->len; i++)
    if (((RfSpec *) g_ptr_array_index (specs, i))->klass == klass)
      return (gint) i;
  return -1;
}

void
rf_plan_augment (RfSession *session, const RfSpecClass *klass, gboolean wanted)
{
  RfExperiment *plan = begin (session);
  GPtrArray *augment = plan->training.augment;
  const gint at = find (augment, klass);
  if (wanted && at < 0)
    g_ptr_array_add (augment, make_spec (klass));
  else if (!wanted && at >= 0)
    g_ptr_array_remove_index (augment, (guint) at);
  put (session, plan, _ (klass->title));
}

/* ---- options of a spec ---- */

typedef struct
{
  const char *path;
  const RfSpec *spec;
  const RfOption *option;
} Search;

static void
match (const RfOptionPlace *place, gpointer data)
{
  Search *search = data;
  if (!g_str_equal (place->path, search->path))
    return;
  search->spec = place->spec;
  search->option = place->option;
}

gboolean
rf_plan_option (RfSession *session, const char *path, double value, GError **error)
{
  RfExperiment *plan = begin (session);
  Search search = { path };
  rf_experiment_foreach_option (plan, match, &search);
  if (!search.option)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: the experiment has no such option"),
                   path);
      rf_experiment_unref (plan);
      return FALSE;
    }
  if (!rf_spec_set ((RfSpec *) search.spec, search.option, value, path, error))
    {
      rf_experiment_unref (plan);
      return FALSE;
    }
  put (session, plan, _ (search.option->title));
  return TRUE;
}

gboolean
rf_plan_is_new (RfSession *session, const char *path)
{
  Search planned = { path }, present = { path };
  rf_experiment_foreach_option (rf_session_get_plan (session), match, &planned);
  rf_experiment_foreach_option (rf_run_get_experiment (rf_session_get_run (session)), match,
                                &present);
  return !present.spec || !planned.spec || present.spec->klass != planned.spec->klass;
}
