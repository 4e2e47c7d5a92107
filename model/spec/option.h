/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One row of an option table at work: a value between a config struct and JSON. What is written in
 * an experiment beside the specs (batch size, seed, …) is described by such tables too. */

#include "model/spec/spec.h"

G_BEGIN_DECLS

/* Sets every option of a table to its default. */
void rf_options_reset (const RfOption *options, void *config);
/* Reads each option that @object has; a required one that it has not is an error. Other keys are
 * left to rf_options_check_keys(). RF_OPTION_LAYERS are left to the caller. */
gboolean rf_options_read (const RfOption *options, void *config, const json_t *object,
                          const char *path, GError **error);
/* Refuses keys of @object that are neither in the table nor among @others (NULL-terminated). */
gboolean rf_options_check_keys (const RfOption *options, const char *const *others,
                                const json_t *object, const char *path, GError **error);

/* @path is that of the option itself. */
gboolean rf_option_read (const RfOption *option, void *config, const json_t *value,
                         const char *path, GError **error);
json_t *rf_option_write (const RfOption *option, const void *config);

double rf_option_get (const RfOption *option, const void *config);
gboolean rf_option_set (const RfOption *option, void *config, double value, const char *path,
                        GError **error);

/* Reads one number within the range of @option, rounded to nine digits. */
gboolean rf_option_read_number (const RfOption *option, const json_t *value, const char *path,
                                double *number, GError **error);

#define RF_OPTION_FIELD(type, option, config) (*(type *) ((char *) (config) + (option)->offset))

G_END_DECLS
