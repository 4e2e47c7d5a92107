/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: what is read, what is refused, and how they become inputs. */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/dataset/dataset.h"
#include "model/dataset/image.h"
#include "tests/test-util.h"

static void
free_pixels (guchar *pixels, gpointer data)
{
  g_free (pixels);
}

static RfImage *
make_image (int width, int height)
{
  RfImage *image = g_new0 (RfImage, 1);
  image->width = width;
  image->height = height;
  GdkPixbuf *pixbuf
      = gdk_pixbuf_new_from_data (g_malloc ((gsize) width * height * 3), GDK_COLORSPACE_RGB, FALSE,
                                  8, width, height, width * 3, free_pixels, NULL);
  image->owner = pixbuf;
  image->rgb = gdk_pixbuf_get_pixels (pixbuf);
  return image;
}

static void
fill (RfImage *image, guint8 (*value) (int x, int y, int c))
{
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      for (int c = 0; c < 3; c++)
        image->rgb[((gsize) y * image->width + x) * 3 + c] = value (x, y, c);
}

static guint8
ramp (int x, int y, int c)
{
  return (guint8) (x * 7 + y * 3 + c * 11);
}

static guint8
flat (int x, int y, int c)
{
  return (guint8) (200 + c);
}

static guint8
halves (int x, int y, int c)
{
  return x % 2 ? 201 : 100;
}

static void
test_same_size (void)
{
  g_autoptr (RfImage) image = make_image (9, 7);
  guint8 out[3 * 7 * 9], grey[7 * 9];
  fill (image, ramp);
  g_assert_true (rf_image_to_input (image, (RfShape){ 3, 7, 9 }, out, NULL));
  g_assert_true (rf_image_to_input (image, (RfShape){ 1, 7, 9 }, grey, NULL));
  for (int y = 0; y < 7; y++)
    for (int x = 0; x < 9; x++)
      {
        for (int c = 0; c < 3; c++)
          g_assert_cmpuint (out[(c * 7 + y) * 9 + x], ==, ramp (x, y, c));
        double expected = 0.299 * ramp (x, y, 0) + 0.587 * ramp (x, y, 1) + 0.114 * ramp (x, y, 2);
        g_assert_cmpfloat_with_epsilon (grey[y * 9 + x], expected, 0.51);
      }
}

static void
test_flat (void)
{
  /* A picture of one colour stays that colour at any size. */
  static const int sizes[][2] = { { 1, 1 }, { 1, 200 }, { 300, 1 }, { 31, 33 }, { 500, 375 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (RfImage) image = make_image (sizes[i][0], sizes[i][1]);
      fill (image, flat);
      static const RfShape shapes[] = { { 3, 32, 32 }, { 3, 5, 64 }, { 3, 1, 1 }, { 3, 64, 7 } };
      for (guint j = 0; j < G_N_ELEMENTS (shapes); j++)
        {
          gsize plane = (gsize) shapes[j].height * shapes[j].width;
          g_autofree guint8 *out = g_malloc (3 * plane);
          g_assert_true (rf_image_to_input (image, shapes[j], out, NULL));
          for (gsize k = 0; k < 3 * plane; k++)
            g_assert_cmpuint (out[k], ==, 200 + k / plane);
        }
    }
}

static void
test_shrink (void)
{
  /* Halved: means of 2×2 pixels, of the middle of the longer side. */
  g_autoptr (RfImage) image = make_image (12, 8);
  guint8 out[3 * 4 * 4];
  fill (image, ramp);
  g_assert_true (rf_image_to_input (image, (RfShape){ 3, 4, 4 }, out, NULL));
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < 4; y++)
      for (int x = 0; x < 4; x++)
        {
          double mean = 0;
          for (int k = 0; k < 4; k++)
            mean += ramp (2 + 2 * x + k % 2, 2 * y + k / 2, c) / 4.0;
          g_assert_cmpfloat_with_epsilon (out[(c * 4 + y) * 4 + x], mean, 0.51);
        }

  /* By a fraction: 3 values over 4 pixels, each with a third of a neighbour. */
  g_autoptr (RfImage) narrow = make_image (4, 4);
  guint8 third[3 * 3 * 3];
  fill (narrow, halves);
  g_assert_true (rf_image_to_input (narrow, (RfShape){ 3, 3, 3 }, third, NULL));
  static const double expected[] = { 125.25, 150.5, 175.75 };
  for (int i = 0; i < 27; i++)
    g_assert_cmpfloat_with_epsilon (third[i], expected[i % 3], 0.51);
}

static void
test_grow (void)
{
  /* Bilinear about pixel centres, as PyTorch's with align_corners false. */
  g_autoptr (RfImage) image = make_image (2, 2);
  guint8 out[3 * 4 * 4];
  fill (image, halves);
  g_assert_true (rf_image_to_input (image, (RfShape){ 3, 4, 4 }, out, NULL));
  static const double expected[] = { 100, 125.25, 175.75, 201 };
  for (int i = 0; i < 48; i++)
    g_assert_cmpfloat_with_epsilon (out[i], expected[i % 4], 0.51);
}

static void
test_channels (void)
{
  g_autoptr (RfImage) image = make_image (2, 2);
  g_autoptr (GError) error = NULL;
  guint8 out[8];
  g_assert_false (rf_image_to_input (image, (RfShape){ 2, 2, 2 }, out, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
}

/* Every cut of a file, and every changed byte, ends in a picture or an error. */
static void
test_damage (gconstpointer type)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 16, 16);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  gsize size;
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  for (int i = 0; i < 16 * 48; i++)
    pixels[i] = (guint8) (i * 31 % 251);
  gdk_pixbuf_save_to_buffer (pixbuf, &file, &size, type, &error, NULL);
  g_assert_no_error (error);

  g_autoptr (RfImage) sound = rf_image_parse (file, size, "picture", &error);
  g_assert_no_error (error);
  g_assert_cmpint (sound->width, ==, 16);
  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (RfImage) image = rf_image_parse (file, cut, "picture", &error);
      g_assert_null (image);
      g_assert_cmpint (error->domain, ==, RF_ERROR);
      g_clear_error (&error);
    }
  gboolean is_png = strcmp (type, "png") == 0;
  for (gsize i = 0; i < size; i++)
    {
      file[i] ^= 0x10;
      g_autoptr (RfImage) image = rf_image_parse (file, size, "picture", &error);
      g_assert_true ((image != NULL) != (error != NULL));
      g_assert_false (is_png && image); /* each byte has a checksum over it */
      g_clear_error (&error);
      file[i] ^= 0x10;
    }
}

/* Few bytes that claim many pixels. */
static void
test_claims (void)
{
  guint8 gif[]
      = { 'G', 'I',  'F', '8', '9', 'a', 0x58, 0x1b, 0x58, 0x1b, 0x80, 0, 0, 255,  0, 0, 0,   0,
          255, 0x2c, 0,   0,   0,   0,   0x58, 0x1b, 0x58, 0x1b, 0,    2, 2, 0x4c, 1, 0, 0x3b };
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_image_parse (gif, sizeof gif, "claims.gif", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "7000×7000"));
  g_clear_error (&error);
  gif[6] = gif[8] = gif[24] = gif[26] = 1;
  gif[7] = gif[9] = gif[25] = gif[27] = 0;
  g_autoptr (RfImage) image = rf_image_parse (gif, sizeof gif, "claims.gif", &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->width, ==, 1);
}

static void
assert_ramp (const RfImage *good, const RfImage *image)
{
  g_assert_cmpmem (image->rgb, 16 * 48, good->rgb, 16 * 48);
}

static void
test_shared (void)
{
  static const struct
  {
    const char *name;
    gboolean sound;
  } files[] = {
    { "good.png", TRUE },
    { "good.jpg", TRUE },
    { "png-truncated.png", FALSE },
    { "png-bad-crc.png", FALSE },
    { "png-huge-dims.png", FALSE },
    { "png-zero-width.png", FALSE },
    { "png-short-data.png", FALSE },
    { "text.png", FALSE },
    { "empty.jpg", FALSE },
    { "jpg-truncated.jpg", FALSE },
    { "jpg-huge-dims.jpg", FALSE },
    { "animated.gif", TRUE },
    { "grey-16bit.png", TRUE },
    { "rgb-16bit.png", TRUE },
    { "cmyk.jpg", TRUE },
    { "grey.jpg", TRUE },
    { "grey-alpha.png", TRUE },
    { "palette-out-of-range.png", TRUE },
    { "1x1.png", TRUE },
    { "1x20000.png", TRUE },
    { "name-unicode-ünï-蟻-🐝.png", TRUE },
    { "name-\"double\" 'single' $x `y`.png", TRUE },
  };
  g_autofree char *folder = rf_test_shared ("data/bad");
  if (!folder)
    return;
  g_autoptr (RfImage) good = NULL;
  const char *const no_folders[] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      const char *name = files[i].name;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL, info_error = NULL;
      g_autoptr (RfImage) image = rf_image_load (path, &error);
      g_test_message ("%s: %s", name, error ? error->message : "sound");
      g_assert_true (files[i].sound == (image != NULL));
      g_assert_true (files[i].sound == (error == NULL));
      json_t *info = rf_dataset_info (path, no_folders, &info_error);
      g_assert_true (files[i].sound == (info != NULL));
      json_decref (info);
      if (!image)
        continue;

      guint8 input[3 * 32 * 32];
      g_assert_true (rf_image_to_input (image, (RfShape){ 3, 32, 32 }, input, &error));
      if (i == 0)
        good = g_steal_pointer (&image);
      else if (strcmp (name, "rgb-16bit.png") == 0 || g_str_has_prefix (name, "name-"))
        assert_ramp (good, image);
      else if (strcmp (name, "animated.gif") == 0)
        for (int j = 0; j < 16 * 48; j++)
          g_assert_cmpuint (image->rgb[j], ==, j % 3 == 0 ? 255 : 0);
      else if (strcmp (name, "grey-16bit.png") == 0)
        for (int j = 0; j < 16 * 48; j++)
          {
            int pixel = j / 3, odd = (pixel / 16 + pixel) % 2;
            g_assert_true (image->rgb[j] == pixel || (odd && image->rgb[j] == pixel - 1));
          }
      else if (strcmp (name, "cmyk.jpg") == 0)
        {
          static const guint8 red[] = { 255, 0, 0 }, cyan[] = { 0, 255, 255 };
          for (int j = 0; j < 16 * 48; j++)
            g_assert_cmpfloat_with_epsilon (image->rgb[j], (j / 3 % 16 < 8 ? red : cyan)[j % 3],
                                            12);
        }
      else if (strcmp (name, "grey.jpg") == 0)
        for (int j = 0; j < 16 * 16; j++)
          {
            g_assert_cmpuint (image->rgb[3 * j], ==, image->rgb[3 * j + 1]);
            g_assert_cmpuint (image->rgb[3 * j], ==, image->rgb[3 * j + 2]);
            g_assert_cmpfloat_with_epsilon (image->rgb[3 * j], j % 16 * 16, 4);
          }
      else if (strcmp (name, "1x1.png") == 0)
        for (int j = 0; j < 3 * 32 * 32; j++)
          g_assert_cmpuint (input[j], ==, 16 * (j / 1024 + 1));
      else if (strcmp (name, "1x20000.png") == 0)
        g_assert_cmpint (image->height, ==, 20000);
    }
}

static void
test_alpha (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 3, 2);
  g_autofree char *file = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;
  gdk_pixbuf_fill (pixbuf, 0x64c8ff40);
  gdk_pixbuf_save_to_buffer (pixbuf, &file, &size, "png", &error, NULL);
  g_autoptr (RfImage) image = rf_image_parse (file, size, "picture", &error);
  g_assert_no_error (error);
  static const int color[] = { 0x64, 0xc8, 0xff };
  for (int i = 0; i < 18; i++)
    g_assert_cmpfloat_with_epsilon (image->rgb[i], 255 + (color[i % 3] - 255) * (0x40 / 255.0),
                                    0.51);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/images/same-size", test_same_size);
  g_test_add_func ("/images/flat", test_flat);
  g_test_add_func ("/images/shrink", test_shrink);
  g_test_add_func ("/images/grow", test_grow);
  g_test_add_func ("/images/channels", test_channels);
  g_test_add_func ("/images/alpha", test_alpha);
  g_test_add_data_func ("/images/damage/png", "png", test_damage);
  g_test_add_data_func ("/images/damage/jpeg", "jpeg", test_damage);
  g_test_add_func ("/images/claims", test_claims);
  g_test_add_func ("/images/shared", test_shared);
  return g_test_run ();
}
