/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The thread in which a playground trains. It owns the playground; the main loop sends it commands,
 * which it carries out in their order between two slices of training, and gets views, at most
 * thirty a second, of which only the newest counts. Rows of the curves are never lost. */

#include "app/toy/toy-view.h"

G_BEGIN_DECLS

typedef enum
{
  RF_TOY_POINTS,
  RF_TOY_BATCHES,
  RF_TOY_EPOCHS,
} RfToyUnit;

typedef struct
{
  RfToyUnit unit;
  double per_second; /* 0: as fast as it goes */
  const char *title; /* N_() */
} RfToySpeed;

/* From slow to fast, with an entry without a title at the end. */
extern const RfToySpeed rf_toy_speeds[];

/* Belongs to the thread; a command may change all of it. */
typedef struct
{
  RfPlayground *playground;
  gboolean running;
  int speed;         /* of rf_toy_speeds */
  guint64 end_epoch; /* stops there; 0: never */
  double end_loss;   /* stops when the test loss is below; 0: never */
  int moment;        /* on show; −1: the present */
  gboolean fresh;    /* the curves begin anew */
  double seconds;    /* of training */
} RfToyWork;

typedef void (*RfToyCommand) (RfToyWork *work, gpointer data);

typedef struct _RfToyWorker RfToyWorker;
typedef void (*RfToyViewFunc) (RfToyView *view, gpointer data);

/* Takes over @playground. @func is called on the main loop. NULL: there is no thread to be had. */
RfToyWorker *rf_toy_worker_new (RfPlayground *playground, RfToyViewFunc func, gpointer data);
/* Joins the thread, which ends after a slice and a view. */
void rf_toy_worker_free (RfToyWorker *worker);
/* @data is freed with @destroy (may be NULL) in the thread, or here if it has ended. */
void rf_toy_worker_do (RfToyWorker *worker, RfToyCommand command, gpointer data,
                       GDestroyNotify destroy);

G_END_DECLS
