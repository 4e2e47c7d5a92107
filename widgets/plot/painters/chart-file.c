/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A painting as a file. It is made in memory first: a full disk leaves the file before as it was.
 */

#include "widgets/plot/painters/chart-file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>

#define PIXELS 2 /* of an image, per unit */

static cairo_status_t
append_bytes (void *data, const unsigned char *bytes, unsigned int length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
paint_onto (cairo_surface_t *surface, double width, double height, RfPaintFunc paint, gpointer data)
{
  cairo_t *cr = cairo_create (surface);
  paint (cr, width, height, data);
  const cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static cairo_surface_t *
make_image (double width, double height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (PIXELS * width),
                                                         (int) (PIXELS * height));
  cairo_surface_set_device_scale (surface, PIXELS, PIXELS);
  return surface;
}

cairo_surface_t *
rf_chart_paint_image (double width, double height, RfPaintFunc paint, gpointer data)
{
  g_return_val_if_fail (width > 0 && height > 0 && paint, NULL);
  cairo_surface_t *surface = make_image (width, height);
  paint_onto (surface, width, height, paint, data);
  cairo_surface_flush (surface);
  return surface;
}

GBytes *
rf_chart_file_render (const char *name, double width, double height, RfPaintFunc paint,
                      gpointer data, GError **error)
{
  g_return_val_if_fail (name && width > 0 && height > 0 && paint, NULL);

  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const gboolean png = g_str_has_suffix (lower, ".png");
  cairo_surface_t *surface;
  if (png)
    surface = make_image (width, height);
  else if (g_str_has_suffix (lower, ".svg"))
    surface = cairo_svg_surface_create_for_stream (append_bytes, bytes, width, height);
  else if (g_str_has_suffix (lower, ".pdf"))
    surface = cairo_pdf_surface_create_for_stream (append_bytes, bytes, width, height);
  else
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   _ ("%s: the name of a plot ends in .png, .svg or .pdf"), name);
      return NULL;
    }

  cairo_status_t status = paint_onto (surface, width, height, paint, data);
  if (png && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _ ("%s: cannot be drawn: %s"), name,
               cairo_status_to_string (status));
  return NULL;
}

gboolean
rf_chart_file_write (const char *path, double width, double height, RfPaintFunc paint,
                     gpointer data, GError **error)
{
  g_return_val_if_fail (path, FALSE);
  g_autoptr (GBytes) bytes = rf_chart_file_render (path, width, height, paint, data, error);
  if (!bytes)
    return FALSE;
  gsize size;
  const char *contents = g_bytes_get_data (bytes, &size);
  return g_file_set_contents (path, contents, size, error);
}
