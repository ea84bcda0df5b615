// Paints a polygon over a picture, so that what lies under it exists nowhere downstream.
#pragma once
#include "pixels.h"

namespace xueliang {

constexpr size_t kMaxMaskPoints = 1024;

// Even-odd fill of every pixel whose centre lies inside. `points` holds `count` finite x, y pairs in pixels.
void burnMask(uint8_t* pixels, int32_t width, int32_t height, const float* points, size_t count, const uint8_t colour[3]);

}  // namespace xueliang
