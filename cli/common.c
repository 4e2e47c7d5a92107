/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verbs, options and errors: one way to say each. */

#include "cli/cli.h"
#include "model/base/pool.h"
#include "rf-config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gprintf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "receptive-cli"

/* One line, always: names of files may hold line breaks and worse. */
static void
say (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (PROGRAM ": ");
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);
      if (g_unichar_iscntrl (c))
        g_string_append_printf (line, "\\x%02x", c);
      else
        g_string_append_unichar (line, c);
    }
  g_string_append_c (line, '\n');
  fputs (line->str, stderr);
  g_string_free (line, TRUE);
}

int
rf_cli_fail (const GError *error)
{
  say (error->message);
  return RF_EXIT_FAILED;
}

int
rf_cli_fail_text (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  say (text);
  return RF_EXIT_FAILED;
}

int
rf_cli_misuse (const char *program, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* TRANSLATORS: what went wrong; see "receptive-cli train --help" */
  g_autofree char *text = g_strdup_printf (
      g_str_has_suffix (what, "?") ? _ ("%s See \"%s --help\"") : _ ("%s; see \"%s --help\""), what,
      program);
  say (text);
  return RF_EXIT_USAGE;
}

void
rf_cli_note (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  say (text);
}

static int
print_help (const RfVerb *const *verbs, const char *summary, const char *program)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, _ ("Usage:\n  %s VERB [ARGUMENT…]\n\n%s\n\nVerbs:\n"), program,
                          summary);
  for (guint i = 0; verbs[i]; i++)
    {
      g_string_append (text, "  ");
      rf_cli_append_padded (text, verbs[i]->name, 12);
      g_string_append_printf (text, "%s\n", _ (verbs[i]->summary));
    }
  g_string_append_printf (text, _ ("\n\"%s VERB --help\" says more about each.\n"), program);
  return rf_cli_print (text->str);
}

int
rf_cli_dispatch (const RfVerb *const *verbs, const char *summary, int argc, char **argv)
{
  const char *program = argc > 0 ? argv[0] : PROGRAM;
  g_set_prgname (program);
  if (argc < 2)
    return rf_cli_misuse (program, _ ("a verb is missing"));

  const char *word = argv[1];
  if (g_str_equal (word, "--help") || g_str_equal (word, "-h") || g_str_equal (word, "-?"))
    return print_help (verbs, summary, program);
  if (g_str_equal (word, "--version"))
    return rf_cli_print (PROGRAM " " RF_VERSION "\n");

  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; verbs[i]; i++)
    {
      if (g_str_equal (word, verbs[i]->name))
        {
          g_autofree char *with_verb = g_strconcat (program, " ", word, NULL);
          argv[1] = with_verb;
          g_set_prgname (with_verb);
          return verbs[i]->run (argc - 1, argv + 1);
        }
      g_ptr_array_add (names, (char *) verbs[i]->name);
    }
  g_ptr_array_add (names, NULL);

  if (word[0] == '-')
    return rf_cli_misuse (program, _ ("unknown option %s"), word);
  const char *meant = rf_did_you_mean (word, (const char *const *) names->pdata);
  return meant
             ? rf_cli_misuse (program, _ ("unknown verb \"%s\", did you mean \"%s\"?"), word, meant)
             : rf_cli_misuse (program, _ ("unknown verb \"%s\""), word);
}

/* The first long option of @argv that no entry has, or NULL; *@meant is the nearest that one has.
 */
static char *
find_unknown_option (const GOptionEntry *entries, char **argv, const char **meant)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (const GOptionEntry *entry = entries; entry->long_name; entry++)
    g_ptr_array_add (names, (char *) entry->long_name);
  g_ptr_array_add (names, (char *) "help");
  g_ptr_array_add (names, NULL);

  for (char **argument = argv + 1; *argument && !g_str_equal (*argument, "--"); argument++)
    if (g_str_has_prefix (*argument, "--"))
      {
        g_autofree char *name = g_strndup (*argument + 2, strcspn (*argument + 2, "="));
        if (!g_strv_contains ((const char *const *) names->pdata, name))
          {
            *meant = rf_did_you_mean (name, (const char *const *) names->pdata);
            return g_steal_pointer (&name);
          }
      }
  return NULL;
}

gboolean
rf_cli_parse (const GOptionEntry *entries, const char *operands, const char *summary,
              const char *description, int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (operands);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_autofree char *last_lines = description ? g_strconcat (description, "\n", NULL) : NULL;
  g_option_context_set_description (context, last_lines);

  g_autoptr (GError) error = NULL;
  if (g_option_context_parse (context, argc, argv, &error))
    {
      /* A "--" that ended the options is still there. */
      if (*argc > 1 && g_str_equal ((*argv)[1], "--"))
        {
          (*argv)[1] = (*argv)[0];
          (*argv)++;
          (*argc)--;
        }
      return TRUE;
    }

  const char *program = (*argv)[0], *meant = NULL;
  if (g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    {
      g_autofree char *unknown = find_unknown_option (entries, *argv, &meant);
      if (unknown && meant)
        {
          rf_cli_misuse (program, _ ("unknown option --%s, did you mean --%s?"), unknown, meant);
          return FALSE;
        }
    }
  rf_cli_misuse (program, "%s", error->message);
  return FALSE;
}

gboolean
rf_cli_check_operands (char **argv, int argc, int min, int max, const char *operands)
{
  const int n = argc - 1;
  if (n < min)
    {
      rf_cli_misuse (argv[0], _ ("%s is missing"), operands);
      return FALSE;
    }
  if (max > 0 && n > max)
    {
      rf_cli_misuse (argv[0], _ ("\"%s\" is one argument too many"), argv[max + 1]);
      return FALSE;
    }
  for (int i = 1; i <= n; i++)
    if (!*argv[i])
      {
        rf_cli_misuse (argv[0], _ ("an empty argument stands where %s should be"), operands);
        return FALSE;
      }
  return TRUE;
}

gboolean
rf_cli_parse_threads (const char *name, const char *value, gpointer data, GError **error)
{
  gint64 n = 0;
  if (!g_ascii_string_to_signed (value, 10, 1, RF_POOL_MAX_THREADS, &n, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--threads takes a whole number from 1 to %d, not \"%s\""),
                   RF_POOL_MAX_THREADS, value);
      return FALSE;
    }
  rf_pool_set_threads ((int) n);
  return TRUE;
}

int
rf_cli_print (const char *text)
{
  if (fputs (text, stdout) == EOF || fflush (stdout) == EOF)
    return rf_cli_fail_text (_ ("standard output: cannot be written: %s"), g_strerror (errno));
  return RF_EXIT_DONE;
}

int
rf_cli_print_json (json_t *json)
{
  char *text = json_dumps (json, JSON_REAL_PRECISION (9));
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  return rf_cli_print (line);
}

json_t *
rf_cli_json_number (double value)
{
  return isfinite (value) ? json_real (value) : json_null ();
}

void
rf_cli_append_percent (GString *text, double fraction)
{
  if (isfinite (fraction))
    g_string_append_printf (text, "%.1f %%", 100 * fraction);
  else
    g_string_append (text, "–");
}

int
rf_cli_text_width (const char *text)
{
  int width = 0;
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

void
rf_cli_append_padded (GString *out, const char *text, int width)
{
  g_string_append (out, text);
  for (int i = rf_cli_text_width (text); i < width; i++)
    g_string_append_c (out, ' ');
}
