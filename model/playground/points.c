/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The generators draw in the original's order, and each formula adds up in its order, so that the
 * points are the same to the last bit.
 *
 * The noise ν of a data set mostly moves the point that is judged, not the one that is shown. */

#include "model/playground/points.h"

#include "model/playground/js-math.h"

#include <math.h>
#include <string.h>

#define N_CLASSIFICATION 500
#define N_REGRESSION     1200

typedef struct
{
  RfSeedRandom *random;
  RfPlayPoint *next;
  int n;         /* points in all */
  double noise;  /* fraction */
  int n_classes; /* 0: the original's two, -1 and +1 */
} Sketch;

static void
put (Sketch *sketch, double x, double y, double label)
{
  *sketch->next++ = (RfPlayPoint){ x, y, label };
}

/* Two offsets, in the order x, y. */
static void
draw_offsets (Sketch *sketch, double radius, double *x, double *y)
{
  *x = rf_seed_random_between (sketch->random, -radius, radius) * sketch->noise;
  *y = rf_seed_random_between (sketch->random, -radius, radius) * sketch->noise;
}

/* Points of class @k of K: K × n / K may be less than n, and the first classes take the rest. */
static int
count_of_class (const Sketch *sketch, int k)
{
  return sketch->n / sketch->n_classes + (k < sketch->n % sketch->n_classes);
}

/* --- Two classes ---------------------------------------------------------------------------- */

static void
draw_ring (Sketch *sketch, double inner, double outer)
{
  for (int i = 0; i < sketch->n / 2; i++)
    {
      const double r = rf_seed_random_between (sketch->random, inner, outer);
      const double angle = rf_seed_random_between (sketch->random, 0, 2 * G_PI);
      const double x = r * rf_js_sin (angle), y = r * rf_js_cos (angle);
      double dx, dy;
      draw_offsets (sketch, 5, &dx, &dy);
      const double judged_x = x + dx, judged_y = y + dy;
      put (sketch, x, y, sqrt (judged_x * judged_x + judged_y * judged_y) < 2.5 ? 1 : -1);
    }
}

static void
draw_circle (Sketch *sketch)
{
  draw_ring (sketch, 0, 2.5);
  draw_ring (sketch, 3.5, 5);
}

/* Away from the axis, so that there is a gap. */
static double
draw_coordinate (Sketch *sketch)
{
  const double x = rf_seed_random_between (sketch->random, -5, 5);
  return x + (x > 0 ? 0.3 : -0.3);
}

static void
draw_xor (Sketch *sketch)
{
  for (int i = 0; i < sketch->n; i++)
    {
      const double x = draw_coordinate (sketch), y = draw_coordinate (sketch);
      double dx, dy;
      draw_offsets (sketch, 5, &dx, &dy);
      put (sketch, x, y, (x + dx) * (y + dy) >= 0 ? 1 : -1);
    }
}

/* The polar method; its second number is not used. */
static double
draw_normal (Sketch *sketch, double mean, double variance)
{
  double v1, v2, s;
  do
    {
      v1 = 2 * rf_seed_random_next (sketch->random) - 1;
      v2 = 2 * rf_seed_random_next (sketch->random) - 1;
      s = v1 * v1 + v2 * v2;
    }
  while (s > 1);
  return mean + sqrt (variance) * (sqrt (-2 * rf_js_log (s) / s) * v1);
}

static void
draw_cloud (Sketch *sketch, int n, double x, double y, double label)
{
  const double variance = 0.5 + 7 * sketch->noise;
  for (int i = 0; i < n; i++)
    {
      const double at_x = draw_normal (sketch, x, variance);
      const double at_y = draw_normal (sketch, y, variance);
      put (sketch, at_x, at_y, label);
    }
}

static void
draw_gauss (Sketch *sketch)
{
  draw_cloud (sketch, sketch->n / 2, 2, 2, 1);
  draw_cloud (sketch, sketch->n / 2, -2, -2, -1);
}

static void
draw_arm (Sketch *sketch, int n, double turn, double label)
{
  for (int i = 0; i < n; i++)
    {
      const double r = (double) i / n * 5, t = 1.75 * i / n * 2 * G_PI + turn;
      const double x
          = r * rf_js_sin (t) + rf_seed_random_between (sketch->random, -1, 1) * sketch->noise;
      const double y
          = r * rf_js_cos (t) + rf_seed_random_between (sketch->random, -1, 1) * sketch->noise;
      put (sketch, x, y, label);
    }
}

static void
draw_spiral (Sketch *sketch)
{
  draw_arm (sketch, sketch->n / 2, 0, 1);
  draw_arm (sketch, sketch->n / 2, G_PI, -1);
}

/* --- More classes --------------------------------------------------------------------------- */

static double
class_turn (const Sketch *sketch, int k)
{
  return 2 * G_PI * k / sketch->n_classes;
}

/* Rings of equal width from 0 to 5 with gaps between; which one a displaced point is nearest to. */
static void
draw_rings (Sketch *sketch)
{
  const double width = 5.0 / sketch->n_classes;
  for (int k = 0; k < sketch->n_classes; k++)
    for (int i = 0; i < count_of_class (sketch, k); i++)
      {
        const double r
            = rf_seed_random_between (sketch->random, (k + 0.1) * width, (k + 0.9) * width);
        const double angle = rf_seed_random_between (sketch->random, 0, 2 * G_PI);
        const double x = r * rf_js_sin (angle), y = r * rf_js_cos (angle);
        double dx, dy;
        draw_offsets (sketch, 5, &dx, &dy);
        const double ring = floor (hypot (x + dx, y + dy) / width);
        put (sketch, x, y, ring < sketch->n_classes ? ring : sketch->n_classes - 1);
      }
}

/* Each class has two sectors that face each other: with two classes this would be xor. */
static void
draw_sectors (Sketch *sketch)
{
  for (int i = 0; i < sketch->n; i++)
    {
      const double x = rf_seed_random_between (sketch->random, -5, 5);
      const double y = rf_seed_random_between (sketch->random, -5, 5);
      double dx, dy;
      draw_offsets (sketch, 5, &dx, &dy);
      const double turns = (atan2 (y + dy, x + dx) + G_PI) / (2 * G_PI);
      const int sector = turns >= 0 ? (int) (turns * 2 * sketch->n_classes) : 0;
      put (sketch, x, y, sector % sketch->n_classes);
    }
}

static void
draw_clouds (Sketch *sketch)
{
  for (int k = 0; k < sketch->n_classes; k++)
    draw_cloud (sketch, count_of_class (sketch, k), 3.5 * rf_js_sin (class_turn (sketch, k)),
                3.5 * rf_js_cos (class_turn (sketch, k)), k);
}

static void
draw_arms (Sketch *sketch)
{
  for (int k = 0; k < sketch->n_classes; k++)
    draw_arm (sketch, count_of_class (sketch, k), class_turn (sketch, k), k);
}

/* --- Regression ----------------------------------------------------------------------------- */

static double
plane_label (double x, double y)
{
  return (x + y) / 10;
}

/* Six hills and hollows: the one that is felt most. */
static double
gauss_label (double x, double y)
{
  static const double centres[6][3] = { { -4, 2.5, 1 },   { 0, 2.5, -1 }, { 4, 2.5, 1 },
                                        { -4, -2.5, -1 }, { 0, -2.5, 1 }, { 4, -2.5, -1 } };
  double label = 0;
  for (int i = 0; i < 6; i++)
    {
      const double dx = x - centres[i][0], dy = y - centres[i][1];
      const double height = CLAMP (1 - sqrt (dx * dx + dy * dy) / 2, 0, 1);
      if (height > fabs (label))
        label = centres[i][2] * height;
    }
  return label;
}

static void
draw_surface (Sketch *sketch, double (*label) (double x, double y))
{
  for (int i = 0; i < sketch->n; i++)
    {
      const double x = rf_seed_random_between (sketch->random, -6, 6);
      const double y = rf_seed_random_between (sketch->random, -6, 6);
      double dx, dy;
      draw_offsets (sketch, 6, &dx, &dy);
      put (sketch, x, y, label (x + dx, y + dy));
    }
}

/* --- Data ----------------------------------------------------------------------------------- */

static RfPlayData *
data_alloc (gsize n_train, gsize n_test)
{
  RfPlayData *data = g_malloc (sizeof (RfPlayData) + (n_train + n_test) * sizeof (RfPlayPoint));
  atomic_init (&data->n_references, 1);
  data->n_train = n_train;
  data->n_test = n_test;
  data->train = data->points;
  data->test = data->points + n_train;
  return data;
}

static void
draw (Sketch *sketch, const RfPlayState *state)
{
  static void (*const two[RF_PLAY_N_DATASETS]) (Sketch *)
      = { draw_circle, draw_xor, draw_gauss, draw_spiral };
  static void (*const more[RF_PLAY_N_DATASETS]) (Sketch *)
      = { draw_rings, draw_sectors, draw_clouds, draw_arms };

  if (state->problem == RF_PLAY_REGRESSION)
    draw_surface (sketch, state->reg_dataset == RF_PLAY_REG_PLANE ? plane_label : gauss_label);
  else if (state->n_classes)
    more[state->dataset](sketch);
  else
    two[state->dataset](sketch);
}

static void
shuffle (RfPlayPoint *points, int n, RfSeedRandom *random)
{
  for (int counter = n; counter > 0; counter--)
    {
      const int index = (int) (rf_seed_random_next (random) * counter);
      const RfPlayPoint last = points[counter - 1];
      points[counter - 1] = points[index];
      points[index] = last;
    }
}

/* slice (0, split) and slice (split) for split = ⌊n · percent / 100⌋, which a link may have made
 * anything: a negative one counts from the end. */
static int
split_at (int n, double percent)
{
  const double split = floor (n * percent / 100);
  if (isnan (split))
    return 0;
  return (int) CLAMP (split < 0 ? n + split : split, 0, n);
}

RfPlayData *
rf_play_data_generate (const RfPlayState *state, RfSeedRandom *random)
{
  const int n = state->problem == RF_PLAY_REGRESSION ? N_REGRESSION : N_CLASSIFICATION;
  const int n_train = split_at (n, state->perc_train_data);
  RfPlayData *data = data_alloc ((gsize) n_train, (gsize) (n - n_train));
  Sketch sketch = { random, data->points, n, state->noise / 100, state->n_classes };
  draw (&sketch, state);
  shuffle (data->points, n, random);
  return data;
}

RfPlayData *
rf_play_data_new (const RfPlayPoint *train, gsize n_train, const RfPlayPoint *test, gsize n_test)
{
  RfPlayData *data = data_alloc (n_train, n_test);
  if (n_train)
    memcpy (data->points, train, n_train * sizeof (RfPlayPoint));
  if (n_test)
    memcpy (data->points + n_train, test, n_test * sizeof (RfPlayPoint));
  return data;
}

RfPlayData *
rf_play_data_add (const RfPlayData *data, RfPlayPoint point, gboolean to_test)
{
  if (data->n_train + data->n_test >= RF_PLAY_MAX_POINTS || !isfinite (point.x)
      || !isfinite (point.y) || !isfinite (point.label))
    return NULL;
  RfPlayData *more = data_alloc (data->n_train + !to_test, data->n_test + to_test);
  memcpy (more->points, data->train, data->n_train * sizeof (RfPlayPoint));
  memcpy (more->points + more->n_train, data->test, data->n_test * sizeof (RfPlayPoint));
  more->points[to_test ? more->n_train + data->n_test : data->n_train] = point;
  return more;
}

RfPlayData *
rf_play_data_erase (const RfPlayData *data, double x, double y, double radius)
{
  const gsize n = data->n_train + data->n_test;
  RfPlayData *less = data_alloc (data->n_train, data->n_test);
  gsize n_kept = 0, n_train = 0;
  for (gsize i = 0; i < n; i++)
    if (hypot (data->points[i].x - x, data->points[i].y - y) > radius)
      {
        n_train += i < data->n_train;
        less->points[n_kept++] = data->points[i];
      }
  less->n_train = n_train;
  less->n_test = n_kept - n_train;
  less->test = less->points + n_train;
  return less;
}

RfPlayData *
rf_play_data_move (const RfPlayData *data, double x, double y, double radius, double to_x,
                   double to_y)
{
  const gsize n = data->n_train + data->n_test;
  gsize nearest = n;
  for (gsize i = 0; i < n; i++)
    {
      const double distance = hypot (data->points[i].x - x, data->points[i].y - y);
      if (distance <= radius)
        {
          nearest = i;
          radius = distance;
        }
    }
  if (nearest == n || !isfinite (to_x) || !isfinite (to_y))
    return NULL;
  RfPlayData *moved = rf_play_data_new (data->train, data->n_train, data->test, data->n_test);
  moved->points[nearest].x = to_x;
  moved->points[nearest].y = to_y;
  return moved;
}

RfPlayData *
rf_play_data_ref (const RfPlayData *data)
{
  RfPlayData *shared = (RfPlayData *) data;
  atomic_fetch_add (&shared->n_references, 1);
  return shared;
}

void
rf_play_data_unref (RfPlayData *data)
{
  if (atomic_fetch_sub (&data->n_references, 1) == 1)
    g_free (data);
}
