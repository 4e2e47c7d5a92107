/* SPDX-License-Identifier: GPL-3.0-or-later */

/* export: a run's weights as safetensors, or its network as a PyTorch script. */

#include "cli/cli.h"
#include "model/base/files.h"

#include <glib/gi18n-lib.h>

static int
export_weights (const RfModelSource *source, const char *out, RfDtype dtype)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = rf_model_source_load_net (source, (RfShape){ 0 }, 1, &error);
  if (!net || !rf_net_save (net, out, dtype, &error))
    return rf_cli_fail (error);
  rf_model_source_say_remark (source);
  return RF_EXIT_DONE;
}

static int
export_pytorch (const RfModelSource *source, const char *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net
      = rf_net_new (source->experiment, (RfShape){ 0 }, rf_kernels_path (), &error);
  if (!net)
    return rf_cli_fail (error);
  g_autofree char *script = rf_net_to_pytorch (net);
  if (!rf_file_write_text (out, script, &error))
    return rf_cli_fail (error);
  if (source->weights)
    rf_cli_note (_ ("%s builds the network; its weights are in %s"), out, source->weights);
  return RF_EXIT_DONE;
}

static int
export_run (int argc, char **argv)
{
  g_autofree char *out = NULL, *dtype_name = NULL, *format = NULL;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_ ("File to write"), "FILE" },
    { "dtype", 0, 0, G_OPTION_ARG_STRING, &dtype_name,
      N_ ("Numbers of the weights: f32 (default) or f16"), "TYPE" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      N_ ("safetensors (default): the weights; pytorch: the network as a script"), "FORMAT" },
    { NULL },
  };
  if (!rf_cli_parse (entries, "RUN --out FILE",
                     _ ("Write the newest weights of a run, or its network as PyTorch source."),
                     NULL, &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "RUN"))
    return RF_EXIT_USAGE;
  if (!out || !*out)
    return rf_cli_misuse (argv[0], _ ("%s is missing"), "--out FILE");

  const gboolean half = g_strcmp0 (dtype_name, "f16") == 0;
  if (dtype_name && !half && !g_str_equal (dtype_name, "f32"))
    return rf_cli_misuse (argv[0], _ ("--dtype is f32 or f16, not \"%s\""), dtype_name);
  const gboolean pytorch = g_strcmp0 (format, "pytorch") == 0;
  if (format && !pytorch && !g_str_equal (format, "safetensors"))
    return rf_cli_misuse (argv[0], _ ("--format is safetensors or pytorch, not \"%s\""), format);
  if (pytorch && dtype_name)
    return rf_cli_misuse (argv[0], _ ("--dtype goes with --format safetensors"));

  g_autoptr (GError) error = NULL;
  g_auto (RfModelSource) source = { 0 };
  if (!rf_model_source_open (&source, argv[1], NULL, &error))
    return rf_cli_fail (error);
  return pytorch ? export_pytorch (&source, out)
                 : export_weights (&source, out, half ? RF_DTYPE_F16 : RF_DTYPE_F32);
}

const RfVerb rf_export_verb = {
  .name = "export",
  .summary = N_ ("write a run's weights, or its network as PyTorch source"),
  .run = export_run,
};
