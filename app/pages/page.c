/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two handles between three columns: (start | (middle | end)), fewer where a column is empty. The
 * middle takes what is left, so a handle is remembered by the width of the column beside it. To
 * maximize a pane is to hide the others; a GtkPaned gives all its room to the child that is seen.
 */

#include "app/pages/page.h"

#include <glib/gi18n-lib.h>

#define N_PLACES 3
#define MIDDLE   460 /* pixels that the middle is left, at first, by the columns beside it */

struct _RfPage
{
  GtkWidget parent_instance;

  const RfPageInfo *info;
  GPtrArray *frames; /* of RfPaneFrame * */
  GtkWidget *content;
  GtkWidget *scrolled; /* all that is below; scrolls where a window is too narrow for it */
  GtkWidget *columns[N_PLACES];
  GtkPaned *start_handle, *end_handle; /* beside the start and the end column, or NULL */
  int start_width, end_width;          /* wished for, until there is room to set the handles */
  int kept_start, kept_end;            /* from before presenting, which widens the columns */
  gboolean maximizing, presenting;
};

G_DEFINE_FINAL_TYPE (RfPage, rf_page, GTK_TYPE_WIDGET)

const RfPageInfo *
rf_page_get_info (RfPage *self)
{
  g_return_val_if_fail (RF_IS_PAGE (self), NULL);
  return self->info;
}

GPtrArray *
rf_page_get_frames (RfPage *self)
{
  g_return_val_if_fail (RF_IS_PAGE (self), NULL);
  return self->frames;
}

static RfPanePlace
get_place (RfPaneFrame *frame)
{
  return rf_pane_frame_get_info (frame)->place;
}

RfPaneFrame *
rf_page_get_frame (RfPage *self)
{
  g_return_val_if_fail (RF_IS_PAGE (self), NULL);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkWidget *frame = focus ? gtk_widget_get_ancestor (focus, RF_TYPE_PANE_FRAME) : NULL;
  if (frame && gtk_widget_is_ancestor (frame, GTK_WIDGET (self)))
    return RF_PANE_FRAME (frame);
  for (guint i = 0; i < self->frames->len; i++)
    {
      RfPaneFrame *other = g_ptr_array_index (self->frames, i);
      if (rf_pane_frame_get_maximized (other) || get_place (other) == RF_PLACE_MIDDLE)
        return other;
    }
  return g_ptr_array_index (self->frames, 0);
}

/* 0: not known, as nothing has been laid out. */
static int
get_start_width (RfPage *self)
{
  if (!self->start_handle || self->start_width > 0)
    return self->start_width;
  return gtk_paned_get_position (self->start_handle);
}

static int
get_end_width (RfPage *self)
{
  if (!self->end_handle || self->end_width > 0)
    return self->end_width;
  return gtk_widget_get_width (self->columns[RF_PLACE_END]);
}

void
rf_page_set_presenting (RfPage *self, gboolean presenting)
{
  g_return_if_fail (RF_IS_PAGE (self));
  if (self->presenting == presenting)
    return;
  self->presenting = presenting;
  if (presenting)
    {
      self->kept_start = get_start_width (self);
      self->kept_end = get_end_width (self);
    }
  else
    {
      self->start_width = self->kept_start;
      self->end_width = self->kept_end;
      gtk_widget_queue_allocate (GTK_WIDGET (self));
    }
  for (guint i = 0; i < self->frames->len; i++)
    rf_pane_frame_set_presenting (g_ptr_array_index (self->frames, i), presenting);
}

static void
maximized_cb (RfPage *self, GParamSpec *pspec, RfPaneFrame *changed)
{
  if (self->maximizing)
    return;
  self->maximizing = TRUE;
  const gboolean maximized = rf_pane_frame_get_maximized (changed);
  gboolean seen[N_PLACES] = { FALSE };
  for (guint i = 0; i < self->frames->len; i++)
    {
      RfPaneFrame *frame = g_ptr_array_index (self->frames, i);
      const gboolean visible = !maximized || frame == changed;
      if (frame != changed)
        rf_pane_frame_set_maximized (frame, FALSE);
      gtk_widget_set_visible (GTK_WIDGET (frame), visible);
      seen[get_place (frame)] |= visible;
    }
  for (int place = 0; place < N_PLACES; place++)
    if (self->columns[place])
      gtk_widget_set_visible (self->columns[place], seen[place]);
  /* A handle between nothing and nothing would still take the room of both. */
  if (self->start_handle && self->end_handle)
    gtk_widget_set_visible (GTK_WIDGET (self->end_handle),
                            seen[RF_PLACE_MIDDLE] || seen[RF_PLACE_END]);
  self->maximizing = FALSE;
}

/* ---- layout ---- */

static GtkPaned *
make_handle (GtkOrientation orientation, GtkWidget *start, GtkWidget *end)
{
  GtkWidget *handle = gtk_paned_new (orientation);
  gtk_paned_set_start_child (GTK_PANED (handle), start);
  gtk_paned_set_end_child (GTK_PANED (handle), end);
  gtk_paned_set_shrink_start_child (GTK_PANED (handle), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (handle), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (handle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Handle between panes"), -1);
  return GTK_PANED (handle);
}

/* A column is as wide as it says whatever its height. A label that wraps says that it is wider
 * where there is less height: the handles would heed that, the page that scrolls them would not. */
static GtkSizeRequestMode
get_column_mode (GtkWidget *column)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_column (GtkWidget *column, GtkOrientation orientation, int for_size, int *minimum,
                int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (column), orientation,
                      orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
                      NULL, NULL);
}

static void
allocate_column (GtkWidget *column, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (column), width, height, baseline, NULL);
}

/* The frames of a column below each other. */
static GtkWidget *
make_column (RfPage *self, RfPanePlace place, int *width)
{
  GtkWidget *column = NULL;
  for (guint i = self->frames->len; i-- > 0;)
    {
      RfPaneFrame *frame = g_ptr_array_index (self->frames, i);
      if (get_place (frame) != place)
        continue;
      *width = MAX (*width, rf_pane_frame_get_info (frame)->width);
      if (column)
        column = GTK_WIDGET (make_handle (GTK_ORIENTATION_VERTICAL, GTK_WIDGET (frame), column));
      else
        column = GTK_WIDGET (frame);
    }
  if (!column)
    return NULL;
  GtkWidget *bin = adw_bin_new ();
  gtk_widget_set_layout_manager (
      bin, gtk_custom_layout_new (get_column_mode, measure_column, allocate_column));
  adw_bin_set_child (ADW_BIN (bin), column);
  return bin;
}

static void
arrange (RfPage *self)
{
  int widths[N_PLACES] = { 0 };
  for (int place = 0; place < N_PLACES; place++)
    self->columns[place] = make_column (self, place, &widths[place]);

  GtkWidget *content = self->columns[RF_PLACE_MIDDLE];
  if (self->columns[RF_PLACE_END] && content)
    {
      self->end_handle
          = make_handle (GTK_ORIENTATION_HORIZONTAL, content, self->columns[RF_PLACE_END]);
      gtk_paned_set_resize_end_child (self->end_handle, FALSE);
      self->end_width = widths[RF_PLACE_END];
      content = GTK_WIDGET (self->end_handle);
    }
  else if (self->columns[RF_PLACE_END])
    content = self->columns[RF_PLACE_END];
  if (self->columns[RF_PLACE_START] && content)
    {
      self->start_handle
          = make_handle (GTK_ORIENTATION_HORIZONTAL, self->columns[RF_PLACE_START], content);
      gtk_paned_set_resize_start_child (self->start_handle, FALSE);
      self->start_width = widths[RF_PLACE_START];
      content = GTK_WIDGET (self->start_handle);
    }
  else if (self->columns[RF_PLACE_START])
    content = self->columns[RF_PLACE_START];
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), content);
  self->content = content;
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

static int
get_minimum (GtkWidget *widget)
{
  int minimum;
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* The handle of the end column is set from the left: only once the page has a width. Where there
 * is little, both columns give way to the middle. */
static void
set_handles (RfPage *self, int width)
{
  if (width <= 0 || (self->start_width == 0 && self->end_width == 0))
    return;
  int start = get_start_width (self), end = get_end_width (self);
  if (self->start_handle)
    {
      const int lack = self->end_handle ? start + end + MIDDLE - width : 0;
      start = MAX (start - MAX (lack, 0) / 2, get_minimum (self->columns[RF_PLACE_START]));
      gtk_paned_set_position (self->start_handle, start);
    }
  if (self->end_handle)
    {
      const int lack = start + end + MIDDLE - width;
      end = MAX (end - MAX (lack, 0) / 2, get_minimum (self->columns[RF_PLACE_END]));
      gtk_paned_set_position (self->end_handle, MAX (width - start - end, 1));
    }
  self->start_width = self->end_width = 0;
}

static void
rf_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RfPage *self = RF_PAGE (widget);
  set_handles (self, width);
  gtk_widget_size_allocate (self->scrolled, &(GtkAllocation){ 0, 0, width, height }, baseline);
}

static void
rf_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                 int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfPage *self = RF_PAGE (widget);
  gtk_widget_measure (self->scrolled, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
  /* What it takes not to be scrolled: where there is less, the list of pages gives way. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (get_minimum (self->content), *minimum);
}

void
rf_page_save_layout (RfPage *self, GVariantBuilder *builder)
{
  g_return_if_fail (RF_IS_PAGE (self) && builder);
  const char *id = self->info->id;
  if (self->start_handle)
    {
      g_autofree char *key = g_strdup_printf ("%s.start", id);
      g_variant_builder_add (builder, "{si}", key, get_start_width (self));
    }
  if (self->end_handle && get_end_width (self) > 0)
    {
      g_autofree char *key = g_strdup_printf ("%s.end", id);
      g_variant_builder_add (builder, "{si}", key, get_end_width (self));
    }
}

void
rf_page_load_layout (RfPage *self, GVariant *layout)
{
  g_return_if_fail (RF_IS_PAGE (self) && layout);
  g_autofree char *start = g_strdup_printf ("%s.start", self->info->id);
  g_autofree char *end = g_strdup_printf ("%s.end", self->info->id);
  int pixels;
  if (self->start_handle && g_variant_lookup (layout, start, "i", &pixels) && pixels > 0)
    self->start_width = pixels;
  if (self->end_handle && g_variant_lookup (layout, end, "i", &pixels) && pixels > 0)
    self->end_width = pixels;
}

/* ---- the widget ---- */

GtkWidget *
rf_page_new (const RfPageInfo *info, RfSession *session)
{
  g_return_val_if_fail (info && RF_IS_SESSION (session), NULL);

  g_autoptr (GPtrArray) frames = g_ptr_array_new ();
  for (guint i = 0; rf_pane_infos[i]; i++)
    if (g_str_equal (rf_pane_infos[i]->page, info->id))
      g_ptr_array_add (frames, rf_pane_frame_new (rf_pane_infos[i], session));
  if (frames->len == 0)
    return NULL;

  RfPage *self = g_object_new (RF_TYPE_PAGE, NULL);
  self->info = info;
  self->frames = g_steal_pointer (&frames);
  arrange (self);
  for (guint i = 0; i < self->frames->len; i++)
    g_signal_connect_object (g_ptr_array_index (self->frames, i), "notify::maximized",
                             G_CALLBACK (maximized_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
rf_page_dispose (GObject *object)
{
  g_clear_pointer (&RF_PAGE (object)->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (rf_page_parent_class)->dispose (object);
}

static void
rf_page_finalize (GObject *object)
{
  g_clear_pointer (&RF_PAGE (object)->frames, g_ptr_array_unref);
  G_OBJECT_CLASS (rf_page_parent_class)->finalize (object);
}

static void
rf_page_class_init (RfPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = rf_page_finalize;
  GTK_WIDGET_CLASS (klass)->measure = rf_page_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = rf_page_size_allocate;
}

static void
rf_page_init (RfPage *self)
{
}
