/* SPDX-License-Identifier: GPL-3.0-or-later */

/* filter: one convolution, or a chain of stages, over a picture.
 *
 * Bytes in, bytes out: values are computed in floats, rounded and clipped at the very end. */

#include "cli/cli.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/base/pool.h"
#include "model/dataset/image.h"
#include "model/filter/chain.h"
#include "model/filter/presets.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Repeated so often, or for so long, for --time. */
#define MAX_TIMES    15
#define MAX_SECONDS  2
#define JPEG_QUALITY "95"

typedef struct
{
  char *kernel, *chain, *out;
  char *stride, *padding, *dilation, *border;
  gboolean convolve, time;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->kernel);
  g_free (arguments->chain);
  g_free (arguments->out);
  g_free (arguments->stride);
  g_free (arguments->padding);
  g_free (arguments->dilation);
  g_free (arguments->border);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* --- The result ----------------------------------------------------------------------------- */

/* "png", "jpeg", or NULL. */
static const char *
format_of (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  if (g_str_has_suffix (lower, ".png"))
    return "png";
  return g_str_has_suffix (lower, ".jpg") || g_str_has_suffix (lower, ".jpeg") ? "jpeg" : NULL;
}

static gboolean
write_picture (const char *path, guint8 *rgb, int height, int width, GError **error)
{
  const char *format = format_of (path);
  const gboolean png = g_str_equal (format, "png");
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_data (rgb, GDK_COLORSPACE_RGB, FALSE, 8, width,
                                                           height, width * 3, NULL, NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) problem = NULL;
  gsize size;
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, format, &problem,
                                  png ? "compression" : "quality", png ? "3" : JPEG_QUALITY, NULL))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: cannot be encoded: %s"), path,
                   problem->message);
      return FALSE;
    }
  const RfChunk chunk = { data, size };
  return rf_file_write (path, &chunk, 1, error);
}

static guint8 *
new_picture (RfShape shape, GError **error)
{
  const gsize size = (gsize) shape.height * shape.width * 3;
  guint8 *rgb = g_try_malloc (size);
  if (!rgb)
    g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                 _ ("a result of %d×%d pixels does not fit into memory"), shape.width,
                 shape.height);
  else
    memset (rgb, 0, size); /* the pages are there before the clock starts */
  return rgb;
}

/* A single map becomes three equal channels, in place: from the end, as each pixel grows. */
static void
spread_grey (guint8 *rgb, gsize n_pixels)
{
  for (gsize i = n_pixels; i-- > 0;)
    rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = rgb[i];
}

/* --- Time ----------------------------------------------------------------------------------- */

typedef gboolean (*RunFunc) (gpointer data, GError **error);

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return x < y ? -1 : x > y;
}

/* Runs once, or with @timed several times, and says the median. */
static gboolean
run_timed (RunFunc run, gpointer data, gboolean timed, GString *said, GError **error)
{
  gint64 times[MAX_TIMES], all = 0;
  int n = 0;

  /* The threads are there before the clock starts. */
  rf_pool_get_threads ();
  do
    {
      const gint64 begin = g_get_monotonic_time ();
      if (!run (data, error))
        return FALSE;
      all += times[n++] = g_get_monotonic_time () - begin;
    }
  while (timed && n < MAX_TIMES && all < MAX_SECONDS * G_USEC_PER_SEC);
  if (!timed)
    return TRUE;

  qsort (times, (gsize) n, sizeof times[0], compare_times);
  g_autofree char *milliseconds = g_strdup_printf ("%.3f", (double) times[n / 2] / 1000);
  g_string_append_printf (said, _ ("filtering: %s ms (median of %d)\n"), milliseconds, n);
  return TRUE;
}

/* --- One kernel ----------------------------------------------------------------------------- */

typedef struct
{
  const RfFilterPlan *plan;
  RfPixels input, output;
} KernelRun;

static gboolean
run_kernel (gpointer data, GError **error)
{
  const KernelRun *run = data;
  return rf_filter_run (run->plan, &run->input, &run->output, NULL);
}

static guint8 *
filter_by_kernel (const RfKernel *kernel, const RfFilterOptions *options, const RfImage *image,
                  gboolean timed, RfShape *shape, GString *said, GError **error)
{
  const RfPixels input = rf_pixels_rgb (image->rgb, image->height, image->width);
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (kernel, options, input.shape, error);
  if (!plan)
    return NULL;
  *shape = rf_filter_plan_get_output (plan);
  g_autofree guint8 *rgb = new_picture (*shape, error);
  if (!rgb)
    return NULL;

  RfPixels output = rf_pixels_rgb (rgb, shape->height, shape->width);
  output.shape = *shape;
  if (shape->channels == 1)
    {
      output.pixel = 1;
      output.row = (gsize) shape->width;
    }
  KernelRun run = { plan, input, output };
  if (!run_timed (run_kernel, &run, timed, said, error))
    return NULL;
  if (shape->channels == 1)
    spread_grey (rgb, (gsize) shape->height * shape->width);
  return g_steal_pointer (&rgb);
}

/* --- A chain -------------------------------------------------------------------------------- */

typedef struct
{
  const RfChain *chain;
  RfPixels input;
  RfChainResults results;
} ChainRun;

static gboolean
run_chain (gpointer data, GError **error)
{
  ChainRun *run = data;
  return rf_chain_run (run->chain, &run->input, 0, FALSE, &run->results, NULL, error);
}

static guint8 *
filter_by_chain (const RfChain *chain, const char *origin, const RfImage *image, gboolean timed,
                 RfShape *shape, GString *said, GError **error)
{
  g_autofree ChainRun *run = g_new0 (ChainRun, 1);
  guint8 *rgb = NULL;

  run->chain = chain;
  run->input = rf_pixels_rgb (image->rgb, image->height, image->width);
  if (!run_timed (run_chain, run, timed, said, error))
    {
      g_prefix_error (error, "%s: ", origin);
      rf_chain_results_clear (&run->results);
      return NULL;
    }
  const int last = chain->n_stages - 1;
  *shape = run->results.shapes[last];
  rgb = new_picture (*shape, error);
  const gsize plane = (gsize) shape->height * shape->width;
  const float *values = run->results.values[last];
  for (gsize i = 0; rgb && i < 3 * plane; i++)
    {
      const float value = values[shape->channels == 1 ? i / 3 : i % 3 * plane + i / 3] * 255;
      rgb[i] = (guint8) rintf (value > 0 ? fminf (value, 255) : 0);
    }
  rf_chain_results_clear (&run->results);
  return rgb;
}

/* --- Arguments ------------------------------------------------------------------------------ */

/* A whole number, in both directions. */
static gboolean
parse_number (const char *program, const char *option, const char *text, int low, int high,
              int numbers[2])
{
  gint64 number = 0;
  if (!text)
    return TRUE;
  if (!g_ascii_string_to_signed (text, 10, low, high, &number, NULL))
    {
      rf_cli_misuse (program, _ ("%s takes a whole number from %d to %d, not \"%s\""), option, low,
                     high, text);
      return FALSE;
    }
  numbers[0] = numbers[1] = (int) number;
  return TRUE;
}

static gboolean
parse_border (const char *program, const char *text, RfBorder *border)
{
  if (!text)
    return TRUE;
  for (int i = 0; rf_border_names[i]; i++)
    if (g_str_equal (rf_border_names[i], text))
      {
        *border = i;
        return TRUE;
      }
  rf_cli_misuse (program, _ ("--border is zero, edge, reflect or wrap, not \"%s\""), text);
  return FALSE;
}

static gboolean
parse_options (const char *program, const Arguments *arguments, RfFilterOptions *options)
{
  if (!parse_number (program, "--stride", arguments->stride, 1, RF_FILTER_MAX_STRIDE,
                     options->stride)
      || !parse_number (program, "--dilation", arguments->dilation, 1, RF_FILTER_MAX_DILATION,
                        options->dilation)
      || !parse_number (program, "--padding", arguments->padding, 0, RF_FILTER_MAX_PADDING,
                        options->padding)
      || !parse_border (program, arguments->border, &options->border))
    return FALSE;
  options->same = arguments->padding == NULL;
  options->padding[2] = options->padding[3] = options->padding[0];
  options->convolve = arguments->convolve;
  return TRUE;
}

static gboolean
check_arguments (const char *program, const Arguments *arguments)
{
  const char *of_kernel = arguments->stride     ? "--stride"
                          : arguments->padding  ? "--padding"
                          : arguments->dilation ? "--dilation"
                          : arguments->border   ? "--border"
                          : arguments->convolve ? "--convolve"
                                                : NULL;
  if (!arguments->kernel && !arguments->chain)
    rf_cli_misuse (program, _ ("%s is missing"), "--kernel NAME|ROWS");
  else if (arguments->kernel && arguments->chain)
    rf_cli_misuse (program, _ ("--kernel and --chain do not go together"));
  else if (arguments->chain && of_kernel)
    rf_cli_misuse (program, _ ("%s does not go with --chain, which says it for each stage"),
                   of_kernel);
  else if (!arguments->out || !*arguments->out)
    rf_cli_misuse (program, _ ("%s is missing"), "--out IMAGE");
  else if (!format_of (arguments->out))
    rf_cli_misuse (program, _ ("--out is a file .png, .jpg or .jpeg, not \"%s\""), arguments->out);
  else
    return TRUE;
  return FALSE;
}

/* "Kernels:" and each with its parameters. */
static char *
describe_kernels (void)
{
  GString *text = g_string_new (_ ("Kernels, with their parameters:\n"));
  for (const RfPreset *preset = rf_presets; preset->name; preset++)
    {
      g_autoptr (GString) name = g_string_new (preset->name);
      for (int i = 0; i < rf_preset_n_parameters (preset); i++)
        {
          g_string_append_printf (name, "%c%s=", i ? ',' : ':', preset->parameters[i].name);
          rf_append_number (name, preset->parameters[i].fallback);
        }
      g_string_append (text, "  ");
      rf_cli_append_padded (text, name->str, 46);
      g_string_append_printf (text, " %s\n", _ (preset->title));
    }
  g_string_append (text, _ ("\nChains:\n"));
  for (const RfReadyChain *ready = rf_ready_chains; ready->name; ready++)
    {
      g_string_append (text, "  ");
      rf_cli_append_padded (text, ready->name, 46);
      g_string_append_printf (text, " %s\n", _ (ready->title));
    }
  g_string_append (text, _ ("\nRows are numbers or fractions: \"0 -1 0; -1 5 -1; 0 -1 0\", or as "
                            "NumPy and C write them."));
  return g_string_free (text, FALSE);
}

/* A ready-made chain by its name, unless a file has it. */
static RfChain *
load_chain (const char *name, GError **error)
{
  RfChain *ready = g_file_test (name, G_FILE_TEST_EXISTS) ? NULL : rf_chain_new_ready (name);
  return ready ? ready : rf_chain_load (name, error);
}

static int
filter (int argc, char **argv)
{
  g_auto (Arguments) arguments = { 0 };
  const GOptionEntry entries[] = {
    { "kernel", 'k', 0, G_OPTION_ARG_STRING, &arguments.kernel,
      N_ ("A kernel by its name, with parameters if wanted, or its rows"), "NAME|ROWS" },
    { "chain", 'c', 0, G_OPTION_ARG_FILENAME, &arguments.chain,
      N_ ("A chain of stages from a file, or by its name"), "FILE|NAME" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.out, N_ ("File to write: .png or .jpg"),
      "IMAGE" },
    { "stride", 0, 0, G_OPTION_ARG_STRING, &arguments.stride,
      N_ ("Pixels from one window to the next (default 1)"), "N" },
    { "padding", 0, 0, G_OPTION_ARG_STRING, &arguments.padding,
      N_ ("Pixels around the picture (default: as many as keep its size)"), "N" },
    { "dilation", 0, 0, G_OPTION_ARG_STRING, &arguments.dilation,
      N_ ("Pixels from one weight to the next (default 1)"), "N" },
    { "border", 0, 0, G_OPTION_ARG_STRING, &arguments.border,
      N_ ("What lies around: zero (default), edge, reflect or wrap"), "KIND" },
    { "convolve", 0, 0, G_OPTION_ARG_NONE, &arguments.convolve,
      N_ ("True convolution: the kernel turned by 180°"), NULL },
    { "time", 't', 0, G_OPTION_ARG_NONE, &arguments.time,
      N_ ("Filter several times and print the median of the filtering alone"), NULL },
    RF_CLI_THREADS_OPTION,
    { NULL },
  };
  g_autofree char *description = describe_kernels ();
  if (!rf_cli_parse (entries, "IMAGE (--kernel NAME|ROWS | --chain FILE) --out IMAGE",
                     _ ("Filter a picture, each of red, green and blue alone."), description, &argc,
                     &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "IMAGE")
      || !check_arguments (argv[0], &arguments))
    return RF_EXIT_USAGE;

  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfChain) chain = NULL;
  if (!parse_options (argv[0], &arguments, &options))
    return RF_EXIT_USAGE;
  if (arguments.kernel && !rf_preset_parse (arguments.kernel, &kernel, NULL, NULL, &error))
    return rf_cli_misuse (argv[0], "--kernel: %s", error->message);
  if (arguments.chain && !(chain = load_chain (arguments.chain, &error)))
    return rf_cli_fail (error);

  g_autoptr (RfImage) image = rf_image_load (argv[1], &error);
  if (!image)
    return rf_cli_fail (error);
  g_autoptr (GString) said = g_string_new (NULL);
  RfShape shape;
  g_autofree guint8 *rgb
      = chain
            ? filter_by_chain (chain, arguments.chain, image, arguments.time, &shape, said, &error)
            : filter_by_kernel (&kernel, &options, image, arguments.time, &shape, said, &error);
  if (!rgb || !write_picture (arguments.out, rgb, shape.height, shape.width, &error))
    return rf_cli_fail (error);
  return said->len ? rf_cli_print (said->str) : RF_EXIT_DONE;
}

const RfVerb rf_filter_verb = {
  .name = "filter",
  .summary = N_ ("filter a picture with a kernel or a chain of stages"),
  .run = filter,
};
