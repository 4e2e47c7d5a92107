/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Edits of the session's plan: settings that a run cannot take over while it trains. A plan that
 * says what the run in front does already is no plan any more. */

#include "app/session.h"

G_BEGIN_DECLS

void rf_plan_seed (RfSession *session, guint64 seed);
/* Early stopping where there is no validation split yet: plans one too, and says so by TRUE. */
gboolean rf_plan_patience (RfSession *session, int patience);
void rf_plan_optimizer (RfSession *session, const RfSpecClass *klass);
void rf_plan_schedule (RfSession *session, const RfSpecClass *klass);
void rf_plan_augment (RfSession *session, const RfSpecClass *klass, gboolean wanted);
/* An option at a path of the plan, live or not. */
gboolean rf_plan_option (RfSession *session, const char *path, double value, GError **error);
/* TRUE if the option at @path belongs to something that the run in front does not have. */
gboolean rf_plan_is_new (RfSession *session, const char *path);

G_END_DECLS
