/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How often to show what a training does: 15 times a second, or less often, so that all that
 * watching takes stays under a share of the training's time.
 *
 * The main thread takes one of the processors on which it computes; a look inside holds all of them
 * up. What comes on a beat (widgets/rhythm.h) is painted in one frame. What a beat costs is
 * measured here; beats come as slowly as that needs, and looks have what they leave. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_PACE_SHARE       0.04  /* of the training's time; the promise is 0.05 */
#define RF_PACE_PAINT_SHARE 0.025 /* of it for painting, at most */
#define RF_PACE_SLOWEST     0.5   /* seconds from one beat to the next */
#define RF_PACE_LONGEST     5.0   /* seconds from one look to the next */

typedef struct
{
  double look, paint; /* seconds a look and a beat, smoothed; 0: not measured yet */
} RfPace;

void rf_pace_looked (RfPace *pace, double seconds);
/* @threads: on which the training computes. */
void rf_pace_painted (RfPace *pace, double seconds, int threads);
/* Seconds from one beat to the next, and from the beginning of one look to that of the next. */
double rf_pace_get_beat (const RfPace *pace);
double rf_pace_get_look (const RfPace *pace);

/* That of this program, which sets the beat. */
RfPace *rf_pace_get_default (void);
/* While nothing trains there is nobody to be spared. */
void rf_pace_set_training (gboolean training);
/* Measures the frames of a window from when it is realized. */
void rf_pace_watch (GtkWidget *window);

G_END_DECLS
