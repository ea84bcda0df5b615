// Measures of the whole picture, for covered, blurred, dark and frozen cameras.
#pragma once
#include "luma.h"

namespace xueliang {

struct SceneScratch {
  Scratch columnSums, luma;
};

}  // namespace xueliang

namespace xueliang::XUELIANG_LANES {

// State, owned by the caller, zero-filled before the first call:
//   uint32 magic, luma width, luma height, 0 | uint8 previous[n]
size_t sceneStateSize(LumaSize size);

// Writes brightness, contrast, sharpness, blackShare, change (NaN the first time). False when memory ran out.
bool measureScene(const Yuv& source, uint8_t* state, double out[5], SceneScratch& scratch);
void release(SceneScratch& scratch);

}  // namespace xueliang::XUELIANG_LANES
