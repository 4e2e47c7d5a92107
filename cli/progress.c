/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bar on standard error, where that is a terminal. */

#include "cli/cli.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH 24
#define INTERVAL  (G_USEC_PER_SEC / 10)

struct _RfProgressBar
{
  /* Loading reports from its own thread. */
  pthread_mutex_t lock;
  gboolean terminal, shown;
  gint64 last;
};

RfProgressBar *
rf_progress_bar_new (void)
{
  RfProgressBar *bar = g_new0 (RfProgressBar, 1);
  pthread_mutex_init (&bar->lock, NULL);
  const char *term = g_getenv ("TERM");
  bar->terminal = isatty (STDERR_FILENO) && term && !g_str_equal (term, "dumb");
  return bar;
}

void
rf_progress_bar_free (RfProgressBar *bar)
{
  if (!bar)
    return;
  rf_progress_bar_hide (bar);
  pthread_mutex_destroy (&bar->lock);
  g_free (bar);
}

/* As much of @text as fits beside the bar: a line that wraps could not be taken back. */
static char *
fit (const char *text)
{
  struct winsize size = { 0 };
  const int columns
      = ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
  int room = columns - BAR_WIDTH - 9;
  const char *end = text;
  while (*end)
    {
      const gunichar c = g_utf8_get_char (end);
      room -= g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (room < 0)
        break;
      end = g_utf8_next_char (end);
    }
  return g_strndup (text, end - text);
}

static void
draw (RfProgressBar *bar, double fraction, const char *what)
{
  const gint64 now = g_get_monotonic_time ();
  if (!bar->terminal || now - bar->last < INTERVAL)
    return;
  bar->last = now;
  bar->shown = TRUE;

  fraction = isfinite (fraction) ? CLAMP (fraction, 0, 1) : 0;
  const int filled = (int) floor (fraction * BAR_WIDTH);
  g_autoptr (GString) line = g_string_new ("\r");
  for (int i = 0; i < BAR_WIDTH; i++)
    g_string_append (line, i < filled ? "━" : "─");
  g_autofree char *text = fit (what ? what : "");
  g_string_append_printf (line, " %3.0f %%  %s\033[K", floor (100 * fraction), text);
  fputs (line->str, stderr);
  fflush (stderr);
}

void
rf_progress_bar_show (RfProgressBar *bar, double fraction, const char *what)
{
  pthread_mutex_lock (&bar->lock);
  draw (bar, fraction, what);
  pthread_mutex_unlock (&bar->lock);
}

void
rf_progress_bar_hide (RfProgressBar *bar)
{
  pthread_mutex_lock (&bar->lock);
  if (bar->shown)
    {
      fputs ("\r\033[K", stderr);
      fflush (stderr);
    }
  bar->shown = FALSE;
  bar->last = 0;
  pthread_mutex_unlock (&bar->lock);
}

void
rf_progress_bar_loading (double fraction, const char *what, gpointer data)
{
  rf_progress_bar_show (data, fraction, what);
}
