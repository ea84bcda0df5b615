#include "kernels.h"

namespace xueliang {

const Kernels kBaselineKernels = {baseline::letterbox, baseline::motionStep, baseline::measureScene, baseline::lineSums,
                                  baseline::cellSums,  baseline::bendSums,   baseline::stepSums,     baseline::maskSums,
                                  baseline::allFinite, baseline::rowsWith};

#if defined(__x86_64__)
extern const Kernels kAvx2Kernels;
const Kernels& widestKernels() { return __builtin_cpu_supports("avx2") ? kAvx2Kernels : kBaselineKernels; }
#else
const Kernels& widestKernels() { return kBaselineKernels; }
#endif

}  // namespace xueliang
