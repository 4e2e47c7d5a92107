/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the units of a layer do over many pictures: how active they are, which never are, and which
 * pictures excite each most, and where in them. A unit is a channel of a convolution's maps or one
 * value of a flat layer. Done a batch at a time. */

#include "model/dataset/dataset.h"
#include "model/features/specimen.h"

G_BEGIN_DECLS

#define RF_SURVEY_TOP 9

typedef struct
{
  guint32 row; /* of the data set */
  float value;
  gint16 y, x; /* in the map */
} RfSurveyHit;

typedef struct
{
  double mean, active; /* over all places: mean value, share of those above 0 */
  float greatest;
  int n_top;
  RfSurveyHit top[RF_SURVEY_TOP]; /* the most excited first, one for each picture */
} RfSurveyUnit;

typedef struct _RfSurvey RfSurvey;

/* Over the first @n pictures of a split, in an order that @seed shuffles; all if there are fewer.
 * @layer: index of RfLayer. */
RfSurvey *rf_survey_new (RfDataset *dataset, RfSplit split, gsize n, guint64 seed, guint layer);
void rf_survey_free (RfSurvey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSurvey, rf_survey_free)

/* A batch more. TRUE when it is done. */
gboolean rf_survey_step (RfSurvey *survey, RfSpecimen *specimen);
double rf_survey_get_progress (const RfSurvey *survey);

/* Once begun; of the pictures that it has seen so far. */
int rf_survey_count_units (const RfSurvey *survey);
const RfSurveyUnit *rf_survey_get_unit (const RfSurvey *survey, int unit);
/* Units that were above 0 at no place of any picture. */
int rf_survey_count_dead (const RfSurvey *survey);
guint rf_survey_get_layer (const RfSurvey *survey);

G_END_DECLS
