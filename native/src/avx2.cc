// The same kernels for x86 processors with AVX2, which take twice as many pixels at a time. Chosen in kernels.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cmath>
#include <cstring>

#define XUELIANG_LANES avx2
// Not __AVX2__: the preprocessor of older compilers has read this file before the pragma counts.
#define XUELIANG_AVX2
// Before the pragma: an inline function of theirs must never be the wide one that another file is linked with.
#include "kernels.h"

#pragma GCC target("avx2")
#include "letterbox.cc"
#include "luma.cc"
#include "motion.cc"
#include "scene.cc"
#include "scores.cc"
#include "sums.cc"

namespace xueliang {
extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels = {avx2::letterbox, avx2::motionStep, avx2::measureScene, avx2::lineSums,
                              avx2::cellSums,  avx2::bendSums,   avx2::stepSums,     avx2::maskSums,
                              avx2::allFinite, avx2::rowsWith};
}  // namespace xueliang
#endif
