/* SPDX-License-Identifier: GPL-3.0-or-later */

/* predict: classes of pictures, or logits of a whole file of tensors.
 *
 * A run's experiment.json holds shape, mean and deviation, and its weights the names of the
 * classes, so the data set is only looked for where one of these is missing. */

#include "cli/cli.h"
#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/dataset/image.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BATCH 128

typedef struct
{
  const RfModelSource *source;
  const char *data_folder;
  RfDataset *dataset; /* or NULL: not needed, or absent for this reason */
  GError *absent;
  RfNet *net;
  int n_classes;
  float *images; /* one batch */
} Predictor;

/* A batch of inputs from @first on, as floats ready for the network. */
typedef void (*FillFunc) (Predictor *predictor, gsize first, int n, gpointer data);
/* Takes a batch of logits [n, classes]. */
typedef void (*TakeFunc) (Predictor *predictor, gsize first, int n, const float *logits,
                          gpointer data);

/* @pictures: whether bytes will have to be normalised. */
static gboolean
predictor_open (Predictor *predictor, gboolean pictures, GError **error)
{
  const RfExperiment *experiment = predictor->source->experiment;
  const RfNormalize normalize = experiment->dataset.normalize;
  const gboolean numbers_open
      = pictures && normalize != RF_NORMALIZE_NO && normalize != RF_NORMALIZE_GIVEN;
  const gboolean needed = numbers_open || experiment->network.input.channels == 0;

  if (needed)
    predictor->dataset
        = rf_model_source_load_data (predictor->source, predictor->data_folder, &predictor->absent);
  if (predictor->absent)
    {
      g_propagate_error (error, g_steal_pointer (&predictor->absent));
      return FALSE;
    }

  const RfShape input = predictor->dataset ? predictor->dataset->shape : (RfShape){ 0 };
  predictor->net = rf_model_source_load_net (predictor->source, input, BATCH, error);
  if (!predictor->net)
    return FALSE;
  if (pictures && !needed && !predictor->net->classes)
    predictor->dataset
        = rf_model_source_load_data (predictor->source, predictor->data_folder, &predictor->absent);
  predictor->n_classes = (int) RF_SHAPE_COUNT (predictor->net->output);
  predictor->images = rf_floats_try_new (BATCH * RF_SHAPE_COUNT (predictor->net->input), error);
  return predictor->images != NULL;
}

static void
predictor_close (Predictor *predictor)
{
  g_clear_pointer (&predictor->dataset, rf_dataset_unref);
  g_clear_pointer (&predictor->net, rf_net_free);
  g_clear_pointer (&predictor->images, rf_floats_free);
  g_clear_error (&predictor->absent);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predictor, predictor_close)

static void
predict_all (Predictor *predictor, gsize n, FillFunc fill, TakeFunc take, gpointer data)
{
  for (gsize first = 0; first < n; first += BATCH)
    {
      const int size = (int) MIN (BATCH, n - first);
      const RfPass pass = { .n = size, .training = FALSE };
      fill (predictor, first, size, data);
      rf_pool_enter (RF_POOL_INSPECT);
      const float *logits = rf_net_forward (predictor->net, &pass, predictor->images);
      take (predictor, first, size, logits, data);
      rf_pool_leave ();
    }
}

/* Bytes of one picture as the network saw them when it was trained. */
static void
normalize_bytes (const Predictor *predictor, const guint8 *bytes, float *out)
{
  const RfDatasetConfig *config = &predictor->source->experiment->dataset;
  const RfDataset *dataset = predictor->dataset;
  const RfShape shape = predictor->net->input;
  const gsize plane = (gsize) shape.height * shape.width;
  const RfKernels *kernels = rf_kernels_get (rf_kernels_path ());
  double mean[RF_MAX_CHANNELS], deviation[RF_MAX_CHANNELS];
  rf_dataset_find_scale (config, dataset, mean, deviation);
  for (int c = 0; c < shape.channels; c++)
    kernels->bytes_to_floats (bytes + c * plane, out + c * plane, plane, (float) mean[c],
                              (float) deviation[c]);
}

/* Pictures from files. */

typedef struct
{
  char **files;
  gsize n;
  guint8 *bytes;        /* [n, c, h, w] */
  float *probabilities; /* [n, classes] */
} Pictures;

static void
pictures_clear (Pictures *pictures)
{
  g_clear_pointer (&pictures->bytes, g_free);
  g_clear_pointer (&pictures->probabilities, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pictures, pictures_clear)

static gboolean
pictures_load (Pictures *pictures, RfShape shape, GError **error)
{
  const gsize size = RF_SHAPE_COUNT (shape);
  pictures->bytes = g_try_malloc_n (pictures->n, size);
  if (!pictures->bytes)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                   _ ("%zu pictures do not fit into memory; predict fewer at once"), pictures->n);
      return FALSE;
    }
  for (gsize i = 0; i < pictures->n; i++)
    {
      g_autoptr (RfImage) image = rf_image_load (pictures->files[i], error);
      if (!image || !rf_image_to_input (image, shape, pictures->bytes + i * size, error))
        return FALSE;
    }
  return TRUE;
}

static void
fill_from_pictures (Predictor *predictor, gsize first, int n, gpointer data)
{
  const Pictures *pictures = data;
  const gsize size = RF_SHAPE_COUNT (predictor->net->input);
  for (int i = 0; i < n; i++)
    normalize_bytes (predictor, pictures->bytes + (first + i) * size, predictor->images + i * size);
}

static void
take_probabilities (Predictor *predictor, gsize first, int n, const float *logits, gpointer data)
{
  const Pictures *pictures = data;
  const gsize k = predictor->n_classes;
  for (int i = 0; i < n; i++)
    rf_softmax (logits + i * k, (int) k, pictures->probabilities + (first + i) * k);
}

static char *
class_name (const Predictor *predictor, int k)
{
  const RfDataset *dataset = predictor->dataset;
  if (predictor->net->classes)
    return g_strdup (predictor->net->classes[k]);
  return dataset && dataset->n_classes == predictor->n_classes ? g_strdup (dataset->classes[k])
                                                               : g_strdup_printf ("%d", k);
}

static int
best_class (const Predictor *predictor, const float *p)
{
  int best = 0;
  for (int k = 1; k < predictor->n_classes; k++)
    if (p[k] > p[best])
      best = k;
  return best;
}

static int
print_predictions_json (const Predictor *predictor, const Pictures *pictures)
{
  json_t *predictions = json_array ();
  for (gsize i = 0; i < pictures->n; i++)
    {
      const float *p = pictures->probabilities + i * predictor->n_classes;
      g_autofree char *file = g_filename_display_name (pictures->files[i]);
      g_autofree char *name = class_name (predictor, best_class (predictor, p));
      json_t *probabilities = json_array ();
      for (int k = 0; k < predictor->n_classes; k++)
        json_array_append_new (probabilities, rf_cli_json_number (p[k]));
      json_array_append_new (predictions, json_pack ("{s:s, s:s, s:o}", "file", file, "class", name,
                                                     "probabilities", probabilities));
    }
  json_t *object = json_pack ("{s:o}", "predictions", predictions);
  const int status = rf_cli_print_json (object);
  json_decref (object);
  return status;
}

static int
print_predictions (const Predictor *predictor, const Pictures *pictures)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < pictures->n; i++)
    {
      const float *p = pictures->probabilities + i * predictor->n_classes;
      const int best = best_class (predictor, p);
      g_autofree char *file = g_filename_display_name (pictures->files[i]);
      g_autofree char *name = class_name (predictor, best);
      g_string_append_printf (text, "%s: %s (", file, name);
      rf_cli_append_percent (text, p[best]);
      g_string_append (text, ")\n");
    }
  return rf_cli_print (text->str);
}

static int
predict_pictures (Predictor *predictor, char **files, gsize n, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_auto (Pictures) pictures = { .files = files, .n = n };
  if (!predictor_open (predictor, TRUE, &error)
      || !pictures_load (&pictures, predictor->net->input, &error))
    return rf_cli_fail (error);
  rf_model_source_say_remark (predictor->source);
  if (predictor->absent)
    rf_cli_note (_ ("classes are numbers, because their names are not known: %s"),
                 predictor->absent->message);

  pictures.probabilities = g_new (float, n * predictor->n_classes);
  predict_all (predictor, n, fill_from_pictures, take_probabilities, &pictures);
  return as_json ? print_predictions_json (predictor, &pictures)
                 : print_predictions (predictor, &pictures);
}

/* A file of tensors. */

typedef struct
{
  const RfTensor *tensor; /* "images" [n, c, h, w] */
  gsize n;
  float *logits; /* [n, classes] */
} Tensors;

static void
tensors_clear (Tensors *tensors)
{
  g_clear_pointer (&tensors->logits, rf_floats_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tensors, tensors_clear)

static const RfTensor *
find_images (const RfSafetensors *file, GError **error)
{
  const RfTensor *images = rf_safetensors_find (file, "images");
  if (!images)
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s: has no tensor \"images\""),
                 rf_safetensors_origin (file));
  else if (images->dtype != RF_DTYPE_F32 && images->dtype != RF_DTYPE_U8)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: \"images\" is %s; it must be F32 or U8"),
                 rf_safetensors_origin (file), rf_dtype_name (images->dtype));
  else
    return images;
  return NULL;
}

static gboolean
check_images (const RfTensor *images, RfShape shape, const char *origin, GError **error)
{
  if (images->n_dims == 4 && images->dims[0] > 0 && images->dims[1] == shape.channels
      && images->dims[2] == shape.height && images->dims[3] == shape.width)
    return TRUE;
  g_autoptr (GString) found = g_string_new (NULL);
  for (guint i = 0; i < images->n_dims; i++)
    g_string_append_printf (found, "%s%" G_GINT64_FORMAT, i ? ", " : "", images->dims[i]);
  g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
               _ ("%s: \"images\" is [%s]; the network takes [N, %d, %d, %d] with N at least 1"),
               origin, found->str, shape.channels, shape.height, shape.width);
  return FALSE;
}

static void
fill_from_tensor (Predictor *predictor, gsize first, int n, gpointer data)
{
  const Tensors *tensors = data;
  const gsize size = RF_SHAPE_COUNT (predictor->net->input);
  if (tensors->tensor->dtype == RF_DTYPE_F32)
    {
      /* Bytewise: data in a file need not be aligned. */
      memcpy (predictor->images,
              (const guint8 *) tensors->tensor->data + first * size * sizeof (float),
              n * size * sizeof (float));
      return;
    }
  for (int i = 0; i < n; i++)
    normalize_bytes (predictor, (const guint8 *) tensors->tensor->data + (first + i) * size,
                     predictor->images + i * size);
}

static void
take_logits (Predictor *predictor, gsize first, int n, const float *logits, gpointer data)
{
  const Tensors *tensors = data;
  const gsize k = predictor->n_classes;
  memcpy (tensors->logits + first * k, logits, n * k * sizeof (float));
}

static gboolean
write_logits (const Tensors *tensors, int n_classes, const char *output, GError **error)
{
  const gsize count = tensors->n * n_classes;
  const RfTensor logits = {
    .name = (char *) "logits",
    .dtype = RF_DTYPE_F32,
    .n_dims = 2,
    .dims = { (gint64) tensors->n, n_classes },
    .count = count,
    .data = tensors->logits,
    .size = count * sizeof (float),
  };
  return rf_safetensors_write (output, &logits, 1, NULL, error);
}

static int
predict_tensors (Predictor *predictor, const char *input, const char *output, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSafetensors) file = rf_safetensors_open (input, &error);
  g_auto (Tensors) tensors = { 0 };
  if (!file || !(tensors.tensor = find_images (file, &error))
      || !predictor_open (predictor, tensors.tensor->dtype == RF_DTYPE_U8, &error)
      || !check_images (tensors.tensor, predictor->net->input, input, &error))
    return rf_cli_fail (error);

  tensors.n = (gsize) tensors.tensor->dims[0];
  tensors.logits = rf_floats_try_new (tensors.n * predictor->n_classes, &error);
  if (!tensors.logits)
    return rf_cli_fail (error);
  predict_all (predictor, tensors.n, fill_from_tensor, take_logits, &tensors);
  if (!write_logits (&tensors, predictor->n_classes, output, &error))
    return rf_cli_fail (error);
  rf_model_source_say_remark (predictor->source);
  if (!as_json)
    return RF_EXIT_DONE;

  g_autofree char *name = g_filename_display_name (output);
  json_t *object = json_pack ("{s:s, s:I, s:i}", "output", name, "n", (json_int_t) tensors.n,
                              "classes", predictor->n_classes);
  const int status = rf_cli_print_json (object);
  json_decref (object);
  return status;
}

static int
predict (int argc, char **argv)
{
  g_autofree char *weights = NULL, *input = NULL, *output = NULL, *data = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &weights,
      N_ ("Weights to use (default: the run's newest, else those of the seed)"), "FILE" },
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &input,
      N_ ("Predict the tensor \"images\" of this file: F32 as it is, U8 normalised"),
      "FILE.safetensors" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output,
      N_ ("Write the tensor \"logits\", F32 [N, classes], to this file"), "FILE.safetensors" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    RF_CLI_DATA_OPTION (&data),
    RF_CLI_THREADS_OPTION,
    { NULL },
  };
  if (!rf_cli_parse (entries, "RUN|EXPERIMENT IMAGE…",
                     _ ("Tell the classes of pictures, or write the logits of a file of them."),
                     NULL, &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 0, "RUN|EXPERIMENT"))
    return RF_EXIT_USAGE;
  if (!input != !output || (input && (!*input || !*output)))
    return rf_cli_misuse (argv[0], _ ("--input and --output go together"));
  if (input && argc > 2)
    return rf_cli_misuse (argv[0], _ ("give pictures or --input, not both"));
  if (!input && argc < 3)
    return rf_cli_misuse (argv[0], _ ("%s is missing"), _ ("IMAGE or --input FILE"));

  g_autoptr (GError) error = NULL;
  g_auto (RfModelSource) source = { 0 };
  if (!rf_model_source_open (&source, argv[1], weights, &error))
    return rf_cli_fail (error);
  g_auto (Predictor) predictor = { .source = &source, .data_folder = data };
  return input ? predict_tensors (&predictor, input, output, as_json)
               : predict_pictures (&predictor, argv + 2, argc - 2, as_json);
}

const RfVerb rf_predict_verb = {
  .name = "predict",
  .summary = N_ ("classes of pictures, logits of a file of them"),
  .run = predict,
};
