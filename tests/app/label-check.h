/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a translator and a reader would complain about: text that was not translated, that an
 * ellipsis cuts short, or that runs out of what surrounds it. Looked for in all labels that are on
 * show. */

#include <adwaita.h>
#include <string.h>

/* A unit, and keys as the toolkit calls them. */
static const char *const untranslated_words[] = { "kB", "Ctrl", "Shift", "Alt", NULL };

typedef struct
{
  const char *scene;        /* said with each complaint */
  gboolean pseudo;          /* every letter that can have an accent must have one */
  gboolean foreign;         /* the toolkit's own words are among these */
  gboolean narrow;          /* a text that is said elsewhere too may end in an ellipsis */
  const char *const *names; /* texts that are data, longest first; or NULL */
  GHashTable *complaints;   /* set of char *: each is made once */
  guint n_labels;           /* that were on show */
} LabelCheck;

static void
complain (LabelCheck *check, const char *what, const char *text)
{
  char *complaint = g_strdup_printf ("%s: %s: \"%s\"", check->scene, what, text);
  if (g_hash_table_add (check->complaints, complaint))
    g_test_message ("%s", complaint);
}

/* ---- words ---- */

static gboolean
has_plain_letter (const char *word)
{
  return word[strcspn (word, "acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ")] != '\0';
}

/* The first word of @text without accents that is no name, no single letter (a run, a key, the
 * exponent of a number), and no part of a path; or NULL. */
static char *
find_plain_word (const LabelCheck *check, const char *text)
{
  GString *rest = g_string_new (text);
  for (gsize i = 0; check->names && check->names[i]; i++)
    if (*check->names[i])
      g_string_replace (rest, check->names[i], " ", 0);
  g_autofree char *all = g_string_free (rest, FALSE);

  for (char *c = all; *c;)
    {
      char *end = c;
      if (*c == '/')
        {
          c += strcspn (c, " \n");
          continue;
        }
      while (*end && g_unichar_isalpha (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      if (end > c + 1)
        {
          g_autofree char *word = g_strndup (c, (gsize) (end - c));
          if (has_plain_letter (word) && !g_strv_contains (untranslated_words, word))
            return g_steal_pointer (&word);
        }
      c = end > c ? end : g_utf8_next_char (c);
    }
  return NULL;
}

static void
check_words (LabelCheck *check, const char *text)
{
  g_autofree char *word
      = check->pseudo && !check->foreign && text ? find_plain_word (check, text) : NULL;
  g_autofree char *what = word ? g_strdup_printf ("\"%s\" is not translated", word) : NULL;
  if (what)
    complain (check, what, text);
}

/* ---- places ---- */

/* Whether @ancestor can be scrolled in the direction, so that more than its size may be in it. */
static gboolean
scrolls (GtkWidget *ancestor, GtkOrientation orientation)
{
  GtkPolicyType policies[2] = { GTK_POLICY_NEVER, GTK_POLICY_NEVER };
  if (GTK_IS_SCROLLED_WINDOW (ancestor))
    gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (ancestor), &policies[0], &policies[1]);
  return policies[orientation == GTK_ORIENTATION_VERTICAL] != GTK_POLICY_NEVER;
}

/* The ink of the label must lie within the label and all that it is in, as far as nothing scrolls.
 */
static gboolean
is_within (GtkLabel *label, GtkOrientation orientation)
{
  const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
  int x, y, width, height;
  gtk_label_get_layout_offsets (label, &x, &y);
  pango_layout_get_pixel_size (gtk_label_get_layout (label), &width, &height);
  for (GtkWidget *widget = GTK_WIDGET (label); widget; widget = gtk_widget_get_parent (widget))
    {
      double left, top;
      if (scrolls (widget, orientation) || GTK_IS_VIEWPORT (widget))
        {
          if (scrolls (widget, orientation))
            return TRUE;
          continue;
        }
      if (!gtk_widget_translate_coordinates (GTK_WIDGET (label), widget, x, y, &left, &top))
        return TRUE;
      const double begin = across ? left : top, size = across ? width : height;
      const double room = across ? gtk_widget_get_width (widget) : gtk_widget_get_height (widget);
      if (begin < -1 || begin + size > room + 1)
        return FALSE;
      if (GTK_IS_NATIVE (widget))
        return TRUE;
    }
  return TRUE;
}

/* What an ellipsis hides must be said by a tooltip, or be the title of the window. */
static gboolean
is_said_elsewhere (GtkLabel *label)
{
  if (gtk_widget_get_ancestor (GTK_WIDGET (label), ADW_TYPE_WINDOW_TITLE))
    return TRUE;
  const char *tooltip = gtk_widget_get_tooltip_text (GTK_WIDGET (label));
  return tooltip && strstr (tooltip, gtk_label_get_text (label));
}

/* Keys, and the titles that the toolkit gives to its windows. */
static gboolean
is_of_toolkit (GtkLabel *label)
{
  GtkWidget *widget = GTK_WIDGET (label);
  return gtk_widget_get_ancestor (widget, GTK_TYPE_SHORTCUT_LABEL)
         || ((gtk_widget_get_ancestor (widget, GTK_TYPE_HEADER_BAR)
              || gtk_widget_get_ancestor (widget, ADW_TYPE_HEADER_BAR))
             && !ADW_IS_APPLICATION_WINDOW (gtk_widget_get_root (widget)));
}

static void
check_label (LabelCheck *check, GtkLabel *label)
{
  const char *text = gtk_label_get_text (label);
  if (!*text)
    return;
  check->n_labels++;
  if (!is_of_toolkit (label))
    check_words (check, text);
  if (pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    {
      const gboolean name = check->names && g_strv_contains (check->names, text);
      if (!name && !(check->narrow && is_said_elsewhere (label)))
        complain (check, "is cut short by an ellipsis", text);
    }
  else if (!is_within (label, GTK_ORIENTATION_HORIZONTAL))
    complain (check, "is wider than its place", text);
  if (!is_within (label, GTK_ORIENTATION_VERTICAL))
    complain (check, "is higher than its place", text);
}

/* ---- all ---- */

static void
check_tree (LabelCheck *check, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget))
    check_label (check, GTK_LABEL (widget));
  check_words (check, gtk_widget_get_tooltip_text (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    check_tree (check, child);
}
