/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the network's answer depends on, for two classes side by side. While it trains, the maps are
 * made again so seldom that they take a twentieth of the time at most. */

#include "app/controls.h"
#include "app/panes/features-closer/features-closer-pane.h"
#include "app/panes/features-closer/why-study.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/legend.h"
#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT      150
#define LEAST_PAUSE (G_USEC_PER_SEC / 2)

#define RF_TYPE_WHY_VIEW (rf_why_view_get_type ())
G_DECLARE_FINAL_TYPE (RfWhyView, rf_why_view, RF, WHY_VIEW, GtkBox)

/* One of the two classes. */
typedef struct
{
  RfWhyView *view;
  guint number; /* of its study */
  GtkWidget *drop, *about;
  RfPictureView *picture;
  RfStudyJob *job;
  RfFeatureInput *asked; /* the picture that it is about */
  RfWhyMap *map;         /* the newest, or NULL … */
  RfFeatureInput *input; /* … of this picture */
  int klass;
} Side;

struct _RfWhyView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *method, *about, *opacity, *progress;
  RfLegend *legend;
  RfPaletteRange range;
  Side sides[2];
  gint64 begun;
  double taken; /* microseconds, by the newest maps */
  guint again_id;
};

G_DEFINE_FINAL_TYPE (RfWhyView, rf_why_view, GTK_TYPE_BOX)

static const struct
{
  const char *title, *summary;
} methods[RF_N_WHYS] = {
  [RF_WHY_SALIENCY]
  = { N_ ("Saliency"), N_ ("How much the logit changes with each pixel: the largest |∂ logit / "
                           "∂ pixel| of its channels.") },
  [RF_WHY_SMOOTH]
  = { N_ ("SmoothGrad"), N_ ("The mean saliency of 32 noisy copies, in which what is by chance "
                             "goes.") },
  [RF_WHY_INTEGRATED]
  = { N_ ("Integrated gradients"),
      N_ ("Pixel times mean gradient on the way from the data’s mean to the picture. Adds up to "
          "the difference of the logits.") },
  [RF_WHY_GRAD_CAM]
  = { N_ ("Grad-CAM"), N_ ("The last maps before the classes, weighted by their mean gradients; "
                           "what speaks for the class.") },
  [RF_WHY_OCCLUSION]
  = { N_ ("Occlusion"), N_ ("How much the logit falls when a square is covered.") },
};

static RfWhy
get_method (RfWhyView *self)
{
  return gtk_drop_down_get_selected (GTK_DROP_DOWN (self->method));
}

/* ---- classes ---- */

/* The first position stands for the likeliest class, on the other side for the next. */
static int
find_class (RfWhyView *self, int side)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const int chosen = (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->sides[side].drop));
  int best = rf_feature_bench_get_answer (self->bench);
  if (chosen > 0 || best < 0 || side == 0)
    return chosen > 0 ? chosen - 1 : best;
  int next = -1;
  for (int k = 0; k < (int) view->n_classes; k++)
    if (k != best && (next < 0 || view->logits[k] > view->logits[next]))
      next = k;
  return next;
}

/* ---- showing ---- */

static void
describe (RfWhyView *self, Side *side)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const RfWhyMap *map = side->map;
  g_autofree char *logit = rf_legend_format (map->logit);
  const char *name = rf_feature_net_name_class (net, map->klass);
  g_autofree char *text = NULL;
  if (map->method == RF_WHY_INTEGRATED)
    {
      g_autofree char *sum = rf_legend_format (map->sum);
      g_autofree char *expected = rf_legend_format (map->expected);
      /* Translators: class; its logit; what the map adds up to; what it should. */
      text = g_strdup_printf (_ ("%s: logit %s; adds up to %s of %s"), name, logit, sum, expected);
    }
  else
    /* Translators: class; its logit. */
    text = g_strdup_printf (_ ("%s: logit %s"), name, logit);
  gtk_label_set_label (GTK_LABEL (side->about), text);
  rf_control_name (GTK_WIDGET (side->picture), text);
}

/* In one scale, so that the two can be compared. */
static void
show (RfWhyView *self)
{
  const RfPaletteRange none = { 0 };
  float low = 0, high = 0;
  for (int i = 0; i < 2; i++)
    {
      const RfWhyMap *map = self->sides[i].map;
      float smallest, largest;
      if (!map)
        continue;
      rf_palette_extent (map->values, (gsize) map->height * (gsize) map->width, &smallest,
                         &largest);
      low = MIN (low, smallest);
      high = MAX (high, largest);
    }
  self->range = rf_palette_settle (&none, low, high);
  rf_legend_set_range (self->legend, &self->range);
  const double opacity = gtk_range_get_value (GTK_RANGE (self->opacity));
  for (int i = 0; i < 2; i++)
    {
      Side *side = &self->sides[i];
      if (!side->map)
        continue;
      g_autoptr (RfRaster) raster = rf_why_overlay (side->input, side->map, &self->range, opacity);
      rf_picture_view_set_raster (side->picture, raster, side->input->shape.width,
                                  side->input->shape.height);
      describe (self, side);
    }
}

static gboolean
is_running (RfWhyView *self)
{
  return rf_study_job_is_running (self->sides[0].job)
         || rf_study_job_is_running (self->sides[1].job);
}

static void
show_cb (gpointer snapshot, double progress, gboolean over, const char *message, gpointer data)
{
  Side *side = data;
  RfWhyView *self = side->view;
  const RfWhyMap *map = snapshot;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
  gtk_widget_set_opacity (self->progress, over || progress == 0 ? 0 : 1);
  if (message)
    gtk_label_set_label (GTK_LABEL (side->about), message);
  if (over && !is_running (self))
    self->taken = (double) (g_get_monotonic_time () - self->begun);
  if (!map)
    return;
  g_free (side->map);
  side->map
      = g_memdup2 (map, sizeof *map + (gsize) map->height * (gsize) map->width * sizeof (float));
  g_clear_pointer (&side->input, rf_feature_input_unref);
  side->input = rf_feature_input_ref (side->asked);
  show (self);
}

/* ---- making ---- */

static void
stop (RfWhyView *self)
{
  g_clear_handle_id (&self->again_id, g_source_remove);
  for (int i = 0; i < 2; i++)
    g_clear_pointer (&self->sides[i].job, rf_study_job_stop);
}

static void
start (RfWhyView *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  stop (self);
  if (!net || !rf_feature_bench_get_input (self->bench)
      || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->begun = g_get_monotonic_time ();
  for (int i = 0; i < 2; i++)
    {
      Side *side = &self->sides[i];
      side->klass = find_class (self, i);
      g_clear_pointer (&side->asked, rf_feature_input_unref);
      side->asked = rf_feature_input_ref (rf_feature_bench_get_input (self->bench));
      if (side->klass >= 0)
        side->job = rf_why_study_start (self->bench, side->number, get_method (self), side->klass,
                                        show_cb, side);
    }
}

static gboolean
again_cb (gpointer data)
{
  RfWhyView *self = data;
  self->again_id = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* Another picture, or other weights: at once if it is for a person, else in its time. */
static void
view_cb (RfWhyView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const gboolean trains = net->run && rf_run_get_state (net->run) == RF_TRAINER_RUNNING;
  if (!trains || self->sides[0].input != rf_feature_bench_get_input (self->bench))
    start (self);
  else if (self->again_id == 0 && !is_running (self))
    {
      const double pause = MAX (LEAST_PAUSE, 20 * self->taken);
      self->again_id = g_timeout_add ((guint) (pause / 1000), again_cb, self);
    }
}

static void
method_cb (RfWhyView *self)
{
  gtk_label_set_label (GTK_LABEL (self->about), _ (methods[get_method (self)].summary));
  start (self);
}

static void
network_cb (RfWhyView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  stop (self);
  for (int i = 0; i < 2; i++)
    {
      Side *side = &self->sides[i];
      g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
      gtk_string_list_append (names, i == 0 ? _ ("The likeliest") : _ ("The next"));
      for (int k = 0; net && k < net->n_classes; k++)
        gtk_string_list_append (names, net->classes[k]);
      g_clear_pointer (&side->map, g_free);
      g_clear_pointer (&side->input, rf_feature_input_unref);
      rf_picture_view_set_raster (side->picture, NULL, 1, 1);
      gtk_label_set_label (GTK_LABEL (side->about), "");
      gtk_drop_down_set_model (GTK_DROP_DOWN (side->drop), G_LIST_MODEL (names));
    }
}

/* ---- the widget ---- */

static void
rf_why_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_why_view_parent_class)->map (widget);
  start (RF_WHY_VIEW (widget));
}

static void
rf_why_view_unmap (GtkWidget *widget)
{
  stop (RF_WHY_VIEW (widget));
  GTK_WIDGET_CLASS (rf_why_view_parent_class)->unmap (widget);
}

static void
rf_why_view_dispose (GObject *object)
{
  RfWhyView *self = RF_WHY_VIEW (object);
  stop (self);
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->sides[i].map, g_free);
      g_clear_pointer (&self->sides[i].input, rf_feature_input_unref);
      g_clear_pointer (&self->sides[i].asked, rf_feature_input_unref);
    }
  G_OBJECT_CLASS (rf_why_view_parent_class)->dispose (object);
}

static void
rf_why_view_class_init (RfWhyViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_why_view_dispose;
  GTK_WIDGET_CLASS (klass)->map = rf_why_view_map;
  GTK_WIDGET_CLASS (klass)->unmap = rf_why_view_unmap;
}

static GtkWidget *
make_side (RfWhyView *self, int i, RfViewport *viewport)
{
  Side *side = &self->sides[i];
  side->view = self;
  side->number = i == 0 ? RF_STUDY_WHY : RF_STUDY_WHY_TOO;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  side->drop = rf_control_drop (NULL, i == 0 ? _ ("Class") : _ ("Class to compare with"),
                                _ ("The class whose logit is explained"));
  g_signal_connect_swapped (side->drop, "notify::selected", G_CALLBACK (start), self);
  side->picture = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  rf_picture_view_set_in_page (side->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (side->picture), 60, HEIGHT);
  side->about = rf_control_caption ();
  gtk_box_append (GTK_BOX (box), side->drop);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (side->picture));
  gtk_box_append (GTK_BOX (box), side->about);
  return box;
}

static void
rf_why_view_init (RfWhyView *self)
{
  static const char *titles[RF_N_WHYS + 1];
  for (int i = 0; i < RF_N_WHYS; i++)
    titles[i] = methods[i].title;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->method = rf_control_drop (titles, _ ("Method"), _ ("How the answer is explained"));
  self->about = rf_control_caption ();
  self->opacity = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.05);
  gtk_range_set_value (GTK_RANGE (self->opacity), 0.85);
  gtk_scale_set_draw_value (GTK_SCALE (self->opacity), FALSE);
  gtk_widget_set_hexpand (self->opacity, TRUE);
  gtk_widget_set_tooltip_text (self->opacity, _ ("How much the colours cover the picture"));
  rf_control_name (self->opacity, _ ("Opacity"));
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_opacity (self->progress, 0);
  rf_control_name (self->progress, _ ("Progress"));
  self->legend = RF_LEGEND (rf_legend_new ());
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_homogeneous (GTK_BOX (pair), TRUE);
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  for (int i = 0; i < 2; i++)
    gtk_box_append (GTK_BOX (pair), make_side (self, i, viewport));
  gtk_box_append (GTK_BOX (self), self->method);
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), pair);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->legend));
  gtk_box_append (GTK_BOX (self), rf_control_row (_ ("Opacity"), self->opacity, NULL));
  gtk_box_append (GTK_BOX (self), self->progress);
  g_signal_connect_swapped (self->method, "notify::selected", G_CALLBACK (method_cb), self);
  g_signal_connect_swapped (self->opacity, "value-changed", G_CALLBACK (show), self);
}

static GtkWidget *
create (RfFeatureBench *bench)
{
  RfWhyView *self = g_object_new (RF_TYPE_WHY_VIEW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
  network_cb (self);
  method_cb (self);
  return GTK_WIDGET (self);
}

const RfCloserView rf_why_view = {
  .id = "why",
  .title = N_ ("Why"),
  .tooltip = N_ ("Which parts of the picture the answer depends on"),
  .create = create,
};
