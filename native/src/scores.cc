#include "scores.h"

#include <cmath>
#include <cstring>

#include "vectors.h"

namespace xueliang::XUELIANG_LANES {

bool allFinite(const float* values, size_t count) {
  // All bits of the exponent: infinite, or no number. Kept as whole numbers, so that the compiler makes vectors of it.
  constexpr uint32_t kExponent = 0x7f800000;
  uint32_t bad = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    bad |= (bits & kExponent) == kExponent;
  }
  return bad == 0;
}

size_t rowsWith(const float* values, size_t rows, int32_t width, int32_t from, int32_t to, double floor, uint32_t* found) {
  // The smallest float that is `floor` or more: comparing floats with it decides as comparing doubles would.
  float least = static_cast<float>(floor);
  if (least < floor) least = std::nextafter(least, INFINITY);
  size_t count = 0, row = 0;
#if defined(XUELIANG_AVX2)
  // All scores of a row in one vector, whose rest is part of the next rows and does not count.
  const int32_t scores = to - from;
  if (scores > 0 && scores <= 8) {
    const __m256 bar = _mm256_set1_ps(least);
    const int wanted = (1 << scores) - 1;
    const float* const end = values + rows * width;
    for (; row < rows && values + from + 8 <= end; row++, values += width) {
      const __m256 isScore = _mm256_cmp_ps(_mm256_loadu_ps(values + from), bar, _CMP_GE_OQ);
      found[count] = static_cast<uint32_t>(row);
      count += (_mm256_movemask_ps(isScore) & wanted) != 0;
    }
  }
#endif
  for (; row < rows; row++, values += width) {
    bool counts = false;
    for (int32_t column = from; column < to; column++) counts |= values[column] >= least;
    found[count] = static_cast<uint32_t>(row);
    count += counts;
  }
  return count;
}

}  // namespace xueliang::XUELIANG_LANES
