/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history by tables of commands: after each of them what the edited numbers are, and what could
 * be undone and redone. */

#include "app/history.h"
#include "model/base/error.h"

#include <string.h>

#define N_CELLS 2

static int cells[N_CELLS];
static int n_edits; /* alive */

/* Cell @cell from @before to @after. */
typedef struct
{
  int cell, before, after;
  gboolean gone; /* what it changes is no more */
} Edit;

static gboolean
apply (gpointer data, gboolean forward)
{
  const Edit *edit = data;
  if (edit->gone)
    return FALSE;
  cells[edit->cell] = forward ? edit->after : edit->before;
  return TRUE;
}

static gboolean
merge (gpointer data, gpointer newer)
{
  Edit *edit = data;
  const Edit *next = newer;
  if (edit->cell != next->cell)
    return FALSE;
  edit->after = next->after;
  return TRUE;
}

static void
free_edit (gpointer data)
{
  n_edits--;
  g_free (data);
}

static const RfEditClass merging = { apply, merge, free_edit };
static const RfEditClass single = { apply, NULL, free_edit };

static Edit *
push (RfHistory *history, const RfEditClass *klass, int cell, int value)
{
  Edit *edit = g_new0 (Edit, 1);
  *edit = (Edit){ cell, cells[cell], value, FALSE };
  n_edits++;
  cells[cell] = value;
  rf_history_push (history, klass, cell == 0 ? "a" : "b", edit);
  return edit;
}

typedef enum
{
  SET,  /* a cell, by an edit that does not merge */
  DRAG, /* a cell, by one that does */
  WAIT, /* longer than edits merge */
  UNDO, /* value: whether there is something */
  REDO,
  CLEAR,
  END
} Command;

typedef struct
{
  Command command;
  int cell, value;
  /* afterwards */
  int a, b;
  const char *undo, *redo;
} Row;

static void
run_table (gconstpointer table)
{
  g_autoptr (RfHistory) history = rf_history_new ();
  memset (cells, 0, sizeof cells);
  for (const Row *row = table; row->command != END; row++)
    {
      switch (row->command)
        {
        case SET:
          push (history, &single, row->cell, row->value);
          break;
        case DRAG:
          push (history, &merging, row->cell, row->value);
          break;
        case WAIT:
          g_usleep (G_USEC_PER_SEC + G_USEC_PER_SEC / 10);
          break;
        case UNDO:
          g_assert_cmpint (rf_history_undo (history), ==, row->value);
          break;
        case REDO:
          g_assert_cmpint (rf_history_redo (history), ==, row->value);
          break;
        case CLEAR:
          rf_history_clear (history);
          break;
        default:
          g_assert_not_reached ();
        }
      g_test_message ("row %d", (int) (row - (const Row *) table));
      g_assert_cmpint (cells[0], ==, row->a);
      g_assert_cmpint (cells[1], ==, row->b);
      g_assert_cmpstr (rf_history_get_undo_label (history), ==, row->undo);
      g_assert_cmpstr (rf_history_get_redo_label (history), ==, row->redo);
    }
  g_clear_object (&history);
  g_assert_cmpint (n_edits, ==, 0);
}

static const Row empty[] = {
  { UNDO, 0, FALSE, 0, 0, NULL, NULL },
  { REDO, 0, FALSE, 0, 0, NULL, NULL },
  { CLEAR, 0, 0, 0, 0, NULL, NULL },
  { END },
};

static const Row there_and_back[] = {
  { SET, 0, 1, 1, 0, "a", NULL },       { SET, 1, 2, 1, 2, "b", NULL },
  { SET, 0, 3, 3, 2, "a", NULL },       { UNDO, 0, TRUE, 1, 2, "b", "a" },
  { UNDO, 0, TRUE, 1, 0, "a", "b" },    { UNDO, 0, TRUE, 0, 0, NULL, "a" },
  { UNDO, 0, FALSE, 0, 0, NULL, "a" },  { REDO, 0, TRUE, 1, 0, "a", "b" },
  { REDO, 0, TRUE, 1, 2, "b", "a" },    { REDO, 0, TRUE, 3, 2, "a", NULL },
  { REDO, 0, FALSE, 3, 2, "a", NULL },  { UNDO, 0, TRUE, 1, 2, "b", "a" },
  { SET, 1, 5, 1, 5, "b", NULL },       { REDO, 0, FALSE, 1, 5, "b", NULL },
  { UNDO, 0, TRUE, 1, 2, "b", "b" },    { CLEAR, 0, 0, 1, 2, NULL, NULL },
  { UNDO, 0, FALSE, 1, 2, NULL, NULL }, { END },
};

/* One drag is one edit; what comes later, elsewhere, or after an undo is another. */
static const Row drags[] = {
  { DRAG, 0, 1, 1, 0, "a", NULL },    { DRAG, 0, 2, 2, 0, "a", NULL },
  { DRAG, 0, 3, 3, 0, "a", NULL },    { DRAG, 1, 4, 3, 4, "b", NULL },
  { DRAG, 1, 5, 3, 5, "b", NULL },    { DRAG, 0, 6, 6, 5, "a", NULL },
  { UNDO, 0, TRUE, 3, 5, "b", "a" },  { UNDO, 0, TRUE, 3, 0, "a", "b" },
  { UNDO, 0, TRUE, 0, 0, NULL, "a" }, { REDO, 0, TRUE, 3, 0, "a", "b" },
  { DRAG, 0, 7, 7, 0, "a", NULL },    { UNDO, 0, TRUE, 3, 0, "a", "a" },
  { UNDO, 0, TRUE, 0, 0, NULL, "a" }, { END },
};

static const Row pauses[] = {
  { DRAG, 0, 1, 1, 0, "a", NULL },
  { DRAG, 0, 2, 2, 0, "a", NULL },
  { WAIT, 0, 0, 2, 0, "a", NULL },
  { DRAG, 0, 3, 3, 0, "a", NULL },
  { UNDO, 0, TRUE, 2, 0, "a", "a" },
  { UNDO, 0, TRUE, 0, 0, NULL, "a" },
  { END },
};

/* Edits of different classes stay apart. */
static const Row mixed[] = {
  { DRAG, 0, 1, 1, 0, "a", NULL },
  { SET, 0, 2, 2, 0, "a", NULL },
  { DRAG, 0, 3, 3, 0, "a", NULL },
  { UNDO, 0, TRUE, 2, 0, "a", "a" },
  { UNDO, 0, TRUE, 1, 0, "a", "a" },
  { UNDO, 0, TRUE, 0, 0, NULL, "a" },
  { END },
};

/* An edit whose object is gone is passed over, both ways. */
static void
test_gone (void)
{
  g_autoptr (RfHistory) history = rf_history_new ();
  memset (cells, 0, sizeof cells);
  push (history, &single, 0, 1);
  Edit *gone = push (history, &single, 1, 2);
  push (history, &single, 0, 3);
  gone->gone = TRUE;
  g_assert_true (rf_history_undo (history));
  g_assert_cmpint (cells[0], ==, 1);
  g_assert_true (rf_history_undo (history));
  g_assert_cmpint (cells[0], ==, 0);
  g_assert_cmpint (cells[1], ==, 2);
  g_assert_true (rf_history_redo (history));
  g_assert_true (rf_history_redo (history));
  g_assert_cmpint (cells[0], ==, 3);
  g_assert_false (rf_history_redo (history));

  gone->gone = TRUE;
  rf_history_clear (history);
  gone = push (history, &single, 0, 4);
  gone->gone = TRUE;
  g_assert_false (rf_history_undo (history));
  g_assert_null (rf_history_get_undo_label (history));
}

static void
count_cb (int *n)
{
  ++*n;
}

/* What an edit does while it is applied is no edit; those who watch hear of each step. */
static gboolean
apply_and_push (gpointer data, gboolean forward)
{
  RfHistory *history = data;
  push (history, &single, 0, forward ? 1 : 0);
  return TRUE;
}

static void
test_within (void)
{
  static const RfEditClass klass = { apply_and_push, NULL, NULL };
  g_autoptr (RfHistory) history = rf_history_new ();
  int undos = 0, redos = 0;
  memset (cells, 0, sizeof cells);
  g_signal_connect_swapped (history, "notify::undo-label", G_CALLBACK (count_cb), &undos);
  g_signal_connect_swapped (history, "notify::redo-label", G_CALLBACK (count_cb), &redos);
  rf_history_push (history, &klass, "within", history);
  g_assert_cmpint (undos, ==, 1);
  g_assert_true (rf_history_undo (history));
  g_assert_null (rf_history_get_undo_label (history));
  g_assert_cmpstr (rf_history_get_redo_label (history), ==, "within");
  g_assert_true (rf_history_redo (history));
  g_assert_cmpint (cells[0], ==, 1);
  g_assert_null (rf_history_get_redo_label (history));
  g_assert_cmpint (undos, ==, 3);
  g_assert_cmpint (redos, ==, 3);
  g_assert_cmpint (n_edits, ==, 0);
}

/* It grows no longer than a thousand. */
static void
test_long (void)
{
  g_autoptr (RfHistory) history = rf_history_new ();
  memset (cells, 0, sizeof cells);
  for (int i = 1; i <= 1500; i++)
    push (history, &single, 0, i);
  g_assert_cmpint (n_edits, ==, 1000);
  while (rf_history_undo (history))
    ;
  g_assert_cmpint (cells[0], ==, 500);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/history/empty", empty, run_table);
  g_test_add_data_func ("/history/there-and-back", there_and_back, run_table);
  g_test_add_data_func ("/history/drags", drags, run_table);
  g_test_add_data_func ("/history/pauses", pauses, run_table);
  g_test_add_data_func ("/history/mixed", mixed, run_table);
  g_test_add_func ("/history/gone", test_gone);
  g_test_add_func ("/history/within", test_within);
  g_test_add_func ("/history/long", test_long);
  return g_test_run ();
}
