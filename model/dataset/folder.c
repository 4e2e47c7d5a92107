/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of pictures, one sub-folder a class.
 *
 * Classes are numbered in the order of their names, compared byte by byte, as PyTorch's ImageFolder
 * does; so are pictures within a class. Hidden files and files without the name of a picture are
 * passed over. All pictures are looked at, so that a folder with bad ones is refused with the first
 * and their number. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>

#include "model/base/error.h"
#include "model/dataset/image.h"
#include "model/dataset/parallel.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Names in a folder for which @wanted is true, sorted. */
static GPtrArray *
list (const char *folder, gboolean (*wanted) (const char *path, const char *name), GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &problem);
  if (!dir)
    {
      gboolean missing = g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_set_error (error, RF_ERROR, missing ? RF_ERROR_MISSING : RF_ERROR_FORMAT,
                   _ ("%s: is not a folder that can be read: %s"), folder, problem->message);
      return NULL;
    }
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (name[0] != '.' && wanted (path, name))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gboolean
is_folder (const char *path, const char *name)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
is_picture (const char *path, const char *name)
{
  return rf_image_has_name (name) && !g_file_test (path, G_FILE_TEST_IS_DIR);
}

typedef struct
{
  GPtrArray *classes;         /* names of the sub-folders */
  GPtrArray *paths;           /* of pictures, in the order of rows */
  GArray *labels;             /* gint32 */
  gsize n_split[RF_N_SPLITS]; /* pictures of each split, one after another in the order below */
} Scan;

static void
scan_clear (Scan *scan)
{
  g_clear_pointer (&scan->classes, g_ptr_array_unref);
  g_clear_pointer (&scan->paths, g_ptr_array_unref);
  g_clear_pointer (&scan->labels, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

static gboolean
find_class (const Scan *scan, const char *name, gint32 *label)
{
  guint index;
  gboolean found = g_ptr_array_find_with_equal_func (scan->classes, name, g_str_equal, &index);
  *label = (gint32) index;
  return found;
}

/* Adds the pictures of one split; the first one scanned says which classes there are. */
static gboolean
scan_split (Scan *scan, const char *folder, RfSplit split, GError **error)
{
  g_autoptr (GPtrArray) names = list (folder, is_folder, error);
  if (!names)
    return FALSE;
  if (!scan->classes)
    scan->classes = g_ptr_array_ref (names);
  if (scan->classes->len == 0 || scan->classes->len > RF_DATASET_MAX_CLASSES)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   scan->classes->len ? _ ("%s: has more sub-folders than classes are possible")
                                      : _ ("%s: has no sub-folders; each class is one, with its "
                                           "pictures in it"),
                   folder);
      return FALSE;
    }

  gsize before = scan->paths->len;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *class_folder = g_build_filename (folder, name, NULL);
      gint32 label;
      if (!find_class (scan, name, &label))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: there is no class of this name among those for training"),
                       class_folder);
          return FALSE;
        }
      g_autoptr (GPtrArray) pictures = list (class_folder, is_picture, error);
      if (!pictures)
        return FALSE;
      if (pictures->len == 0)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: this class has no pictures"),
                       class_folder);
          return FALSE;
        }
      for (guint j = 0; j < pictures->len; j++)
        {
          g_ptr_array_add (scan->paths,
                           g_build_filename (class_folder, g_ptr_array_index (pictures, j), NULL));
          g_array_append_val (scan->labels, label);
        }
    }
  scan->n_split[split] += scan->paths->len - before;
  return TRUE;
}

/* train/ with test/ or val/ beside it, or the classes themselves. */
static gboolean
scan_folder (Scan *scan, const char *folder, GError **error)
{
  static const char *const names[RF_N_SPLITS] = { "train", "val", "test" };
  g_autofree char *train = g_build_filename (folder, names[RF_SPLIT_TRAIN], NULL);

  scan->paths = g_ptr_array_new_with_free_func (g_free);
  scan->labels = g_array_new (FALSE, FALSE, sizeof (gint32));
  if (!g_file_test (train, G_FILE_TEST_IS_DIR))
    return scan_split (scan, folder, RF_SPLIT_TRAIN, error);
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      g_autofree char *part = g_build_filename (folder, names[split], NULL);
      if (g_file_test (part, G_FILE_TEST_IS_DIR) && !scan_split (scan, part, split, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
rf_dataset_scan_folder (const char *folder, gint *n_classes, gsize n_split[RF_N_SPLITS],
                        GError **error)
{
  g_return_val_if_fail (folder && n_classes && n_split, FALSE);

  g_auto (Scan) scan = { NULL };
  if (!scan_folder (&scan, folder, error))
    return FALSE;
  *n_classes = (gint) scan.classes->len;
  memcpy (n_split, scan.n_split, sizeof scan.n_split);
  return TRUE;
}

typedef struct
{
  const Scan *scan;
  RfDataset *dataset;
  GCancellable *cancellable;
  RfProgressFunc progress;
  gpointer progress_data;
  pthread_mutex_t lock; /* of what follows */
  gsize n_done, n_bad, first_bad;
  GError *problem; /* of the first bad one */
} Decoding;

static void
decode_picture (void *data, int item, int worker)
{
  Decoding *decoding = data;
  if (g_cancellable_is_cancelled (decoding->cancellable))
    return;

  g_autoptr (GError) problem = NULL;
  RfDataset *dataset = decoding->dataset;
  g_autoptr (RfImage) image
      = rf_image_load (g_ptr_array_index (decoding->scan->paths, (guint) item), &problem);
  gboolean sound = image
                   && rf_image_to_input (
                       image, dataset->shape,
                       dataset->bytes + (gsize) item * RF_SHAPE_COUNT (dataset->shape), &problem);

  pthread_mutex_lock (&decoding->lock);
  decoding->n_done++;
  if (!sound && (decoding->n_bad++ == 0 || (gsize) item < decoding->first_bad))
    {
      decoding->first_bad = (gsize) item;
      g_clear_error (&decoding->problem);
      decoding->problem = g_steal_pointer (&problem);
    }
  if (decoding->progress && decoding->n_done % 64 == 0)
    decoding->progress ((double) decoding->n_done / decoding->scan->paths->len, dataset->title,
                        decoding->progress_data);
  pthread_mutex_unlock (&decoding->lock);
}

static gboolean
decode (Decoding *decoding, GError **error)
{
  pthread_mutex_init (&decoding->lock, NULL);
  rf_parallel ((int) decoding->scan->paths->len, decode_picture, decoding);
  pthread_mutex_destroy (&decoding->lock);

  g_autoptr (GError) problem = g_steal_pointer (&decoding->problem);
  if (g_cancellable_set_error_if_cancelled (decoding->cancellable, error))
    return FALSE;
  if (!problem)
    return TRUE;
  if (decoding->n_bad == 1)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, problem->domain, problem->code,
                 ngettext ("%s; %zu more picture is bad", "%s; %zu more pictures are bad",
                           decoding->n_bad - 1),
                 problem->message, decoding->n_bad - 1);
  return FALSE;
}

RfDataset *
rf_dataset_load_folder (const char *folder, RfShape input, RfProgressFunc progress, gpointer data,
                        GCancellable *cancellable, GError **error)
{
  RfShape shape = input.channels > 0 ? input : (RfShape){ 3, 32, 32 };
  if (!rf_image_check_input (shape, error))
    return NULL;
  g_auto (Scan) scan = { 0 };
  if (!scan_folder (&scan, folder, error))
    return NULL;

  g_autofree char *title = rf_dataset_title_of (folder);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < scan.classes->len; i++)
    {
      g_autofree char *name = g_filename_display_name (g_ptr_array_index (scan.classes, i));
      g_strv_builder_add (builder, name);
    }
  g_auto (GStrv) classes = g_strv_builder_end (builder);
  g_autoptr (RfDataset) dataset
      = rf_dataset_new (title, shape, (gint) scan.classes->len, (const char *const *) classes,
                        scan.paths->len, TRUE, error);
  if (!dataset)
    return NULL;

  memcpy (dataset->labels, scan.labels->data, dataset->n * sizeof (gint32));
  gsize first = 0;
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      rf_dataset_add_rows (dataset, split, (guint32) first, scan.n_split[split]);
      first += scan.n_split[split];
    }
  Decoding decoding = { &scan, dataset, cancellable, progress, data };
  return decode (&decoding, error) ? g_steal_pointer (&dataset) : NULL;
}
