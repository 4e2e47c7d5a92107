/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar and the pages. A page is made when it is first shown, so that the first frame and the
 * memory of the program do not pay for what nobody looks at. */

#include "app/window-private.h"

#include "app/settings.h"

#include <glib/gi18n-lib.h>

/* The page of a row of the sidebar. */
static const RfPageInfo *
get_info (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "page");
}

static gboolean
has_pane (const RfPageInfo *info)
{
  for (guint i = 0; rf_pane_infos[i]; i++)
    if (g_str_equal (rf_pane_infos[i]->page, info->id))
      return TRUE;
  return FALSE;
}

RfPage *
rf_window_get_page (RfWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);
  return page ? RF_PAGE (page) : NULL;
}

static RfPage *
make_page (RfWindow *self, const RfPageInfo *info)
{
  GtkWidget *page = rf_page_new (info, self->session);
  gtk_stack_add_titled (self->pages, page, info->id, _ (info->title));
  GSettings *settings = rf_settings_get ();
  g_autoptr (GVariant) layout = settings ? g_settings_get_value (settings, "layout") : NULL;
  if (layout)
    rf_page_load_layout (RF_PAGE (page), layout);
  rf_page_set_presenting (RF_PAGE (page), self->presenting);
  return RF_PAGE (page);
}

static void
selected_cb (RfWindow *self, GtkListBoxRow *row)
{
  if (!row)
    return;
  const RfPageInfo *info = get_info (row);
  if (!gtk_stack_get_child_by_name (self->pages, info->id))
    make_page (self, info);
  gtk_stack_set_visible_child_name (self->pages, info->id);
  self->alone = info->alone;
  rf_window_show_controls (self);
  GSettings *settings = rf_settings_get ();
  if (settings)
    g_settings_set_string (settings, "page", info->id);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static GtkWidget *
make_row (const RfPageInfo *info)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon_name));
  GtkWidget *label = gtk_label_new (_ (info->title));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (info->title), -1);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) info);
  return row;
}

/* The name of a group above its first page. */
static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *group = get_info (row)->group;
  if (before && g_str_equal (get_info (before)->group, group))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  GtkWidget *label = gtk_label_new (_ (group));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "sidebar-heading");
  gtk_list_box_row_set_header (row, label);
}

/* Kept as the person wants it, not as a narrow window has it. */
static void
sidebar_cb (RfWindow *self)
{
  if (!adw_flap_get_folded (self->flap))
    self->sidebar_wanted = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->sidebar_button));
  GSettings *settings = rf_settings_get ();
  if (settings)
    g_settings_set_boolean (settings, "sidebar", self->sidebar_wanted);
}

/* The flap itself would open whenever there is room, also for who had closed it. */
static void
folded_cb (RfWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_folded (self->flap) && self->sidebar_wanted);
}

void
rf_window_init_pages (RfWindow *self)
{
  GSettings *settings = rf_settings_get ();
  g_autofree char *last = settings ? g_settings_get_string (settings, "page") : NULL;
  GtkWidget *first = NULL;
  guint n = 0;
  gtk_list_box_set_header_func (self->sidebar, header_cb, NULL, NULL);
  for (const RfPageInfo *info = rf_page_infos; info->id; info++)
    {
      if (!has_pane (info))
        continue;
      GtkWidget *row = make_row (info);
      gtk_list_box_append (self->sidebar, row);
      if (!first || g_strcmp0 (info->id, last) == 0)
        first = row;
      n++;
    }
  g_signal_connect_object (self->sidebar, "row-selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_select_row (self->sidebar, GTK_LIST_BOX_ROW (first));
  /* With one page there is nothing to choose. */
  gtk_widget_set_visible (self->sidebar_button, n > 1);
  self->sidebar_wanted = n > 1 && (!settings || g_settings_get_boolean (settings, "sidebar"));
  adw_flap_set_locked (self->flap, TRUE);
  folded_cb (self);
  if (n > 1)
    g_signal_connect_object (self->sidebar_button, "notify::active", G_CALLBACK (sidebar_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flap, "notify::folded", G_CALLBACK (folded_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- all pages ---- */

typedef void (*PageFunc) (RfPage *page, gpointer data);

static void
foreach_page (RfWindow *self, PageFunc func, gpointer data)
{
  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); page;
       page = gtk_widget_get_next_sibling (page))
    func (RF_PAGE (page), data);
}

static void
present_page (RfPage *page, gpointer data)
{
  rf_page_set_presenting (page, GPOINTER_TO_INT (data));
}

void
rf_window_set_presenting (RfWindow *self, gboolean presenting)
{
  if (self->presenting == presenting)
    return;
  self->presenting = presenting;
  if (presenting)
    gtk_widget_add_css_class (GTK_WIDGET (self), "presenting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "presenting");
  rf_window_show_controls (self);
  if (presenting)
    gtk_window_fullscreen (GTK_WINDOW (self));
  else
    gtk_window_unfullscreen (GTK_WINDOW (self));
  foreach_page (self, present_page, GINT_TO_POINTER (presenting));
}

static void
save_page (RfPage *page, gpointer data)
{
  rf_page_save_layout (page, data);
}

/* Pages that were not looked at this time keep what they had. */
void
rf_window_save_layout (RfWindow *self)
{
  GSettings *settings = rf_settings_get ();
  if (!settings || self->presenting)
    return;
  g_autoptr (GVariant) old = g_settings_get_value (settings, "layout");
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{si}"));
  foreach_page (self, save_page, &builder);
  g_autoptr (GVariant) now = g_variant_ref_sink (g_variant_builder_end (&builder));

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{si}"));
  GVariantIter iter;
  const char *key;
  int pixels;
  g_variant_iter_init (&iter, old);
  while (g_variant_iter_next (&iter, "{&si}", &key, &pixels))
    if (!g_variant_lookup (now, key, "i", NULL))
      g_variant_builder_add (&builder, "{si}", key, pixels);
  g_variant_iter_init (&iter, now);
  while (g_variant_iter_next (&iter, "{&si}", &key, &pixels))
    g_variant_builder_add (&builder, "{si}", key, pixels);
  g_settings_set_value (settings, "layout", g_variant_builder_end (&builder));
}

static void
bring_back (RfPage *page, gpointer data)
{
  GPtrArray *frames = rf_page_get_frames (page);
  for (guint i = 0; i < frames->len; i++)
    rf_pane_frame_bring_back (g_ptr_array_index (frames, i));
}

void
rf_window_bring_panes_back (RfWindow *self)
{
  foreach_page (self, bring_back, NULL);
}
