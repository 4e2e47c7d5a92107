/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What session.c (the object and its knobs), session-open.c (how runs come and go) and
 * session-fork.c share. */

#include "app/session.h"

G_BEGIN_DECLS

struct _RfSession
{
  GObject parent_instance;

  RfRun *run, *other;
  GSignalGroup *watch; /* of the run in front */
  RfHistory *history;
  RfComparison *comparison;
  RfSeeds *seeds;
  GHashTable *shared; /* GType → GObject * */
  RfExperiment *plan; /* of the next run, if it differs from the present one's experiment */
  gint64 moment;

  GCancellable *loading; /* of the newest request; NULL: none */
  char *activity;
  double progress;

  guint n_busy; /* runs that are being opened or closed */
  GTask *close; /* somebody waits for the last of them */
};

/* What becomes of the runs at hand when a new one is there. */
typedef enum
{
  RF_ARRIVAL_ALONE,   /* both are closed */
  RF_ARRIVAL_INSTEAD, /* it takes the place of the one in front */
  RF_ARRIVAL_BESIDE,  /* the one in front becomes the other */
} RfArrival;

/* session.c */
void rf_session_fail (RfSession *session, const char *message);
void rf_session_note (RfSession *session, const char *message);
void rf_session_set_activity (RfSession *session, char *activity); /* takes it over */
void rf_session_set_progress (RfSession *session, double progress);
void rf_session_set_loading (RfSession *session, GCancellable *cancellable);
/* Takes over both references; notifies. */
void rf_session_set_runs (RfSession *session, RfRun *run, RfRun *other);
/* The run was turned by this program, forwards or back. */
void rf_session_tell_turned (RfSession *session, RfRun *run, const RfChange *change);

/* session-open.c */
void rf_session_close_run (RfSession *session, RfRun *run); /* takes over the reference */
/* Answers rf_session_close_async() if nothing is left to wait for. */
void rf_session_return_closed (RfSession *session);
/* Opens @experiment in @folder, which may be a run already (@resume). @init: a file with the first
 * weights, or NULL. Takes over @folder. */
void rf_session_begin (RfSession *session, RfExperiment *experiment, char *folder, gboolean resume,
                       const char *init, RfArrival arrival);

G_END_DECLS
