/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The built-in set: pictures drawn on the spot, each a pure function of its row.
 *
 * One of ten objects, turned, stretched and shifted, in one of five textures lies on a background
 * of another, between scattered crumbs and partly under a bar; then light falls on it from a side
 * and every value gets noise. Colours say nothing of the class. That is hard enough for a linear
 * model to fail, and easy enough for a small convolutional network to learn in minutes: see the
 * README for what they reach. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "model/base/random.h"
#include "model/dataset/parallel.h"
#include "model/dataset/sources/outlines.h"
#include "model/dataset/sources/textures.h"

#define SIDE              32
#define N_TRAIN           10000
#define N_TEST            2000
#define PICTURES_PER_ITEM 100
#define MAX_CRUMBS        4

/* An object's own coordinates: the unit circle is about as large as it. */
typedef struct
{
  float x, y;          /* centre, in pixels */
  float cos, sin;      /* of its turn */
  float width, height; /* pixels a unit */
} Place;

typedef struct
{
  float x, y, radius;
  RfColor color;
} Crumb;

static RfPoint
to_object (const Place *place, float x, float y)
{
  float u = x - place->x, v = y - place->y;
  return (RfPoint){ (u * place->cos + v * place->sin) / place->width,
                    (v * place->cos - u * place->sin) / place->height };
}

/* Share of a pixel whose centre is so many pixels from an edge. */
static float
coverage (float distance)
{
  return CLAMP (.5f - distance, 0, 1);
}

static Place
random_place (RfRandom *random)
{
  Place place;
  float radius = rf_random_between (random, 8.7f, 13);
  float stretch = rf_random_between (random, .85f, 1.18f);
  float room = .52f * (15 - radius * .8f), x, y;
  place.x = 16 + rf_random_between (random, -room, room);
  place.y = 16 + rf_random_between (random, -room, room);
  /* A turn by up to 30° to either side. */
  do
    rf_random_direction (random, &x, &y);
  while (x < .87f);
  place.cos = x;
  place.sin = y;
  place.width = radius * stretch;
  place.height = radius / stretch;
  return place;
}

static gboolean
is_apart (RfColor color, RfColor a, RfColor b, float distance)
{
  return rf_color_distance (color, a) >= distance && rf_color_distance (color, b) >= distance;
}

static float
brightness (RfColor a, RfColor b)
{
  return .299f * (a.r + b.r) + .587f * (a.g + b.g) + .114f * (a.b + b.b);
}

/* Two textures, each of two related colours, that keep apart from those of the other. The object is
 * the brighter one in most pictures, as things in the light are: without that first hint a network
 * stays at chance for a whole epoch before it finds the outlines. */
static void
random_textures (RfRandom *random, RfTexture *object, RfTexture *ground)
{
  RfColor a = rf_color_random (random), c, d;
  RfColor b = rf_color_mix (a, rf_color_random (random), .35f);
  do
    {
      c = rf_color_random (random);
      d = rf_color_mix (c, rf_color_random (random), .25f);
    }
  while (!is_apart (c, a, b, .52f) || !is_apart (d, a, b, .42f));
  if (brightness (a, b) > brightness (c, d) && rf_random_below (random, 20) < 17)
    {
      *object = rf_texture_random (random, a, b);
      *ground = rf_texture_random (random, c, d);
      return;
    }
  *object = rf_texture_random (random, c, d);
  *ground = rf_texture_random (random, a, b);
}

static void
draw (guint32 row, guint8 *out)
{
  RfRandom stream = rf_random (0, RF_RANDOM_SHAPES, row, 0), *random = &stream;
  int outline = (int) (row % RF_N_OUTLINES);
  RfTexture object, ground;
  random_textures (random, &object, &ground);
  Place place = random_place (random);
  float pixels = MIN (place.width, place.height);

  Crumb crumbs[MAX_CRUMBS];
  guint32 n_crumbs = rf_random_below (random, MAX_CRUMBS + 1);
  for (guint32 i = 0; i < n_crumbs; i++)
    {
      crumbs[i].x = rf_random_between (random, 0, SIDE);
      crumbs[i].y = rf_random_between (random, 0, SIDE);
      crumbs[i].radius = rf_random_between (random, 1, 2);
      crumbs[i].color = rf_color_random (random);
    }

  /* A bar across a part of the object, in three pictures of ten. */
  gboolean barred = rf_random_below (random, 10) < 3;
  float bar_dx, bar_dy, bar_at, bar_half = rf_random_between (random, .7f, 1.5f);
  rf_random_direction (random, &bar_dx, &bar_dy);
  bar_at = place.x * bar_dx + place.y * bar_dy + rf_random_between (random, -.8f, .8f) * pixels;
  RfColor bar_color = rf_color_random (random);

  float light_x, light_y, light = rf_random_between (random, 0, .25f);
  rf_random_direction (random, &light_x, &light_y);
  float noise = rf_random_between (random, .02f, .06f);

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        float px = (float) x + .5f, py = (float) y + .5f;
        RfColor color = rf_texture_at (&ground, px, py);
        float distance = rf_outline_distance (outline, to_object (&place, px, py)) * pixels;
        float covered = coverage (distance);
        if (covered > 0)
          color = rf_color_mix (color, rf_texture_at (&object, px, py), covered);
        for (guint32 i = 0; i < n_crumbs; i++)
          {
            float u = px - crumbs[i].x, v = py - crumbs[i].y;
            color = rf_color_mix (color, crumbs[i].color,
                                  coverage (sqrtf (u * u + v * v) - crumbs[i].radius));
          }
        if (barred)
          color = rf_color_mix (color, bar_color,
                                coverage (fabsf (px * bar_dx + py * bar_dy - bar_at) - bar_half));

        float shade = 1 + light * ((px - 16) * light_x + (py - 16) * light_y) / 16;
        const float channels[3] = { color.r, color.g, color.b };
        for (int c = 0; c < 3; c++)
          {
            /* The sum of four bytes: nearly normal, mean 510, deviation 148. */
            guint32 word = rf_random_uint32 (random);
            int sum = (int) ((word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24));
            float value = channels[c] * shade + noise * (float) (sum - 510) / 148;
            out[(c * SIDE + y) * SIDE + x] = (guint8) CLAMP (value * 255 + .5f, 0, 255);
          }
      }
}

static void
draw_item (void *data, int item, int worker)
{
  RfDataset *dataset = data;
  for (guint32 i = 0; i < PICTURES_PER_ITEM; i++)
    {
      guint32 row = (guint32) item * PICTURES_PER_ITEM + i;
      dataset->labels[row] = (gint32) (row % RF_N_OUTLINES);
      draw (row, dataset->bytes + (gsize) row * 3 * SIDE * SIDE);
    }
}

static char *
find (const char *const *folders)
{
  return g_strdup ("");
}

static RfDataset *
load (const char *folder, RfProgressFunc progress, gpointer data, GCancellable *cancellable,
      GError **error)
{
  RfDataset *dataset = rf_dataset_new (_ ("Shapes"), (RfShape){ 3, SIDE, SIDE }, RF_N_OUTLINES,
                                       rf_outline_names, N_TRAIN + N_TEST, TRUE, error);
  if (!dataset)
    return NULL;
  rf_parallel ((N_TRAIN + N_TEST) / PICTURES_PER_ITEM, draw_item, dataset);
  rf_dataset_add_rows (dataset, RF_SPLIT_TRAIN, 0, N_TRAIN);
  rf_dataset_add_rows (dataset, RF_SPLIT_TEST, N_TRAIN, N_TEST);
  return dataset;
}

const RfSourceClass rf_shapes_source = {
  .id = "shapes",
  .title = N_ ("Shapes"),
  .summary = N_ ("12,000 drawn pictures of 32×32 pixels in 10 classes; built in"),
  .find = find,
  .load = load,
};
