/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Colours. The hues are those of Okabe and Ito's set, which people with any of the usual colour
 * deficiencies tell apart, made darker on white and lighter on black until each, as a text, has a
 * contrast of 4.5 : 1 with its background. */

#include "widgets/plot/painters/line-chart-painter.h"

#define RGB(hex)                                                                                   \
  {                                                                                                \
    (((hex) >> 16) & 0xff) / 255.0, (((hex) >> 8) & 0xff) / 255.0, ((hex) &0xff) / 255.0, 1        \
  }

void
rf_chart_style_light (RfChartStyle *style)
{
  *style = (RfChartStyle){
    .background = RGB (0xffffff),
    .text = RGB (0x2e3436),
    .axis = RGB (0x77767b),
    .grid = RGB (0xe4e4e7),
    .series = {
      RGB (0x0067a5), /* blue */
      RGB (0xbf4d00), /* vermilion */
      RGB (0x007a59), /* bluish green */
      RGB (0xa8478a), /* reddish purple */
      RGB (0x8a6100), /* ochre */
      RGB (0x1a759e), /* sky blue */
      RGB (0x5e5c64), /* grey */
      RGB (0x241f31), /* black */
    },
    .font_size = 9.5,
    .line_width = 2,
    .font = "Cantarell, Sans",
  };
}

void
rf_chart_style_dark (RfChartStyle *style)
{
  *style = (RfChartStyle){
    .background = RGB (0x242424),
    .text = RGB (0xf2f2f2),
    .axis = RGB (0x9a9996),
    .grid = RGB (0x3a3a3c),
    .series = {
      RGB (0x62b0ea), /* blue */
      RGB (0xff9a52), /* orange */
      RGB (0x3fcfa4), /* bluish green */
      RGB (0xe795cb), /* reddish purple */
      RGB (0xe8c547), /* yellow */
      RGB (0x9ad4f5), /* sky blue */
      RGB (0xb6b4bb), /* grey */
      RGB (0xffffff), /* white */
    },
    .font_size = 9.5,
    .line_width = 2,
    .font = "Cantarell, Sans",
  };
}

void
rf_chart_style_scale (RfChartStyle *style, double scale)
{
  style->font_size *= scale;
  style->line_width *= scale;
}

/* Of a chart's series, at most two runs are told apart by dashes: the rest by hue and label. */
const double rf_chart_dash_test[2] = { 4, 2 };
const double rf_chart_dash_validation[2] = { 1, 1.6 };
const double rf_chart_dash_pair[4] = { 7, 2, 1.5, 2 };
