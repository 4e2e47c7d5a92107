/* SPDX-License-Identifier: GPL-3.0-or-later */

/* data list, data info: what can be trained on. */

#include "cli/cli.h"

#include <glib/gi18n-lib.h>

static int
list (int argc, char **argv)
{
  g_autofree char *data = NULL;
  const GOptionEntry entries[] = { RF_CLI_DATA_OPTION (&data), { NULL } };
  if (!rf_cli_parse (entries, NULL,
                     _ ("List the known data sets and the folders in which they were found."), NULL,
                     &argc, &argv))
    return RF_EXIT_USAGE;
  if (argc > 1)
    return rf_cli_misuse (argv[0], _ ("\"%s\" is one argument too many"), argv[1]);

  g_auto (GStrv) folders = rf_data_folders (data);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; rf_source_classes[i]; i++)
    {
      const RfSourceClass *source = rf_source_classes[i];
      g_autofree char *folder = source->find ((const char *const *) folders);
      rf_cli_append_padded (text, source->id, 15);
      rf_cli_append_padded (text, _ (source->title), 15);
      g_string_append (text, !folder ? _ ("not here") : *folder ? folder : _ ("built in"));
      g_string_append_c (text, '\n');
    }
  return rf_cli_print (text->str);
}

static int
info (int argc, char **argv)
{
  g_autofree char *data = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    RF_CLI_DATA_OPTION (&data),
    { NULL },
  };
  if (!rf_cli_parse (entries, "ID|FOLDER|FILE",
                     _ ("Describe a data set, or any one IDX, CIFAR batch, safetensors or picture "
                        "file: counts, classes, shape, mean and deviation."),
                     NULL, &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "ID|FOLDER|FILE"))
    return RF_EXIT_USAGE;

  g_autoptr (GError) error = NULL;
  g_auto (GStrv) folders = rf_data_folders (data);
  json_t *found = rf_dataset_info (argv[1], (const char *const *) folders, &error);
  if (!found)
    return rf_cli_fail (error);

  int status;
  if (as_json)
    status = rf_cli_print_json (found);
  else
    {
      g_autofree char *text = rf_dataset_info_text (found);
      status = rf_cli_print (text);
    }
  json_decref (found);
  return status;
}

static int
data (int argc, char **argv)
{
  static const RfVerb list_verb
      = { "list", N_ ("known data sets and whether they are here"), list };
  static const RfVerb info_verb
      = { "info", N_ ("counts, classes, shape, mean and deviation of a set or file"), info };
  static const RfVerb *const verbs[] = { &list_verb, &info_verb, NULL };
  return rf_cli_dispatch (verbs, _ ("Look at data sets."), argc, argv);
}

const RfVerb rf_data_verb = {
  .name = "data",
  .summary = N_ ("list data sets, look into one"),
  .run = data,
};
