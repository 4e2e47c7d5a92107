/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The places of the slider are the first weights (0), the checkpoints (1 … n) and the present
 * (n + 1): equally far apart, however far apart their steps are. */

#include "app/timeline.h"

#include "app/text.h"

#include <glib/gi18n-lib.h>

struct _RfTimeline
{
  AdwBin parent_instance;

  RfSession *session;
  GSignalGroup *run;
  GtkWidget *box, *title, *scale, *live;
  GtkLabel *label;
  gboolean moving; /* the slider follows, it does not lead */
};

G_DEFINE_FINAL_TYPE (RfTimeline, rf_timeline, ADW_TYPE_BIN)

static const gint64 *
get_checkpoints (RfTimeline *self, gsize *n)
{
  RfRun *run = rf_session_get_run (self->session);
  *n = 0;
  return run ? rf_run_get_checkpoints (run, n) : NULL;
}

/* The moment of a place. */
static gint64
get_moment (RfTimeline *self, gsize place)
{
  gsize n;
  const gint64 *steps = get_checkpoints (self, &n);
  if (place > n)
    return RF_MOMENT_LIVE;
  return place == 0 ? 0 : steps[place - 1];
}

static gsize
get_place (RfTimeline *self, gint64 moment)
{
  gsize n, place = 0;
  const gint64 *steps = get_checkpoints (self, &n);
  if (moment == RF_MOMENT_LIVE)
    return n + 1;
  while (place < n && steps[place] <= moment)
    place++;
  return place;
}

/* "step 780 · epoch 5" */
static char *
describe (RfTimeline *self, gint64 moment)
{
  RfRun *run = rf_session_get_run (self->session);
  if (moment == RF_MOMENT_LIVE || !run)
    return g_strdup (_ ("now"));
  if (moment == 0)
    return g_strdup (_ ("first weights"));
  gsize n_epochs;
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n_epochs);
  g_autofree char *step = rf_text_count ((double) moment);
  for (gsize i = 0; i < n_epochs; i++)
    if (epochs[i].step == moment)
      return g_strdup_printf (_ ("step %s · epoch %d"), step, (int) epochs[i].epoch);
  return g_strdup_printf (_ ("step %s"), step);
}

static void
moment_cb (RfTimeline *self)
{
  const gint64 moment = rf_session_get_moment (self->session);
  g_autofree char *text = describe (self, moment);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->live, moment != RF_MOMENT_LIVE);
  self->moving = TRUE;
  gtk_range_set_value (GTK_RANGE (self->scale), (double) get_place (self, moment));
  self->moving = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
}

static void
checkpoints_cb (RfTimeline *self)
{
  gsize n;
  get_checkpoints (self, &n);
  gtk_widget_set_visible (self->box, n > 0);
  self->moving = TRUE;
  gtk_range_set_range (GTK_RANGE (self->scale), 0, (double) MAX (n + 1, 1));
  self->moving = FALSE;
  moment_cb (self);
}

static void
run_cb (RfTimeline *self)
{
  g_signal_group_set_target (self->run, rf_session_get_run (self->session));
  checkpoints_cb (self);
}

/* Whole places only, also under the pointer. */
static gboolean
change_value_cb (RfTimeline *self, GtkScrollType scroll, double value)
{
  if (self->moving)
    return FALSE;
  gsize n;
  get_checkpoints (self, &n);
  rf_session_set_moment (self->session, get_moment (self, (gsize) CLAMP (value + 0.5, 0, n + 1)));
  return TRUE;
}

static void
live_cb (RfTimeline *self)
{
  rf_session_set_moment (self->session, RF_MOMENT_LIVE);
}

static void
rf_timeline_dispose (GObject *object)
{
  RfTimeline *self = RF_TIMELINE (object);
  g_clear_object (&self->run);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (rf_timeline_parent_class)->dispose (object);
}

static void
rf_timeline_class_init (RfTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_timeline_dispose;
}

static void
rf_timeline_init (RfTimeline *self)
{
  static const char tooltip[]
      = N_ ("Back through the checkpoints: predictions, filters and the cursor of the charts go to "
            "that moment, while the training goes on");
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "timeline");
  GtkWidget *title = gtk_label_new (_ ("Moment"));
  gtk_widget_add_css_class (title, "dim-label");
  gtk_box_append (GTK_BOX (self->box), title);
  self->title = title;
  self->scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->scale), FALSE);
  gtk_range_set_increments (GTK_RANGE (self->scale), 1, 5);
  gtk_widget_set_hexpand (self->scale, TRUE);
  gtk_widget_set_tooltip_text (self->scale, _ (tooltip));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Moment of the training"), -1);
  g_signal_connect_swapped (self->scale, "change-value", G_CALLBACK (change_value_cb), self);
  gtk_box_append (GTK_BOX (self->box), self->scale);
  GtkWidget *label = gtk_label_new (NULL);
  self->label = GTK_LABEL (label);
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_width_chars (self->label, 16);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (self->box), label);
  self->live = gtk_button_new_with_mnemonic (_ ("_Now"));
  gtk_widget_set_tooltip_text (self->live, _ ("Follow the training again"));
  g_signal_connect_swapped (self->live, "clicked", G_CALLBACK (live_cb), self);
  gtk_box_append (GTK_BOX (self->box), self->live);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

GtkWidget *
rf_timeline_new (RfSession *session)
{
  g_return_val_if_fail (RF_IS_SESSION (session), NULL);

  RfTimeline *self = g_object_new (RF_TYPE_TIMELINE, NULL);
  self->session = g_object_ref (session);
  self->run = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run, "checkpoints", G_CALLBACK (checkpoints_cb), self);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::moment", G_CALLBACK (moment_cb), self,
                           G_CONNECT_SWAPPED);
  run_cb (self);
  return GTK_WIDGET (self);
}

void
rf_timeline_set_narrow (RfTimeline *self)
{
  g_return_if_fail (RF_IS_TIMELINE (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self->box), 0);
  gtk_widget_set_visible (self->title, FALSE);
  gtk_widget_set_halign (self->live, GTK_ALIGN_START);
}
