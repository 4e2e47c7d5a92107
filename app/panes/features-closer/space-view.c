/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The data set as the chosen layer sees it: a point for each picture, in the colour and the shape
 * of its class. The picture under the pointer is shown below; a press shows it to the network. */

#include "app/controls.h"
#include "app/panes/features-closer/features-closer-pane.h"
#include "app/panes/features-closer/space-study.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/painters/class-mark.h"
#include "widgets/toy/plane-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define EXTENT         1.06
#define NEAR           0.08 /* of a point that is meant */
#define PICTURE_HEIGHT 110
#define MARK_RADIUS    4

#define RF_TYPE_SPACE_VIEW (rf_space_view_get_type ())
G_DECLARE_FINAL_TYPE (RfSpaceView, rf_space_view, RF, SPACE_VIEW, GtkBox)

struct _RfSpaceView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *method, *start, *progress, *about, *legend, *name;
  RfPlaneView *plane;
  RfPictureView *picture;
  RfStudyJob *job;
  RfSpaceMap *map; /* NULL: none yet */
  guint layer;     /* that it is of … */
  gint64 step;     /* … with the weights of this step */
};

G_DEFINE_FINAL_TYPE (RfSpaceView, rf_space_view, GTK_TYPE_BOX)

static const char *const titles[RF_N_SPACES + 1] = { N_ ("PCA"), N_ ("t-SNE"), NULL };

/* ---- showing ---- */

static int
get_label (RfSpaceView *self, guint32 row)
{
  const RfDataset *dataset = rf_feature_bench_get_net (self->bench)->dataset;
  return dataset->labels ? dataset->labels[row] : -1;
}

static void
show_points (RfSpaceView *self)
{
  const gsize n = self->map ? self->map->n : 0;
  g_autofree RfPlanePoint *points = g_new0 (RfPlanePoint, n);
  for (gsize i = 0; i < n; i++)
    {
      const int label = get_label (self, self->map->rows[i]);
      points[i] = (RfPlanePoint){ .x = self->map->places[2 * i],
                                  .y = self->map->places[2 * i + 1],
                                  .color = rf_class_color (label),
                                  .shape = rf_class_shape (label) };
    }
  rf_plane_view_set_points (self->plane, points, n);
}

static void
show_words (RfSpaceView *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  const gboolean pca = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->method)) == RF_SPACE_PCA;
  const gboolean running = rf_study_job_is_running (self->job);
  gtk_button_set_label (GTK_BUTTON (self->start), running ? _ ("Stop") : _ ("Show"));
  gtk_widget_set_opacity (self->progress, running ? 1 : 0);
  gtk_widget_set_sensitive (self->start, rf_feature_bench_count_rows (self->bench, NULL) > 0);
  g_autofree char *text = NULL;
  if (rf_feature_bench_count_rows (self->bench, NULL) == 0)
    text = g_strdup (_ ("There is no data set whose pictures could be shown."));
  else if (!self->map || !net || self->layer >= net->layers->len)
    text = g_strdup_printf (_ ("Up to %d pictures as points, near each other where the chosen "
                               "layer makes the same of them."),
                            RF_SPACE_PICTURES);
  else
    {
      g_autofree char *name = rf_feature_layers_name (net->layers->pdata[self->layer]);
      text = pca ? g_strdup_printf (_ ("%zu pictures at layer %s; the axes hold %.0f %% and %.0f "
                                       "%% of the variance."),
                                    self->map->n, name, 100 * self->map->shares[0],
                                    100 * self->map->shares[1])
                 : g_strdup_printf (_ ("%zu pictures at layer %s."), self->map->n, name);
    }
  gtk_label_set_label (GTK_LABEL (self->about), text);
}

static void
forget (RfSpaceView *self)
{
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->map, rf_space_map_free);
  show_points (self);
  rf_picture_view_set_raster (self->picture, NULL, 1, 1);
  gtk_label_set_label (GTK_LABEL (self->name), "");
  show_words (self);
}

static void
show_cb (gpointer snapshot, double progress, gboolean over, const char *message, gpointer data)
{
  RfSpaceView *self = data;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
  if (snapshot)
    {
      rf_space_map_free (self->map);
      self->map = rf_space_map_copy (snapshot);
      show_points (self);
    }
  show_words (self);
  if (message)
    gtk_label_set_label (GTK_LABEL (self->about), message);
}

static void
start (RfSpaceView *self)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  g_clear_pointer (&self->job, rf_study_job_stop);
  self->layer = rf_feature_bench_get_layer (self->bench);
  self->step = view ? view->step : -1;
  self->job = rf_space_study_start (
      self->bench, gtk_drop_down_get_selected (GTK_DROP_DOWN (self->method)), show_cb, self);
  show_words (self);
}

static void
start_cb (RfSpaceView *self)
{
  const gboolean running = rf_study_job_is_running (self->job);
  g_clear_pointer (&self->job, rf_study_job_stop);
  if (running)
    show_words (self);
  else
    start (self);
}

static void
method_cb (RfSpaceView *self)
{
  if (self->map || rf_study_job_is_running (self->job))
    {
      forget (self);
      start (self);
    }
}

static void
choice_cb (RfSpaceView *self)
{
  if (self->layer != rf_feature_bench_get_layer (self->bench))
    method_cb (self);
}

/* At another checkpoint the map is made again; not while the network trains. */
static void
view_cb (RfSpaceView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const gboolean trains = net->run && rf_run_get_state (net->run) == RF_TRAINER_RUNNING;
  if (self->map && !trains && view->step != self->step && gtk_widget_get_mapped (GTK_WIDGET (self)))
    start (self);
}

/* ---- one point ---- */

/* The nearest one, −1: none is near. */
static gint64
find (RfSpaceView *self, double x, double y)
{
  gint64 best = -1;
  double nearest = NEAR * NEAR;
  for (gsize i = 0; self->map && i < self->map->n; i++)
    {
      const double dx = self->map->places[2 * i] - x, dy = self->map->places[2 * i + 1] - y;
      if (dx * dx + dy * dy < nearest)
        {
          nearest = dx * dx + dy * dy;
          best = (gint64) i;
        }
    }
  return best;
}

static void
pointed_cb (RfSpaceView *self, double x, double y)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const gint64 point = isnan (x) ? -1 : find (self, x, y);
  if (point < 0)
    return; /* what was seen last stays */
  g_autoptr (RfFeatureInput) input
      = rf_feature_bench_make_input (self->bench, self->map->rows[point]);
  if (!input)
    return;
  rf_picture_view_set_raster (self->picture, input->raster, input->shape.width,
                              input->shape.height);
  g_autofree char *name
      = g_strdup_printf ("%s: %s", input->title, rf_feature_net_name_class (net, input->truth));
  gtk_label_set_label (GTK_LABEL (self->name), name);
  rf_control_name (GTK_WIDGET (self->picture), name);
}

static void
pressed_cb (RfSpaceView *self, double x, double y, gboolean second)
{
  const gint64 point = find (self, x, y);
  g_autoptr (RfFeatureInput) input
      = point >= 0 ? rf_feature_bench_make_input (self->bench, self->map->rows[point]) : NULL;
  if (input)
    rf_feature_bench_set_input (self->bench, input);
}

/* ---- the widget ---- */

static void
draw_mark_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const int klass = GPOINTER_TO_INT (data);
  const guint32 color = rf_class_color (klass);
  cairo_set_source_rgb (cr, (color >> 16) / 255.0, (color >> 8 & 255) / 255.0,
                        (color & 255) / 255.0);
  rf_class_mark_add (cr, rf_class_shape (klass), width / 2.0, height / 2.0, MARK_RADIUS);
  cairo_fill (cr);
}

static void
network_cb (RfSpaceView *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->legend)))
    gtk_flow_box_remove (GTK_FLOW_BOX (self->legend), child);
  for (int k = 0; net && net->dataset && k < net->dataset->n_classes; k++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
      GtkWidget *mark = gtk_drawing_area_new (), *label = gtk_label_new (net->dataset->classes[k]);
      gtk_widget_set_size_request (mark, 12, 12);
      gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (mark), draw_mark_cb, GINT_TO_POINTER (k),
                                      NULL);
      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (box), mark);
      gtk_box_append (GTK_BOX (box), label);
      gtk_flow_box_append (GTK_FLOW_BOX (self->legend), box);
      gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE);
    }
  forget (self);
}

static void
rf_space_view_dispose (GObject *object)
{
  RfSpaceView *self = RF_SPACE_VIEW (object);
  g_clear_pointer (&self->job, rf_study_job_stop);
  g_clear_pointer (&self->map, rf_space_map_free);
  G_OBJECT_CLASS (rf_space_view_parent_class)->dispose (object);
}

static void
rf_space_view_class_init (RfSpaceViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_space_view_dispose;
}

static GtkWidget *
make_controls (RfSpaceView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->method = rf_control_drop (
      titles, _ ("Kind of map"),
      _ ("PCA: the two directions in which the layer’s values vary most. t-SNE: neighbours stay "
         "neighbours, distances mean little (perplexity 30, of the first 50 directions)"));
  gtk_widget_set_hexpand (self->method, TRUE);
  self->start = rf_control_button (_ ("Show"), _ ("Show"),
                                   _ ("Makes the map of the chosen layer; again: stops"));
  gtk_widget_add_css_class (self->start, "suggested-action");
  g_signal_connect_swapped (self->method, "notify::selected", G_CALLBACK (method_cb), self);
  g_signal_connect_swapped (self->start, "clicked", G_CALLBACK (start_cb), self);
  gtk_box_append (GTK_BOX (line), self->method);
  gtk_box_append (GTK_BOX (line), self->start);
  return line;
}

static void
rf_space_view_init (RfSpaceView *self)
{
  self->layer = G_MAXUINT;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->about = rf_control_caption ();
  self->progress = gtk_progress_bar_new ();
  rf_control_name (self->progress, _ ("Progress"));
  self->plane = RF_PLANE_VIEW (rf_plane_view_new (EXTENT));
  rf_plane_view_set_small (self->plane);
  rf_control_name (GTK_WIDGET (self->plane), _ ("Pictures as points"));
  g_signal_connect_swapped (self->plane, "pointed", G_CALLBACK (pointed_cb), self);
  g_signal_connect_swapped (self->plane, "pressed", G_CALLBACK (pressed_cb), self);
  self->legend = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->legend), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->legend), 6);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->legend), 4);
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  self->picture = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  rf_picture_view_set_in_page (self->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, PICTURE_HEIGHT);
  rf_control_name (GTK_WIDGET (self->picture), _ ("The picture of a point"));
  self->name = rf_control_caption ();
  gtk_box_append (GTK_BOX (self), make_controls (self));
  gtk_box_append (GTK_BOX (self), self->progress);
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->plane));
  gtk_box_append (GTK_BOX (self), self->legend);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (self), self->name);
}

static GtkWidget *
create (RfFeatureBench *bench)
{
  RfSpaceView *self = g_object_new (RF_TYPE_SPACE_VIEW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "network", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "choice", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  network_cb (self);
  return GTK_WIDGET (self);
}

const RfCloserView rf_space_view = {
  .id = "space",
  .title = N_ ("Space"),
  .tooltip = N_ ("All pictures as the chosen layer sees them, in a plane"),
  .create = create,
};
