#include "mask.h"

#include <cmath>
#include <cstring>

namespace xueliang {
namespace {

// Where the edges cross the line y, sorted. Half-open edges: a vertex on the line counts once.
size_t crossings(const float* points, size_t count, double y, double* out) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    const float* from = points + i * 2;
    const float* to = points + (i + 1 == count ? 0 : i + 1) * 2;
    const double fromY = from[1], toY = to[1];
    if ((fromY <= y) == (toY <= y)) continue;
    const double x = from[0] + (y - fromY) * (static_cast<double>(to[0]) - from[0]) / (toY - fromY);
    size_t at = found++;
    for (; at > 0 && out[at - 1] > x; at--) out[at] = out[at - 1];
    out[at] = x;
  }
  return found;
}

int32_t firstPixel(double edge, int32_t width) {
  const double pixel = std::ceil(edge - 0.5);
  return pixel <= 0 ? 0 : pixel >= width ? width : static_cast<int32_t>(pixel);
}

}  // namespace

void burnMask(uint8_t* pixels, int32_t width, int32_t height, const float* points, size_t count, const uint8_t colour[3]) {
  double at[kMaxMaskPoints];
  for (int32_t y = 0; y < height; y++) {
    const size_t found = crossings(points, count, y + 0.5, at);
    uint8_t* row = pixels + static_cast<size_t>(y) * width * 3;
    for (size_t k = 0; k + 1 < found; k += 2) {
      const int32_t end = firstPixel(at[k + 1], width);
      for (int32_t x = firstPixel(at[k], width); x < end; x++) memcpy(row + static_cast<size_t>(x) * 3, colour, 3);
    }
  }
}

}  // namespace xueliang
