/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/kernel/kernel-pane.h"

#include "app/controls.h"
#include "app/filters/network-filter.h"
#include "app/filters/own-kernels.h"
#include "app/panes/kernel/sections.h"

#include <glib/gi18n-lib.h>

#define WIDTH 276 /* of what is in it: it stays as it is, whatever stage is selected */

struct _RfKernelPane
{
  RfPane parent_instance;

  RfFilterBench *bench;
  RfPresetSection *presets;
  guint next_filter; /* of the network */
};

G_DEFINE_FINAL_TYPE (RfKernelPane, rf_kernel_pane, RF_TYPE_PANE)

const RfPaneInfo rf_kernel_pane = {
  .id = "kernel",
  .title = N_ ("Kernel"),
  .icon_name = "rf-filters-symbolic",
  .page = "filters",
  .place = RF_PLACE_START,
  .width = 324,
  .get_type = rf_kernel_pane_get_type,
};

const RfStage *
rf_section_get_kernel (RfFilterBench *bench)
{
  const RfStage *stage = rf_filter_bench_get_stage (bench);
  return stage->kind == RF_STAGE_KERNEL ? stage : NULL;
}

void
rf_section_say (gpointer widget, const char *message)
{
  gtk_widget_activate_action (widget, "win.say", "s", message);
}

/* ---- copying and pasting ---- */

static void
copy (GtkWidget *widget, RfKernelFormat format)
{
  RfKernelPane *self = RF_KERNEL_PANE (widget);
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (!stage)
    {
      rf_pane_say (RF_PANE (self), _ ("The selected stage is no kernel."));
      return;
    }
  g_autofree char *text = rf_kernel_format (&stage->kernel, format);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  rf_pane_say (RF_PANE (self), _ ("The kernel is on the clipboard."));
}

static void
copy_text (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  copy (data, RF_KERNEL_TEXT);
}

static void
copy_numpy (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  copy (data, RF_KERNEL_NUMPY);
}

static void
copy_c (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  copy (data, RF_KERNEL_C);
}

static void
take_text (RfKernelPane *self, const char *text)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  g_autoptr (GError) error = NULL;
  RfKernel kernel;
  if (!stage)
    rf_pane_say (RF_PANE (self), _ ("The selected stage is no kernel."));
  else if (!text || !rf_kernel_parse (&kernel, text, -1, &error))
    {
      g_autofree char *message = g_strdup_printf (_ ("The clipboard holds no kernel: %s"),
                                                  error ? error->message : _ ("it holds no text"));
      rf_pane_say (RF_PANE (self), message);
    }
  else
    {
      if (kernel.mode == RF_KERNEL_SHARED)
        rf_kernel_set_mode (&kernel, stage->kernel.mode);
      else if (stage->kernel.mode == RF_KERNEL_COMBINED)
        rf_kernel_set_mode (&kernel, RF_KERNEL_COMBINED);
      rf_filter_bench_set_kernel (self->bench, &kernel, _ ("Pasted Kernel"), NULL);
    }
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfKernelPane) self = data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  take_text (self, text);
}

static void
paste (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (data), NULL, pasted_cb,
                                 g_object_ref (data));
}

/* ---- own kernels ---- */

static void
save_response_cb (AdwMessageDialog *dialog, const char *response, RfKernelPane *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  const RfStage *stage = rf_section_get_kernel (self->bench);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  if (!g_str_equal (response, "save") || !stage)
    return;
  if (!rf_own_kernels_save (name, &stage->kernel, &error))
    rf_pane_say (RF_PANE (self), error->message);
  else
    {
      g_autofree char *message = g_strdup_printf (_ ("%s is among the known kernels now."), name);
      rf_preset_section_reload (self->presets);
      rf_pane_say (RF_PANE (self), message);
    }
}

static void
save_own (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfKernelPane *self = data;
  if (!rf_section_get_kernel (self->bench))
    {
      rf_pane_say (RF_PANE (self), _ ("The selected stage is no kernel."));
      return;
    }
  GtkRoot *root = gtk_widget_get_root (data);
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              _ ("Save the Kernel"),
                                              _ ("It is kept as text and found among the known "
                                                 "kernels. One of the same name is replaced."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "save",
                                    _ ("_Save"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save",
                                              ADW_RESPONSE_SUGGESTED);
  GtkWidget *entry = gtk_entry_new ();
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  rf_control_name (entry, _ ("Name of the kernel"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the network's ---- */

static void
filter_cb (const RfKernel *filter, const char *message, gpointer data)
{
  g_autoptr (RfKernelPane) self = data;
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (filter && stage)
    {
      self->next_filter++;
      rf_filter_bench_set_kernel (self->bench, filter, message, NULL);
    }
  rf_pane_say (RF_PANE (self), message);
}

/* One after another, each time it is asked for. */
static void
take_filter (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfKernelPane *self = data;
  if (!rf_section_get_kernel (self->bench))
    rf_pane_say (RF_PANE (self), _ ("The selected stage is no kernel."));
  else
    rf_network_filter_get (rf_pane_get_session (RF_PANE (self)), self->next_filter, filter_cb,
                           g_object_ref (self));
}

static const GActionEntry actions[] = {
  { "copy-text", copy_text }, { "copy-numpy", copy_numpy }, { "copy-c", copy_c },
  { "paste", paste },         { "save-own", save_own },     { "network", take_filter },
};

/* ---- the pane ---- */

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) clipboard = g_menu_new ();
  g_menu_append (clipboard, _ ("_Copy as Text"), "kernel.copy-text");
  g_menu_append (clipboard, _ ("Copy for _NumPy"), "kernel.copy-numpy");
  g_menu_append (clipboard, _ ("Copy for C"), "kernel.copy-c");
  g_menu_append (clipboard, _ ("_Paste"), "kernel.paste");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (clipboard));
  g_autoptr (GMenu) own = g_menu_new ();
  g_menu_append (own, _ ("_Save among the Known Kernels…"), "kernel.save-own");
  g_menu_append (own, _ ("Next _Filter of the Network"), "kernel.network");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (own));
  return G_MENU_MODEL (menu);
}

static GtkWidget *
make_tools (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = make_menu ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Copy, paste and save the kernel"));
  rf_control_name (button, _ ("Kernel menu"));
  return button;
}

static void
rf_kernel_pane_constructed (GObject *object)
{
  RfKernelPane *self = RF_KERNEL_PANE (object);
  G_OBJECT_CLASS (rf_kernel_pane_parent_class)->constructed (object);
  self->bench = rf_filter_bench_get (rf_pane_get_session (RF_PANE (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  gtk_widget_set_size_request (box, WIDTH, -1);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  self->presets = RF_PRESET_SECTION (rf_preset_section_new (self->bench));
  gtk_box_append (GTK_BOX (box), rf_stage_section_new (self->bench));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->presets));
  gtk_box_append (GTK_BOX (box), rf_paint_section_new (self->bench));
  gtk_box_append (GTK_BOX (box), rf_window_section_new (self->bench));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  GtkWidget *tools = make_tools ();
  rf_control_add_actions (GTK_WIDGET (self), tools, "kernel", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
}

static void
rf_kernel_pane_class_init (RfKernelPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_kernel_pane_constructed;
}

static void
rf_kernel_pane_init (RfKernelPane *self)
{
}
