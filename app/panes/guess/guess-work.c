/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/guess/guess-work.h"

#include "model/base/error.h"

#include <glib/gi18n-lib.h>

RfGuessWork *
rf_guess_work_new (RfFilterPicture *picture, const RfPreset *hidden, const char *path,
                   const RfGuessConfig *config)
{
  RfGuessWork *self = g_new0 (RfGuessWork, 1);
  g_atomic_ref_count_init (&self->references);
  self->picture = rf_filter_picture_ref (picture);
  self->hidden = hidden;
  self->path = g_strdup (path);
  self->config = *config;
  rf_kernel_init (&self->kernel, config->height, config->width);
  return self;
}

RfGuessWork *
rf_guess_work_ref (RfGuessWork *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rf_guess_work_unref (RfGuessWork *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->guess, rf_guess_free);
  g_clear_pointer (&self->target, rf_raster_unref);
  rf_filter_picture_unref (self->picture);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self);
}

/* The hidden kernel over the small copy: as many pixels as are looked at anyway. */
static void
make_hidden (RfGuessWork *self)
{
  RfKernel kernel;
  rf_preset_build (self->hidden, NULL, &kernel);
  const RfPixels *input = &self->picture->preview;
  g_autoptr (RfFilterPlan) plan
      = rf_filter_plan_new (&kernel, &self->config.options, input->shape, &self->error);
  if (!plan)
    return;
  const RfShape shape = rf_filter_plan_get_output (plan);
  g_autofree float *values = g_new (float, RF_SHAPE_COUNT (shape));
  const RfPixels output = rf_pixels_planar (values, shape);
  rf_filter_run (plan, input, &output, NULL);
  self->guess = rf_guess_new (input, &output, &self->config, &self->error);
  const RfColorWish wish = { .channel = -1 };
  self->target = rf_filter_colors (values, shape, &wish).raster;
}

static void
make_pair (RfGuessWork *self)
{
  g_autoptr (RfFilterPicture) target = rf_filter_picture_load (self->path, &self->error);
  if (!target)
    return;
  const RfShape a = self->picture->pixels.shape, b = target->pixels.shape;
  if (a.width != b.width || a.height != b.height)
    {
      g_set_error (&self->error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("%s has %d×%d pixels; it must be as large as the picture, %d×%d"), self->path,
                   b.width, b.height, a.width, a.height);
      return;
    }
  self->guess = rf_guess_new (&self->picture->pixels, &target->pixels, &self->config, &self->error);
  self->target = rf_raster_ref (target->raster);
}

void
rf_guess_work_make (gpointer data)
{
  RfGuessWork *self = data;
  if (self->hidden)
    make_hidden (self);
  else
    make_pair (self);
  if (!self->guess)
    return;
  self->loss = rf_guess_get_loss (self->guess);
  self->sure_rate = rf_guess_get_rate (self->guess);
  self->best = rf_guess_get_best_loss (self->guess);
}

void
rf_guess_work_step (gpointer data)
{
  RfGuessWork *self = data;
  rf_guess_set_rate (self->guess, self->sure_rate * self->rate_factor);
  self->loss = rf_guess_step (self->guess, self->n_steps);
  self->taken = rf_guess_get_n_steps (self->guess);
  rf_guess_get_kernel (self->guess, &self->kernel);
}
