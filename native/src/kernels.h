// The functions that touch every pixel, as one set for each kind of processor; all sets give the same bytes.
#pragma once
#include "letterbox.h"
#include "motion.h"
#include "scene.h"

namespace xueliang {

struct Kernels {
  bool (*letterbox)(const LetterboxJob& job, LetterboxScratch& scratch);
  double (*motionStep)(const MotionJob& job, MotionScratch& scratch);
  bool (*measureScene)(const Yuv& source, uint8_t* state, double out[5], SceneScratch& scratch);
};

// What every processor of this architecture runs.
extern const Kernels kBaselineKernels;
// The widest set that this processor runs.
const Kernels& widestKernels();

}  // namespace xueliang
