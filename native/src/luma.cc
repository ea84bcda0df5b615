#include "luma.h"

#include <cstring>

#include "vectors.h"

namespace xueliang::XUELIANG_LANES {
namespace {

constexpr int32_t kLumaWidth = 320;

// Limited range to full in 20 bits below the point: 255 / 219 of what lies above 16.
constexpr int32_t kLumaShift = 20;
constexpr double kLumaOne = 255.0 * (1 << kLumaShift) / 219.0;
constexpr int32_t kLumaBlack = static_cast<int32_t>(16 * kLumaOne + 0.5) - (1 << (kLumaShift - 1));

// How many pixels of a row whose factor is 3 were averaged with wide vectors: all but the last few, or none.
int32_t averageThrees(const uint16_t* sums, LumaSize size, int32_t share, uint8_t* luma) {
  int32_t x = 0;
#if defined(XUELIANG_AVX2)
  // Of sums of three that begin at every place, every third one counts.
  const __m128i first = _mm_setr_epi8(0, 1, 6, 7, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  const __m128i second = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, 2, 3, 8, 9, 14, 15, -1, -1, -1, -1);
  const __m128i third = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 4, 5, 10, 11);
  const auto three = [](const uint16_t* at) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 2));
    return _mm_add_epi16(a, _mm_add_epi16(b, c));
  };
  // The last load ends two sums behind the eighth pixel: the last pixels are left to the loop of the others.
  for (; x + 9 <= size.width; x += 8, sums += 24) {
    const __m128i left = _mm_or_si128(_mm_shuffle_epi8(three(sums), first), _mm_shuffle_epi8(three(sums + 8), second));
    const __m128i eight = _mm_or_si128(left, _mm_shuffle_epi8(three(sums + 16), third));
    const __m256i scaled = _mm256_mullo_epi32(_mm256_cvtepu16_epi32(eight), _mm256_set1_epi32(share));
    const __m256i value = _mm256_srai_epi32(_mm256_sub_epi32(scaled, _mm256_set1_epi32(kLumaBlack)), kLumaShift);
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(luma + x), _mm_packus_epi16(words, words));
  }
#else
  (void)sums, (void)size, (void)share, (void)luma;
#endif
  return x;
}

// kFactor 0: any factor, known only at run time. The common ones are unrolled. `sums` stay below 255 * 51 * 51: 32 bits do.
template <int32_t kFactor>
void averageRow(const uint16_t* sums, LumaSize size, int32_t share, uint8_t* luma) {
  const int32_t factor = kFactor > 0 ? kFactor : size.factor;
  int32_t x = kFactor == 3 ? averageThrees(sums, size, share, luma) : 0;
  sums += static_cast<size_t>(x) * factor;
  for (; x < size.width; x++, sums += factor) {
    int32_t sum = 0;
    for (int32_t k = 0; k < factor; k++) sum += sums[k];
    int32_t value = (sum * share - kLumaBlack) >> kLumaShift;
    value = value < 0 ? 0 : value;
    luma[x] = static_cast<uint8_t>(value > 255 ? 255 : value);
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

bool shrinkToLuma(const Yuv& source, LumaSize size, uint8_t* luma, Scratch& columnSums) {
  const auto stride = static_cast<size_t>(source.width);
  const size_t used = static_cast<size_t>(size.width) * size.factor;
  // 51 rows of 255 at most (16384 / 320): the sums fit 16 bits.
  auto* sums = reinterpret_cast<uint16_t*>(reserve(columnSums, used * sizeof(uint16_t)));
  if (sums == nullptr) return false;
  const auto share = static_cast<int32_t>(kLumaOne / (size.factor * size.factor) + 0.5);
  for (int32_t y = 0; y < size.height; y++, luma += size.width) {
    const uint8_t* row = source.bytes + static_cast<size_t>(y) * size.factor * stride;
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

}  // namespace xueliang::XUELIANG_LANES
