/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

/* Asks how many seeds, and starts the study; or offers to end the one under way. */
void rf_seeds_dialog_show (GtkWindow *parent, RfSession *session);

G_END_DECLS
