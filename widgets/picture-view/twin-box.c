/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture-view/twin-box.h"

#include <math.h>

#define SPACING 8
#define EXTRA   24 /* of each one's height that is no picture */

struct _RfTwinBox
{
  GtkWidget parent_instance;
  GtkWidget *first, *second;
  double aspect;
};

G_DEFINE_FINAL_TYPE (RfTwinBox, rf_twin_box, GTK_TYPE_WIDGET)

/* How large a picture of the aspect can be in there. */
static double
get_scale (RfTwinBox *self, double width, double height)
{
  return MIN (width / self->aspect, height - EXTRA);
}

static void
rf_twin_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RfTwinBox *self = RF_TWIN_BOX (widget);
  const int half_width = (width - SPACING) / 2, half_height = (height - SPACING) / 2;
  const gboolean beside
      = get_scale (self, half_width, height) >= get_scale (self, width, half_height);
  GtkAllocation place = { 0, 0, beside ? half_width : width, beside ? height : half_height };
  gtk_widget_size_allocate (self->first, &place, -1);
  if (beside)
    place.x = width - half_width;
  else
    place.y = height - half_height;
  gtk_widget_size_allocate (self->second, &place, -1);
}

static void
rf_twin_box_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfTwinBox *self = RF_TWIN_BOX (widget);
  int least[2], wished[2];
  gtk_widget_measure (self->first, orientation, -1, &least[0], &wished[0], NULL, NULL);
  gtk_widget_measure (self->second, orientation, -1, &least[1], &wished[1], NULL, NULL);
  *minimum = 2 * MAX (least[0], least[1]) + SPACING;
  *natural = MAX (2 * MAX (wished[0], wished[1]) + SPACING, *minimum);
}

static void
rf_twin_box_dispose (GObject *object)
{
  g_clear_pointer (&RF_TWIN_BOX (object)->first, gtk_widget_unparent);
  g_clear_pointer (&RF_TWIN_BOX (object)->second, gtk_widget_unparent);
  G_OBJECT_CLASS (rf_twin_box_parent_class)->dispose (object);
}

static void
rf_twin_box_class_init (RfTwinBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_twin_box_dispose;
  GTK_WIDGET_CLASS (klass)->measure = rf_twin_box_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = rf_twin_box_size_allocate;
}

static void
rf_twin_box_init (RfTwinBox *self)
{
  self->aspect = 1;
}

GtkWidget *
rf_twin_box_new (GtkWidget *first, GtkWidget *second)
{
  g_return_val_if_fail (GTK_IS_WIDGET (first) && GTK_IS_WIDGET (second), NULL);
  RfTwinBox *self = g_object_new (RF_TYPE_TWIN_BOX, NULL);
  self->first = first;
  self->second = second;
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (second, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

void
rf_twin_box_set_aspect (RfTwinBox *self, double aspect)
{
  g_return_if_fail (RF_IS_TWIN_BOX (self) && isfinite (aspect) && aspect > 0);
  if (self->aspect == aspect)
    return;
  self->aspect = aspect;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
