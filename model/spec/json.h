/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* JSON texts from outside, checked before they are believed, and JSON for people to read. */

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* Parses a text of @length bytes whose root is an object. Refused, with line and column: what is
 * not JSON or not UTF-8, a key that stands twice in one object, numbers beyond a double or 64 bits,
 * and nesting deeper than @max_depth. A byte order mark is skipped. The message does not name the
 * file. */
json_t *rf_json_parse (const char *text, gsize length, guint max_depth, GError **error);

/* The same for any JSON value. */
json_t *rf_json_parse_any (const char *text, gsize length, guint max_depth, GError **error);

/* Levels of objects and lists: 0 for a number, 1 for []. */
guint rf_json_depth (const json_t *value);

/* The text of a JSON value, indented by two spaces and ending in a newline. What holds no object
 * stands on one line, so that a layer is a line. Numbers as rf_append_number() writes them. */
char *rf_json_to_text (const json_t *value);

/* A double after one trip through a file: rounded to nine significant digits. Numbers are rounded
 * when they come in, so that a run and its resumed half, which read them from different files,
 * compute with the same ones. */
double rf_number_as_written (double value);

/* A number for a message: whole numbers in full, others with up to nine digits. */
char *rf_number_to_text (double value);

/* Text from outside as it may stand in a one-line message: without control characters, at most some
 * sixty characters long. */
char *rf_text_for_message (const char *text);

/* "training" and "epochs": "training.epochs"; "" and "name": "name". */
char *rf_json_path (const char *path, const char *key);

/* Sets "PATH: must be EXPECTED, not a list". */
void rf_json_set_type_error (GError **error, const char *path, const char *expected,
                             const json_t *found);
gboolean rf_json_check_object (const json_t *value, const char *path, GError **error);

/* Reads a text that is not empty; a missing or null one is an error. */
const char *rf_json_read_text (const json_t *value, const char *path, GError **error);

/* Refuses any key of @object that is not among @known (NULL-terminated). */
gboolean rf_json_check_keys (const json_t *object, const char *path, const char *const *known,
                             GError **error);

G_END_DECLS
