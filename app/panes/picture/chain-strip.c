/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/picture/chain-strip.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "app/filters/chain-edit.h"
#include "widgets/picture-view/thumb.h"

#include <glib/gi18n-lib.h>

#define THUMB_WIDTH  88
#define THUMB_HEIGHT 58

struct _RfChainStrip
{
  GtkBox parent_instance;

  RfFilterBench *bench;
  GtkWidget *cards, *scrolled;
  GPtrArray *buttons; /* of the stages */
};

G_DEFINE_FINAL_TYPE (RfChainStrip, rf_chain_strip, GTK_TYPE_BOX)

static void
say (RfChainStrip *self, const char *message)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", message);
}

/* ---- edits ---- */

static void
move_stage (RfChainStrip *self, int from, int to)
{
  RfChain *chain = rf_chain_copy (rf_filter_bench_get_chain (self->bench));
  if (from == to || from < 0 || to < 0 || from >= chain->n_stages || to >= chain->n_stages)
    {
      rf_chain_free (chain);
      return;
    }
  rf_chain_edit_move (chain, from, to);
  rf_filter_bench_set_chain (self->bench, chain, to, _ ("Order of the Stages"), NULL);
}

static void
remove_stage (RfChainStrip *self, int at)
{
  RfChain *chain = rf_chain_copy (rf_filter_bench_get_chain (self->bench));
  rf_chain_edit_remove (chain, at);
  rf_filter_bench_set_chain (self->bench, chain, MAX (at - 1, 0), _ ("Removed Stage"), NULL);
}

#define HANDLER(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

HANDLER (add_stage)
{
  RfChainStrip *self = data;
  RfChain *chain = rf_chain_copy (rf_filter_bench_get_chain (self->bench));
  const int at = rf_filter_bench_get_selected (self->bench) + 1;
  const RfStageKind kind = g_variant_get_int32 (parameter);
  RfStage stage;
  rf_stage_init (&stage, kind);
  stage.options.border = RF_BORDER_EDGE;
  if (!rf_chain_edit_insert (chain, at, &stage))
    {
      g_autofree char *message
          = g_strdup_printf (_ ("A chain has at most %d stages."), RF_CHAIN_MAX_STAGES);
      rf_chain_free (chain);
      say (self, message);
      return;
    }
  g_autofree char *label = g_strdup_printf (_ ("Stage %s"), _ (rf_stage_infos[kind].title));
  rf_filter_bench_set_chain (self->bench, chain, at, label, NULL);
}

HANDLER (take_ready)
{
  RfChainStrip *self = data;
  const char *name = g_variant_get_string (parameter, NULL);
  RfChain *chain = rf_chain_new_ready (name);
  g_return_if_fail (chain != NULL);
  g_autofree char *label = g_strdup (chain->name ? chain->name : name);
  rf_filter_bench_set_chain (self->bench, chain, chain->n_stages - 1, label, NULL);
}

HANDLER (remove_selected)
{
  RfChainStrip *self = data;
  remove_stage (self, rf_filter_bench_get_selected (self->bench));
}

HANDLER (clear_chain)
{
  RfChainStrip *self = data;
  RfChain *chain = rf_chain_new ();
  chain->n_stages = 1;
  rf_stage_init (&chain->stages[0], RF_STAGE_KERNEL);
  chain->stages[0].options.border = RF_BORDER_EDGE;
  rf_filter_bench_set_chain (self->bench, chain, 0, _ ("New Chain"), NULL);
}

/* ---- files ---- */

static void
opened_cb (const char *path, gpointer data)
{
  RfChainStrip *self = data;
  g_autoptr (GError) error = NULL;
  RfChain *chain = rf_chain_load (path, &error);
  if (!chain)
    say (self, error->message);
  else if (chain->n_stages == 0)
    {
      rf_chain_free (chain);
      say (self, _ ("This chain has no stages."));
    }
  else
    rf_filter_bench_set_chain (self->bench, chain, chain->n_stages - 1, _ ("Opened Chain"), NULL);
}

HANDLER (open_chain)
{
  rf_file_dialog_ask (data, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Open a Chain"), NULL, NULL, opened_cb,
                      data, NULL);
}

HANDLER (save_chain)
{
  RfChainStrip *self = data;
  rf_file_dialog_save_text (data, _ ("Save the Chain"), _ ("chain.json"), _ ("The chain is saved."),
                            rf_chain_to_text (rf_filter_bench_get_chain (self->bench)));
}

/* ---- cards ---- */

static int
get_index (GtkWidget *card)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (card), "stage"));
}

static GtkWidget *
make_face (GtkWidget *card, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *thumb = rf_thumb_new (THUMB_WIDTH, THUMB_HEIGHT);
  GtkWidget *label = gtk_label_new (title);
  gtk_widget_add_css_class (label, "caption");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_box_append (GTK_BOX (box), thumb);
  gtk_box_append (GTK_BOX (box), label);
  g_object_set_data (G_OBJECT (card), "thumb", thumb);
  return box;
}

static void
clicked_cb (GtkWidget *card, RfChainStrip *self)
{
  rf_filter_bench_select (self->bench, get_index (card));
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, GtkWidget *card)
{
  return gdk_content_provider_new_typed (G_TYPE_INT, get_index (card));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RfChainStrip *self)
{
  GtkWidget *card = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));
  move_stage (self, g_value_get_int (value), get_index (card));
  return TRUE;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        RfChainStrip *self)
{
  GtkWidget *card = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  const int i = get_index (card);
  if (key == GDK_KEY_Delete)
    remove_stage (self, i);
  else if ((state & GDK_ALT_MASK) && (key == GDK_KEY_Left || key == GDK_KEY_Right))
    move_stage (self, i, key == GDK_KEY_Left ? i - 1 : i + 1);
  else
    return GDK_EVENT_PROPAGATE;
  const int selected = rf_filter_bench_get_selected (self->bench);
  if (selected < (int) self->buttons->len)
    gtk_widget_grab_focus (g_ptr_array_index (self->buttons, selected));
  return GDK_EVENT_STOP;
}

static GtkWidget *
make_card (RfChainStrip *self, const char *title, int stage)
{
  GtkWidget *card = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (card), make_face (card, title));
  gtk_widget_add_css_class (card, "stage-card");
  g_object_set_data (G_OBJECT (card), "stage", GINT_TO_POINTER (stage));
  g_signal_connect (card, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_widget_set_tooltip_text (card,
                               _ ("Press to select, drag to move (Alt and arrow keys), Delete to "
                                  "take it out"));
  GtkDragSource *source = gtk_drag_source_new ();
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), card);
  gtk_widget_add_controller (card, GTK_EVENT_CONTROLLER (source));
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INT, GDK_ACTION_MOVE);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (card, GTK_EVENT_CONTROLLER (target));
  GtkEventController *key = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (card, key);
  return card;
}

/* As many cards as there are stages; those that are there are kept, with the focus. */
static void
show_count (RfChainStrip *self, int n)
{
  while ((int) self->buttons->len > n)
    {
      gtk_box_remove (GTK_BOX (self->cards),
                      g_ptr_array_index (self->buttons, self->buttons->len - 1));
      g_ptr_array_set_size (self->buttons, (int) self->buttons->len - 1);
    }
  while ((int) self->buttons->len < n)
    {
      GtkWidget *card = make_card (self, "", (int) self->buttons->len);
      gtk_box_append (GTK_BOX (self->cards), card);
      g_ptr_array_add (self->buttons, card);
    }
}

static void
changed_cb (RfChainStrip *self)
{
  const RfChain *chain = rf_filter_bench_get_chain (self->bench);
  const int selected = rf_filter_bench_get_selected (self->bench);
  show_count (self, chain->n_stages);
  for (int i = 0; i < chain->n_stages; i++)
    {
      GtkWidget *card = g_ptr_array_index (self->buttons, i);
      GtkWidget *label = gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (card)));
      g_autofree char *title = rf_filter_bench_name_stage (chain, i);
      gtk_label_set_label (GTK_LABEL (label), title);
      g_autofree char *name
          = i == selected ? g_strdup_printf (_ ("%s, selected"), title) : g_strdup (title);
      rf_control_name (card, name);
      if (i == selected)
        gtk_widget_add_css_class (card, "chosen");
      else
        gtk_widget_remove_css_class (card, "chosen");
    }
}

static void
result_cb (RfChainStrip *self)
{
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  for (int i = 0; result && i < (int) self->buttons->len && i < result->n_stages; i++)
    rf_thumb_set_raster (g_object_get_data (self->buttons->pdata[i], "thumb"),
                         result->thumbnails[i]);
}

/* ---- the widget ---- */

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) stages = g_menu_new ();
  for (int kind = 0; kind < RF_N_STAGE_KINDS; kind++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (rf_stage_infos[kind].title), NULL);
      g_menu_item_set_action_and_target (item, "chain.add", "i", kind);
      g_menu_append_item (stages, item);
    }
  g_menu_append_section (menu, _ ("Add after the Selected Stage"), G_MENU_MODEL (stages));
  g_autoptr (GMenu) ready = g_menu_new ();
  for (const RfReadyChain *chain = rf_ready_chains; chain->name; chain++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (chain->title), NULL);
      g_menu_item_set_action_and_target (item, "chain.ready", "s", chain->name);
      g_menu_append_item (ready, item);
    }
  g_menu_append_section (menu, _ ("Ready-Made Chains"), G_MENU_MODEL (ready));
  g_autoptr (GMenu) others = g_menu_new ();
  g_menu_append (others, _ ("_Remove the Selected Stage"), "chain.remove");
  g_menu_append (others, _ ("_New Chain"), "chain.new");
  g_menu_append (others, _ ("_Open a Chain…"), "chain.open");
  g_menu_append (others, _ ("_Save the Chain…"), "chain.save");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));
  return G_MENU_MODEL (menu);
}

static GtkWidget *
make_add_button (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = make_menu ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "list-add-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Add a stage, or take a ready-made chain"));
  rf_control_name (button, _ ("Add a stage"));
  return button;
}

static const GActionEntry actions[] = {
  { "add", add_stage, "i" }, { "ready", take_ready, "s" }, { "remove", remove_selected },
  { "new", clear_chain },    { "open", open_chain },       { "save", save_chain },
};

static void
rf_chain_strip_dispose (GObject *object)
{
  g_clear_pointer (&RF_CHAIN_STRIP (object)->buttons, g_ptr_array_unref);
  G_OBJECT_CLASS (rf_chain_strip_parent_class)->dispose (object);
}

static void
rf_chain_strip_class_init (RfChainStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_chain_strip_dispose;
}

static void
rf_chain_strip_init (RfChainStrip *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->buttons = g_ptr_array_new ();
  self->cards = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->cards);
  gtk_box_append (GTK_BOX (self), self->scrolled);
  gtk_box_append (GTK_BOX (self), make_add_button ());
  rf_control_add_actions (GTK_WIDGET (self), GTK_WIDGET (self), "chain", actions,
                          G_N_ELEMENTS (actions));
}

GtkWidget *
rf_chain_strip_new (RfFilterBench *bench)
{
  RfChainStrip *self = g_object_new (RF_TYPE_CHAIN_STRIP, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "result", G_CALLBACK (result_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  result_cb (self);
  return GTK_WIDGET (self);
}
