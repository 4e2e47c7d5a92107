/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Elementary functions to the same last bit as JavaScript has them in V8 (Chrome, Node).
 *
 * Training amplifies a difference in the last bit: with a large rate or single points, two runs
 * that differ by one rounding have nothing in common after some thousand steps. So a link gives the
 * original's losses only if every operation rounds as it does there, and the C library's functions
 * round differently here and there. V8's are those of fdlibm (Sun Microsystems, 1993); these follow
 * its published algorithms, branch points and coefficients. kernels/vectors.h has tanh and the
 * logistic function once more for vectors, with the same bits.
 *
 * All that computes with them is compiled without contraction: a fused multiply-add rounds once
 * where JavaScript rounds twice. */

double rf_js_exp (double x);
double rf_js_tanh (double x);
double rf_js_log (double x);
/* Beyond |x| = 8e5 they are the C library's. */
double rf_js_sin (double x);
double rf_js_cos (double x);
