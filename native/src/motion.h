// Motion against a learned background; formula and constants are in native/README.md.
#pragma once
#include "luma.h"

namespace xueliang {

struct MotionJob {
  Yuv source;
  uint8_t* state;  // aligned to 4
  uint8_t* blocks;
  int32_t columns, rows;
  // Rates of one step in 1/32768.
  int32_t backgroundRate, absorbRate, noiseRate;
  int32_t minDifference;  // 1/256 grey
  int32_t noiseFactor;    // 1/16
  int32_t blockShare;     // 0..255, as the blocks are written
  bool followsLight;
};

struct MotionScratch {
  Scratch columnSums, luma, counts;
};

}  // namespace xueliang

namespace xueliang::XUELIANG_LANES {

// State, owned by the caller, zero-filled before the first step:
//   uint32 magic, luma width, luma height, 0 | uint16 mean[n] | uint16 noise[n] | uint8 previous[n]      mean, noise in 1/256 grey
size_t motionStateSize(LumaSize size);

// Share of moved blocks, 0..1; below 0 when memory ran out.
double motionStep(const MotionJob& job, MotionScratch& scratch);
void release(MotionScratch& scratch);

}  // namespace xueliang::XUELIANG_LANES
