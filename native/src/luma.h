// The small grey picture that motion and scene look at.
#pragma once
#include "pixels.h"

namespace xueliang {

struct LumaSize {
  int32_t factor;  // source pixels per luma pixel, along both axes
  int32_t width, height;
};

}  // namespace xueliang

namespace xueliang::XUELIANG_LANES {

// About 320 pixels wide. Up to factor - 1 columns and rows at the right and bottom are left out.
LumaSize lumaSize(int32_t sourceWidth, int32_t sourceHeight);

// Box average of the luma plane, stretched from limited range (16..235) to 0..255. False when memory ran out.
bool shrinkToLuma(const Yuv& source, LumaSize size, uint8_t* luma, Scratch& columnSums);

}  // namespace xueliang::XUELIANG_LANES
