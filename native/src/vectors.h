// The vector instructions of this architecture, by the names of its own headers.
#pragma once
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif
