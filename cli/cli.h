/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the verbs of receptive-cli share.
 *
 * A verb is one file here that defines `const RfVerb rf_NAME_verb`, and its name in the list of
 * meson.build. It gets its own arguments and returns the exit status. Results go to standard
 * output, everything said on the way to standard error, errors as one line "receptive-cli: what
 * went wrong, where, and what to do". */

#include "model/net/net.h"
#include "model/train/engine.h"

G_BEGIN_DECLS

typedef enum
{
  RF_EXIT_DONE = 0,
  RF_EXIT_FAILED = 1,
  RF_EXIT_USAGE = 2,
  RF_EXIT_INTERRUPTED = 130, /* 128 + SIGINT, as shells have it */
} RfExit;

typedef struct
{
  const char *name;
  const char *summary; /* N_() */
  /* argv[0] is what was typed before the verb's own arguments: "receptive-cli train". */
  int (*run) (int argc, char **argv);
} RfVerb;

extern const RfVerb *const rf_verbs[];

/* Runs the verb named by argv[1], or answers --help and --version. */
int rf_cli_dispatch (const RfVerb *const *verbs, const char *summary, int argc, char **argv);

/* Parses the options of a verb; what is left of argv is its operands. @operands and @summary are
 * for
 * --help, which prints and ends the program here. FALSE, with the line said, for wrong usage. */
gboolean rf_cli_parse (const GOptionEntry *entries, const char *operands, const char *summary,
                       const char *description, int *argc, char ***argv);

/* FALSE, with the line said, unless there are @min to @max operands (0: any number), none empty. */
gboolean rf_cli_check_operands (char **argv, int argc, int min, int max, const char *operands);

/* Options that several verbs have. */
gboolean rf_cli_parse_threads (const char *name, const char *value, gpointer data, GError **error);
#define RF_CLI_THREADS_OPTION                                                                      \
  {                                                                                                \
    "threads", 0, 0, G_OPTION_ARG_CALLBACK, rf_cli_parse_threads,                                  \
        N_ ("Threads to compute with, 1 to 64 (default: one per processor)"), "N"                  \
  }
#define RF_CLI_DATA_OPTION(where)                                                                  \
  {                                                                                                \
    "data", 0, 0, G_OPTION_ARG_FILENAME, where, N_ ("Look for data sets in this folder first"),    \
        "DIR"                                                                                      \
  }

/* Say what went wrong in one line and return the exit status. */
int rf_cli_fail (const GError *error);
int rf_cli_fail_text (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same for wrong usage; @program is argv[0], whose --help is pointed to. */
int rf_cli_misuse (const char *program, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A remark that is no error. */
void rf_cli_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Write to standard output; the exit status says whether it could be written. */
int rf_cli_print (const char *text);
int rf_cli_print_json (json_t *json);
/* A JSON number; null where it is not finite. */
json_t *rf_cli_json_number (double value);
/* "69.1 %" */
void rf_cli_append_percent (GString *text, double fraction);
/* Appends @text and blanks, up to @width columns of a terminal. */
void rf_cli_append_padded (GString *out, const char *text, int width);
/* Columns of a terminal that @text takes. */
int rf_cli_text_width (const char *text);

/* A bar on a terminal; nothing elsewhere. */
typedef struct _RfProgressBar RfProgressBar;
RfProgressBar *rf_progress_bar_new (void);
void rf_progress_bar_free (RfProgressBar *bar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfProgressBar, rf_progress_bar_free)
/* Draws it, at most some ten times a second. */
void rf_progress_bar_show (RfProgressBar *bar, double fraction, const char *what);
/* Takes it off the line, so that something else can be written. */
void rf_progress_bar_hide (RfProgressBar *bar);
/* An RfProgressFunc for loading data; @data is the bar. Any one thread at a time. */
void rf_progress_bar_loading (double fraction, const char *what, gpointer data);

/* What RUN|EXPERIMENT on the command line stands for. */
typedef struct
{
  RfExperiment *experiment;
  char *weights; /* file; NULL: those that the experiment begins with */
  char *remark;  /* that they are untrained, or NULL */
} RfModelSource;

/* @weights: as of --weights, or NULL: those of a run, newest complete epoch, else newest
 * checkpoint, else the first. */
gboolean rf_model_source_open (RfModelSource *source, const char *run_or_file, const char *weights,
                               GError **error);
void rf_model_source_clear (RfModelSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RfModelSource, rf_model_source_clear)

/* The data set of an experiment, with a bar while it loads. */
RfDataset *rf_model_source_load_data (const RfModelSource *source, const char *data_folder,
                                      GError **error);
/* Its network with its weights, planned to infer batches of @capacity.
 * @input: the data set's shape, or channels 0. */
RfNet *rf_model_source_load_net (const RfModelSource *source, RfShape input, int capacity,
                                 GError **error);
/* Says the remark, once all is well. */
void rf_model_source_say_remark (const RfModelSource *source);

G_END_DECLS
