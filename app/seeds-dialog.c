/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/seeds-dialog.h"

#include "app/seeds.h"

#include <glib/gi18n-lib.h>

static void
started_cb (GtkWidget *dialog, const char *response, RfSession *session)
{
  GtkSpinButton *spin
      = GTK_SPIN_BUTTON (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog)));
  if (g_str_equal (response, "start"))
    rf_seeds_start (rf_session_get_seeds (session), (guint) gtk_spin_button_get_value (spin));
}

static void
ended_cb (GtkWidget *dialog, const char *response, RfSession *session)
{
  if (g_str_equal (response, "end"))
    rf_seeds_stop (rf_session_get_seeds (session));
}

static AdwMessageDialog *
make_dialog (GtkWindow *parent, const char *heading, const char *body, const char *response,
             const char *label)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));
  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (dialog, response, label);
  adw_message_dialog_set_response_appearance (dialog, response, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, response);
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

void
rf_seeds_dialog_show (GtkWindow *parent, RfSession *session)
{
  g_return_if_fail (GTK_IS_WINDOW (parent) && RF_IS_SESSION (session));
  RfSeeds *seeds = rf_session_get_seeds (session);
  AdwMessageDialog *dialog;
  if (rf_seeds_get_running (seeds))
    {
      g_autofree char *body = g_strdup_printf (
          _ ("%u of %u seeds are done. The run under way goes on; no other begins after it."),
          rf_seeds_get_curves (seeds)->len, rf_seeds_get_n (seeds));
      dialog = make_dialog (parent, _ ("End the Study?"), body, "end", _ ("_End"));
      g_signal_connect_object (dialog, "response", G_CALLBACK (ended_cb), session, 0);
      gtk_window_present (GTK_WINDOW (dialog));
      return;
    }
  dialog = make_dialog (
      parent, _ ("Several Seeds"),
      _ ("The experiment is trained to its end once for each seed, one after the other. The charts "
         "show the mean of the held-out figures, and a band from the smallest to the largest: a "
         "difference between two settings that is smaller than the band may be chance."),
      "start", _ ("_Start"));
  GtkWidget *spin = gtk_spin_button_new_with_range (2, 50, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 3);
  gtk_widget_set_halign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Number of seeds"), -1);
  adw_message_dialog_set_extra_child (dialog, spin);
  g_signal_connect_object (dialog, "response", G_CALLBACK (started_cb), session, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
