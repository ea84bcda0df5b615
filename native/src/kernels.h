// The functions that touch every pixel, as one set for each kind of processor; all sets give the same bytes.
#pragma once
#include "letterbox.h"
#include "motion.h"
#include "scene.h"
#include "scores.h"
#include "sums.h"

namespace xueliang {

struct Kernels {
  bool (*letterbox)(const LetterboxJob& job, LetterboxScratch& scratch);
  double (*motionStep)(const MotionJob& job, MotionScratch& scratch);
  bool (*measureScene)(const Yuv& source, uint8_t* state, double out[5], SceneScratch& scratch);
  void (*lineSums)(const Plane& plane, uint32_t* columns, uint32_t* rows);
  void (*cellSums)(const Plane& plane, int32_t side, uint32_t* sums);
  void (*bendSums)(const Plane& plane, int32_t side, uint32_t* sums);
  void (*stepSums)(const Plane& plane, int32_t every, uint32_t* sums);
  void (*maskSums)(const Plane& plane, const uint32_t* places, size_t count, uint32_t* sums);
  bool (*allFinite)(const float* values, size_t count);
  size_t (*rowsWith)(const float* values, size_t rows, int32_t width, int32_t from, int32_t to, double floor, uint32_t* found);
};

// What every processor of this architecture runs.
extern const Kernels kBaselineKernels;
// The widest set that this processor runs.
const Kernels& widestKernels();

}  // namespace xueliang
