/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/dream-view.h"

#include "app/controls.h"
#include "app/features/study-job.h"
#include "model/features/dream.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>

#define HEIGHT 170

/* ---- the study ---- */

typedef struct
{
  RfDream *dream;
  gsize size; /* floats of a picture */
} Dream;

typedef struct
{
  double value;
  float image[];
} Seen;

static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  return rf_dream_step (((Dream *) data)->dream, specimen);
}

static double
progress (gpointer data)
{
  return rf_dream_get_progress (((Dream *) data)->dream);
}

static gpointer
snapshot (gpointer data)
{
  const Dream *self = data;
  Seen *seen = g_malloc (sizeof *seen + self->size * sizeof (float));
  seen->value = rf_dream_get_value (self->dream);
  memcpy (seen->image, rf_dream_get_image (self->dream), self->size * sizeof (float));
  return seen;
}

static void
free_study (gpointer data)
{
  Dream *self = data;
  rf_dream_free (self->dream);
  g_free (self);
}

/* ---- the widget ---- */

struct _RfDreamView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *start, *progress, *about, *keep;
  RfPictureView *picture;
  RfStudyJob *job;
  float *image; /* the newest, or NULL */
  guint layer;  /* whose unit it is of … */
  int unit;     /* … this one */
};

G_DEFINE_FINAL_TYPE (RfDreamView, rf_dream_view, GTK_TYPE_BOX)

static void
show_controls (RfDreamView *self)
{
  const gboolean running = rf_study_job_is_running (self->job);
  const int unit = rf_feature_bench_get_unit (self->bench);
  gtk_button_set_label (GTK_BUTTON (self->start), running ? _ ("Stop") : _ ("Find It"));
  gtk_widget_set_sensitive (self->start, running || unit >= 0);
  gtk_widget_set_opacity (self->progress, running ? 1 : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), self->image != NULL);
  gtk_widget_set_visible (self->keep, self->image && !running);
}

static void
forget (RfDreamView *self)
{
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->image, g_free);
  gtk_label_set_label (GTK_LABEL (self->about),
                       _ ("From noise, gradient ascent finds the picture that this unit answers "
                          "to most."));
  show_controls (self);
}

static void
show_cb (gpointer snapshot, double progress, gboolean over, const char *message, gpointer data)
{
  RfDreamView *self = data;
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const Seen *seen = snapshot;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
  if (message)
    gtk_label_set_label (GTK_LABEL (self->about), message);
  if (seen)
    {
      g_free (self->image);
      self->image = g_memdup2 (seen->image, RF_SHAPE_COUNT (net->input) * sizeof (float));
      g_autoptr (RfRaster) raster = rf_feature_raster (net, self->image);
      rf_picture_view_set_raster (self->picture, raster, net->input.width, net->input.height);
      g_autofree char *value = rf_legend_format (seen->value);
      g_autofree char *text
          = g_strdup_printf (_ ("Mean of unit %d over its map: %s"), self->unit, value);
      gtk_label_set_label (GTK_LABEL (self->about), text);
    }
  show_controls (self);
}

static void
start (RfDreamView *self)
{
  static const RfStudyClass klass = { step, progress, snapshot, g_free, free_study };
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  RfDreamConfig config;
  float low[RF_MAX_CHANNELS], high[RF_MAX_CHANNELS];
  self->layer = rf_feature_bench_get_layer (self->bench);
  self->unit = rf_feature_bench_get_unit (self->bench);
  rf_dream_config_init (&config, self->layer, self->unit);
  const gboolean bounded = rf_feature_net_get_bounds (net, low, high);
  Dream *study = g_new0 (Dream, 1);
  study->dream = rf_dream_new (&config, net->input, bounded ? low : NULL, bounded ? high : NULL);
  study->size = RF_SHAPE_COUNT (net->input);
  self->job = rf_study_job_start (rf_feature_bench_get_replica (self->bench), RF_STUDY_DREAM,
                                  &klass, study, show_cb, self);
  show_controls (self);
}

static void
start_cb (RfDreamView *self)
{
  const gboolean running = rf_study_job_is_running (self->job);
  g_clear_pointer (&self->job, rf_study_job_stop);
  if (!running && rf_feature_bench_get_unit (self->bench) >= 0)
    start (self);
  else
    show_controls (self);
}

static void
keep_cb (RfDreamView *self)
{
  g_autofree char *title = g_strdup_printf (_ ("What unit %d looks for"), self->unit);
  g_autoptr (RfFeatureInput) input = rf_feature_input_from_values (
      rf_feature_bench_get_net (self->bench), self->image, title, NULL);
  rf_feature_bench_set_input (self->bench, input);
}

static void
choice_cb (RfDreamView *self)
{
  if (self->layer != rf_feature_bench_get_layer (self->bench)
      || self->unit != rf_feature_bench_get_unit (self->bench))
    forget (self);
  else
    show_controls (self);
}

static void
rf_dream_view_dispose (GObject *object)
{
  RfDreamView *self = RF_DREAM_VIEW (object);
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->image, g_free);
  G_OBJECT_CLASS (rf_dream_view_parent_class)->dispose (object);
}

static void
rf_dream_view_class_init (RfDreamViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_dream_view_dispose;
}

static void
rf_dream_view_init (RfDreamView *self)
{
  self->unit = -1;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->start = rf_control_button (
      _ ("Find It"), _ ("Find what it looks for"),
      _ ("200 steps uphill along the gradient of the unit’s mean, shifted a little in each, and "
         "smoothed now and then, which keeps away patterns that people do not see"));
  g_signal_connect_swapped (self->start, "clicked", G_CALLBACK (start_cb), self);
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->progress, TRUE);
  rf_control_name (self->progress, _ ("Progress"));
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  self->picture = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  rf_picture_view_set_in_page (self->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, HEIGHT);
  rf_control_name (GTK_WIDGET (self->picture), _ ("What the unit looks for"));
  self->about = rf_control_caption ();
  self->keep = rf_control_button (_ ("Show It to the Network"), _ ("Show it to the network"),
                                  _ ("Makes this the picture that the network sees"));
  gtk_widget_set_halign (self->keep, GTK_ALIGN_START);
  g_signal_connect_swapped (self->keep, "clicked", G_CALLBACK (keep_cb), self);
  gtk_box_append (GTK_BOX (line), self->start);
  gtk_box_append (GTK_BOX (line), self->progress);
  gtk_box_append (GTK_BOX (self), line);
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (self), self->keep);
}

GtkWidget *
rf_dream_view_new (RfFeatureBench *bench)
{
  RfDreamView *self = g_object_new (RF_TYPE_DREAM_VIEW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "choice", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (forget), self, G_CONNECT_SWAPPED);
  forget (self);
  return GTK_WIDGET (self);
}
