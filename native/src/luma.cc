#include "luma.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr int32_t kLumaWidth = 320;

// kFactor 0: any factor, known only at run time. The common ones are unrolled.
template <int32_t kFactor>
void averageRow(const uint16_t* sums, LumaSize size, double share, uint8_t* luma) {
  const int32_t factor = kFactor > 0 ? kFactor : size.factor;
  for (int32_t x = 0; x < size.width; x++) {
    int32_t red = 0, green = 0, blue = 0;
    for (int32_t k = 0; k < factor; k++, sums += 3) {
      red += sums[0];
      green += sums[1];
      blue += sums[2];
    }
    luma[x] = static_cast<uint8_t>((77.0 * red + 150.0 * green + 29.0 * blue) * share + 0.5);
  }
}

}  // namespace

LumaSize lumaSize(int32_t sourceWidth, int32_t sourceHeight) {
  int32_t factor = (sourceWidth + kLumaWidth / 2) / kLumaWidth;
  // A strip lower than the factor still has one row.
  if (factor > sourceHeight) factor = sourceHeight;
  if (factor < 1) factor = 1;
  return {factor, sourceWidth / factor, sourceHeight / factor};
}

bool shrinkToLuma(const uint8_t* source, int32_t sourceWidth, LumaSize size, uint8_t* luma, Scratch& columnSums) {
  const size_t stride = static_cast<size_t>(sourceWidth) * 3;
  const size_t used = static_cast<size_t>(size.width) * size.factor * 3;
  // 51 rows of 255 at most (16384 / 320): the sums fit 16 bits.
  auto* sums = reinterpret_cast<uint16_t*>(reserve(columnSums, used * sizeof(uint16_t)));
  if (sums == nullptr) return false;
  const double share = 1.0 / (256.0 * size.factor * size.factor);
  for (int32_t y = 0; y < size.height; y++, luma += size.width) {
    const uint8_t* row = source + static_cast<size_t>(y) * size.factor * stride;
    for (size_t x = 0; x < used; x++) sums[x] = row[x];
    for (int32_t k = 1; k < size.factor; k++) {
      row += stride;
      for (size_t x = 0; x < used; x++) sums[x] = static_cast<uint16_t>(sums[x] + row[x]);
    }
    switch (size.factor) {
      case 1: averageRow<1>(sums, size, share, luma); break;
      case 2: averageRow<2>(sums, size, share, luma); break;
      case 3: averageRow<3>(sums, size, share, luma); break;
      case 4: averageRow<4>(sums, size, share, luma); break;
      default: averageRow<0>(sums, size, share, luma);
    }
  }
  return true;
}

}  // namespace xueliang
