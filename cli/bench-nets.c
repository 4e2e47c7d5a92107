/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reference networks of `receptive-cli bench`, as doc/formats.md defines them. */

#include "cli/bench.h"

/* clang-format off */
#define TEXT(x) #x
#define CONV(filters, kernel, stride, padding, more) \
  "{\"type\": \"conv2d\", \"filters\": " TEXT (filters) ", \"kernel\": " TEXT (kernel) \
  ", \"stride\": " TEXT (stride) ", \"padding\": " TEXT (padding) more "}"
#define NORM           "{\"type\": \"batchnorm\"}"
#define RELU           "{\"type\": \"relu\"},"
#define POOL           "{\"type\": \"maxpool\", \"size\": 2},"
#define DROPOUT(share) "{\"type\": \"dropout\", \"rate\": " TEXT (share) "},"
#define FLATTEN        "{\"type\": \"flatten\"},"
#define LINEAR(n)      "{\"type\": \"linear\", \"units\": " TEXT (n) "}"

#define CONV_RELU(filters) CONV (filters, 3, 1, 1, "") "," RELU
#define CONV_NORM(filters, kernel, stride, padding) \
  CONV (filters, kernel, stride, padding, ", \"bias\": false") "," NORM
#define CONV_NORM_RELU(filters, stride) CONV_NORM (filters, 3, stride, 1) "," RELU

#define STAGE(filters) CONV_NORM_RELU (filters, 1) CONV_NORM_RELU (filters, 1) POOL
#define BLOCK(filters, stride, shortcut) \
  "{\"type\": \"residual\"," \
  " \"layers\": [" CONV_NORM_RELU (filters, stride) CONV_NORM (filters, 3, 1, 1) "]," \
  " \"shortcut\": [" shortcut "]}," RELU
#define SAME(filters)   BLOCK (filters, 1, "")
#define HALVED(filters) BLOCK (filters, 2, CONV_NORM (filters, 1, 2, 0))

const RfBenchNet rf_bench_nets[] = {
  { "notebook",
    CONV_RELU (32) POOL CONV_RELU (64) POOL DROPOUT (0.25)
    FLATTEN LINEAR (128) "," RELU DROPOUT (0.5) LINEAR (10) },
  { "vgg",
    STAGE (64) STAGE (128) STAGE (256) FLATTEN LINEAR (10) },
  { "resnet20",
    CONV_NORM_RELU (16, 1)
    SAME (16) SAME (16) SAME (16)
    HALVED (32) SAME (32) SAME (32)
    HALVED (64) SAME (64) SAME (64)
    "{\"type\": \"global_avgpool\"}," LINEAR (10) },
  { "mlp",
    FLATTEN LINEAR (512) "," RELU LINEAR (256) "," RELU LINEAR (10) },
  { NULL },
};
/* clang-format on */
