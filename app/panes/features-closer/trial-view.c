/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the answer withstands: the picture painted on, turned, moved, made noisy, or changed a
 * little in the one direction that hurts most. What comes of it is the picture that the network
 * sees; its answer stands beside it, as always. */

#include "app/controls.h"
#include "app/features/study-job.h"
#include "app/panes/features-closer/features-closer-pane.h"
#include "app/panes/features-closer/paint-view.h"
#include "app/text.h"
#include "model/features/adversary.h"
#include "model/features/disturb.h"
#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define RF_TYPE_TRIAL_VIEW (rf_trial_view_get_type ())
G_DECLARE_FINAL_TYPE (RfTrialView, rf_trial_view, RF, TRIAL_VIEW, GtkBox)

enum
{
  ROTATION,
  DOWN,
  RIGHT,
  NOISE,
  N_SCALES
};

struct _RfTrialView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *scales[N_SCALES], *epsilon, *attack, *reset, *verdict;
  RfFeatureInput *original; /* what was on show before it was changed; or NULL */
  int answer;               /* to that */
  RfFeatureInput *base;     /* what is turned and moved: that, or with paint on it; or NULL */
  gboolean ours;            /* the picture that is being shown is one of ours */
  RfStudyJob *job;
};

G_DEFINE_FINAL_TYPE (RfTrialView, rf_trial_view, GTK_TYPE_BOX)

static const struct
{
  const char *title, *tooltip;
  double low, high, step;
} ranges[N_SCALES] = {
  [ROTATION] = { N_ ("Turned"), N_ ("Degrees, clockwise"), -180, 180, 1 },
  [DOWN] = { N_ ("Down"), N_ ("Pixels that the picture is moved down"), -16, 16, 1 },
  [RIGHT] = { N_ ("Right"), N_ ("Pixels that the picture is moved to the right"), -16, 16, 1 },
  [NOISE] = { N_ ("Noise"),
              N_ ("Deviation of the noise that is added to each value, in deviations of the data"),
              0, 3, 0.05 },
};

/* ---- words ---- */

static void
show_words (RfTrialView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const int answer = rf_feature_bench_get_answer (self->bench);
  gtk_widget_set_sensitive (self->reset, self->original != NULL);
  if (!self->original || !view || answer < 0)
    {
      gtk_label_set_label (GTK_LABEL (self->verdict),
                           _ ("Change the picture, and see whether the answer stays."));
      return;
    }
  const char *name = rf_feature_net_name_class (net, answer);
  const char *was = rf_feature_net_name_class (net, self->answer);
  const double percent = 100 * (double) view->probabilities[answer];
  g_autofree char *text
      = answer == self->answer
            /* Translators: class, probability. */
            ? g_strdup_printf (_ ("The answer stays: %s, %.1f %%."), name, percent)
            : g_strdup_printf (_ ("The answer was %s and is now %s, %.1f %%."), was, name, percent);
  gtk_label_set_label (GTK_LABEL (self->verdict), text);
}

/* ---- changing the picture ---- */

static void
set_scale (RfTrialView *self, int i, double value)
{
  g_signal_handlers_block_matched (self->scales[i], G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_range_set_value (GTK_RANGE (self->scales[i]), value);
  g_signal_handlers_unblock_matched (self->scales[i], G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
}

static void
forget (RfTrialView *self)
{
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->original, rf_feature_input_unref);
  g_clear_pointer (&self->base, rf_feature_input_unref);
  for (int i = 0; i < N_SCALES; i++)
    set_scale (self, i, 0);
  show_words (self);
}

/* FALSE: there is no picture yet, or no answer to it. */
static gboolean
keep_original (RfTrialView *self)
{
  RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  if (self->original)
    return TRUE;
  if (!input || rf_feature_bench_get_answer (self->bench) < 0)
    return FALSE;
  self->original = rf_feature_input_ref (input);
  self->base = rf_feature_input_ref (input);
  self->answer = rf_feature_bench_get_answer (self->bench);
  return TRUE;
}

static void
show_changed (RfTrialView *self, const float *values)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  /* Translators: name of a picture that was changed. */
  g_autofree char *title = g_strdup_printf (_ ("%s, changed"), self->original->title);
  g_autoptr (RfFeatureInput) input
      = rf_feature_input_from_values (net, values, title, self->original);
  self->ours = TRUE;
  rf_feature_bench_set_input (self->bench, input);
  self->ours = FALSE;
  gtk_widget_set_sensitive (self->reset, TRUE);
}

static void
disturb_cb (RfTrialView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  if (!net || !keep_original (self))
    return;
  const RfDisturbance disturbance = {
    .degrees = gtk_range_get_value (GTK_RANGE (self->scales[ROTATION])),
    .down = gtk_range_get_value (GTK_RANGE (self->scales[DOWN])),
    .right = gtk_range_get_value (GTK_RANGE (self->scales[RIGHT])),
    .noise = gtk_range_get_value (GTK_RANGE (self->scales[NOISE])),
    .seed = 1,
  };
  g_autofree float *values = g_new (float, RF_SHAPE_COUNT (net->input));
  rf_disturb (self->base->values, net->input, &disturbance, values);
  show_changed (self, values);
}

/* What is turned and moved from now on is this. */
static void
show_based (RfTrialView *self, const float *values)
{
  show_changed (self, values);
  g_clear_pointer (&self->base, rf_feature_input_unref);
  self->base = rf_feature_input_ref (rf_feature_bench_get_input (self->bench));
  for (int i = 0; i < N_SCALES; i++)
    set_scale (self, i, 0);
}

static void
painted_cb (RfTrialView *self, const float *values)
{
  if (keep_original (self))
    show_based (self, values);
}

static void
reset_cb (RfTrialView *self)
{
  g_autoptr (RfFeatureInput) original = g_steal_pointer (&self->original);
  forget (self);
  if (!original)
    return;
  self->ours = TRUE;
  rf_feature_bench_set_input (self->bench, original);
  self->ours = FALSE;
}

/* ---- the adversary ---- */

typedef struct
{
  RfFeatureInput *input;
  int klass;
  float epsilon[RF_MAX_CHANNELS], low[RF_MAX_CHANNELS], high[RF_MAX_CHANNELS];
  gboolean bounded;
  gsize size;
  float *out;
} Attack;

static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Attack *self = data;
  rf_adversary (specimen, self->input->values, self->klass, self->epsilon,
                self->bounded ? self->low : NULL, self->bounded ? self->high : NULL, self->out);
  return TRUE;
}

static double
progress (gpointer data)
{
  return 0;
}

static gpointer
snapshot (gpointer data)
{
  const Attack *self = data;
  return g_memdup2 (self->out, self->size * sizeof (float));
}

static void
free_study (gpointer data)
{
  Attack *self = data;
  rf_feature_input_unref (self->input);
  g_free (self->out);
  g_free (self);
}

static void
attacked_cb (gpointer values, double progress, gboolean over, const char *message, gpointer data)
{
  RfTrialView *self = data;
  if (values && self->original)
    show_based (self, values);
}

/* Away from the right class, or from the answer where that is not known. */
static void
attack_cb (RfTrialView *self)
{
  static const RfStudyClass klass = { step, progress, snapshot, g_free, free_study };
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  if (!net || !keep_original (self))
    return;
  const double epsilon = gtk_range_get_value (GTK_RANGE (self->epsilon)) / 255;
  Attack *study = g_new0 (Attack, 1);
  study->input = rf_feature_input_ref (rf_feature_bench_get_input (self->bench));
  study->klass = self->original->truth >= 0 ? self->original->truth : self->answer;
  study->bounded = rf_feature_net_get_bounds (net, study->low, study->high);
  for (int c = 0; c < net->input.channels; c++)
    study->epsilon[c] = (float) (epsilon / net->deviation[c]);
  study->size = RF_SHAPE_COUNT (net->input);
  study->out = g_new (float, study->size);
  g_clear_pointer (&self->job, rf_study_job_stop);
  self->job = rf_study_job_start (rf_feature_bench_get_replica (self->bench), RF_STUDY_TRIAL,
                                  &klass, study, attacked_cb, self);
}

static void
input_cb (RfTrialView *self)
{
  if (!self->ours)
    forget (self);
}

/* ---- the widget ---- */

static void
rf_trial_view_dispose (GObject *object)
{
  RfTrialView *self = RF_TRIAL_VIEW (object);
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->original, rf_feature_input_unref);
  g_clear_pointer (&self->base, rf_feature_input_unref);
  G_OBJECT_CLASS (rf_trial_view_parent_class)->dispose (object);
}

static void
rf_trial_view_class_init (RfTrialViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_trial_view_dispose;
}

static GtkWidget *
make_scale (double low, double high, double step, const char *name, const char *tooltip)
{
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, low, high, step);
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_widget_set_tooltip_text (scale, tooltip);
  rf_control_name (scale, name);
  return scale;
}

static void
show_number (GtkRange *scale, GtkLabel *label)
{
  g_autofree char *number = rf_legend_format (gtk_range_get_value (scale));
  gtk_label_set_label (label, number);
}

/* The numbers have one width, so that the scales begin and end below each other. */
static GtkWidget *
make_row (const char *title, GtkWidget *scale)
{
  GtkWidget *number = gtk_label_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (number), 5);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_widget_add_css_class (number, "numeric");
  g_signal_connect_object (scale, "value-changed", G_CALLBACK (show_number), number, 0);
  show_number (GTK_RANGE (scale), GTK_LABEL (number));
  return rf_control_row (title, scale, number);
}

static void
rf_trial_view_init (RfTrialView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->verdict = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->verdict), 0);
  gtk_label_set_wrap (GTK_LABEL (self->verdict), TRUE);
  gtk_box_append (GTK_BOX (self), self->verdict);
  gtk_box_append (GTK_BOX (self), rf_control_heading (_ ("Disturbed")));
  for (int i = 0; i < N_SCALES; i++)
    {
      self->scales[i] = make_scale (ranges[i].low, ranges[i].high, ranges[i].step,
                                    _ (ranges[i].title), _ (ranges[i].tooltip));
      gtk_range_set_value (GTK_RANGE (self->scales[i]), 0);
      g_signal_connect_swapped (self->scales[i], "value-changed", G_CALLBACK (disturb_cb), self);
      gtk_box_append (GTK_BOX (self), make_row (_ (ranges[i].title), self->scales[i]));
    }
  self->epsilon = make_scale (0, 32, 0.5, _ ("ε in 255ths"),
                              _ ("How far each value may go, in 255ths from black to white"));
  gtk_range_set_value (GTK_RANGE (self->epsilon), 2);
  self->attack = rf_control_button (
      _ ("One Step against It"), _ ("One step against the network"),
      _ ("Adds ε · sign (∂ loss / ∂ pixel): the picture hardly changes, the answer often does "
         "(Goodfellow et al., 2014). Again: a step further"));
  gtk_widget_set_halign (self->attack, GTK_ALIGN_START);
  g_signal_connect_swapped (self->attack, "clicked", G_CALLBACK (attack_cb), self);
  self->reset = rf_control_button (_ ("As It Was"), _ ("As it was"), _ ("The unchanged picture"));
  gtk_widget_set_halign (self->reset, GTK_ALIGN_START);
  g_signal_connect_swapped (self->reset, "clicked", G_CALLBACK (reset_cb), self);
  gtk_box_append (GTK_BOX (self), rf_control_heading (_ ("Adversarial")));
  gtk_box_append (GTK_BOX (self), make_row (_ ("ε/255"), self->epsilon));
  gtk_box_append (GTK_BOX (self), self->attack);
  gtk_box_append (GTK_BOX (self), self->reset);
}

static GtkWidget *
create (RfFeatureBench *bench)
{
  RfTrialView *self = g_object_new (RF_TYPE_TRIAL_VIEW, NULL);
  self->bench = bench;
  GtkWidget *paint = rf_paint_view_new (bench);
  g_signal_connect_object (paint, "painted", G_CALLBACK (painted_cb), self, G_CONNECT_SWAPPED);
  gtk_box_insert_child_after (GTK_BOX (self), paint, self->verdict);
  g_signal_connect_object (bench, "input", G_CALLBACK (input_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (forget), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "view", G_CALLBACK (show_words), self, G_CONNECT_SWAPPED);
  show_words (self);
  return GTK_WIDGET (self);
}

const RfCloserView rf_trial_view = {
  .id = "trial",
  .title = N_ ("Trials"),
  .tooltip = N_ ("What the answer withstands: noise, turning, moving, an adversary"),
  .create = create,
};
