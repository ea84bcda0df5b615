// The colours of a row as three rows of one colour each, for processors with AVX2 and targets that lie close together:
// eight pixels of one colour are blended at a time, where a row of whole pixels gives two. The numbers are the same.
#pragma once
#include "letterbox-axis.h"
#include "letterbox-colours.h"
#include "vectors.h"

#if defined(XUELIANG_AVX2)
namespace xueliang::XUELIANG_LANES {
namespace {

// A vector load at the last pixel ends this far behind it.
constexpr int32_t kPlaneMargin = 8;

// One colour of 32 pixels: `low` has 0 to 7 and 16 to 23, `high` 8 to 15 and 24 to 31, as the light has.
inline void colourThirtyTwo(__m256i lightLow, __m256i lightHigh, __m256i share, int16_t* out) {
  const __m256i zero = _mm256_setzero_si256(), white = _mm256_set1_epi16(kRowWhite);
  const auto clamp = [=](__m256i light, __m256i part) {
    return _mm256_min_epi16(_mm256_max_epi16(_mm256_adds_epi16(light, part), zero), white);
  };
  const __m256i low = clamp(lightLow, _mm256_unpacklo_epi16(share, share));
  const __m256i high = clamp(lightHigh, _mm256_unpackhi_epi16(share, share));
  auto* to = reinterpret_cast<__m128i*>(out);
  _mm_storeu_si128(to, _mm256_castsi256_si128(low));
  _mm_storeu_si128(to + 1, _mm256_castsi256_si128(high));
  _mm_storeu_si128(to + 2, _mm256_extracti128_si256(low, 1));
  _mm_storeu_si128(to + 3, _mm256_extracti128_si256(high, 1));
}

// As colourRow, into three rows that begin `stride` numbers apart.
void colourPlanes(const int16_t* luma, const int16_t* chromaU, const int16_t* chromaV, const Matrix& matrix, int32_t column,
                  int32_t count, int16_t* out, int32_t stride) {
  int16_t* const red = out;
  int16_t* const green = out + stride;
  int16_t* const blue = green + stride;
  const auto one = [=, &matrix](int32_t x) {
    int16_t pixel[4];
    const int32_t at = (column + x) / 2 - column / 2;
    colourPixel(luma[x], chromaU[at], chromaV[at], matrix, pixel);
    red[x] = pixel[0], green[x] = pixel[1], blue[x] = pixel[2];
  };
  int32_t x = 0;
  if (column % 2 != 0 && count > 0) one(x++);
  const __m256i none = _mm256_set1_epi16(kNoColour), black = _mm256_set1_epi16(kRowBlack), stretch = _mm256_set1_epi16(kLuma);
  for (int32_t c = (column + x) / 2 - column / 2; x + 32 <= count; x += 32, c += 16) {
    const __m256i u = _mm256_sub_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(chromaU + c)), none);
    const __m256i v = _mm256_sub_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(chromaV + c)), none);
    const auto* from = reinterpret_cast<const __m256i*>(luma + x);
    const __m256i front = _mm256_sub_epi16(_mm256_loadu_si256(from), black);
    const __m256i back = _mm256_sub_epi16(_mm256_loadu_si256(from + 1), black);
    const __m256i low = _mm256_permute2x128_si256(front, back, 0x20), high = _mm256_permute2x128_si256(front, back, 0x31);
    const __m256i lightLow = _mm256_add_epi16(low, _mm256_mulhi_epi16(low, stretch));
    const __m256i lightHigh = _mm256_add_epi16(high, _mm256_mulhi_epi16(high, stretch));
    colourThirtyTwo(lightLow, lightHigh,
                    _mm256_add_epi16(_mm256_add_epi16(v, v), _mm256_mulhi_epi16(v, _mm256_set1_epi16(matrix.redV))), red + x);
    colourThirtyTwo(lightLow, lightHigh,
                    _mm256_add_epi16(_mm256_sub_epi16(_mm256_mulhi_epi16(u, _mm256_set1_epi16(matrix.greenU)), v),
                                     _mm256_mulhi_epi16(v, _mm256_set1_epi16(matrix.greenV))),
                    green + x);
    colourThirtyTwo(lightLow, lightHigh,
                    _mm256_add_epi16(_mm256_add_epi16(u, u), _mm256_mulhi_epi16(u, _mm256_set1_epi16(matrix.blueU))), blue + x);
  }
  for (; x < count; x++) one(x);
}

// Eight target pixels of one colour, as 32-bit numbers.
inline __m256i blendEight(const int16_t* plane, const int32_t* start, __m256i order, __m256i weights) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane + start[0]));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane + start[4]));
  const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
  const __m256i sum = _mm256_madd_epi16(_mm256_shuffle_epi8(both, order), weights);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (kPixelShift - 1))), kPixelShift);
}

// As blendColumns, for a table of two taps that has an order.
template <bool kSwap>
void blendPlanes(const int16_t* row, int32_t stride, const AxisTable& columns, uint8_t* out) {
  const int32_t count = columns.targetLength;
  const int16_t* const first = kSwap ? row + 2 * stride : row;
  const int16_t* const second = row + stride;
  const int16_t* const third = kSwap ? row : row + 2 * stride;
  const __m256i packed = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  int32_t x = 0;
  // Sixteen bytes are stored for twelve: the last pixels are left to the loop below.
  for (; x + 10 <= count; x += 8) {
    const int32_t* start = columns.start + x;
    const __m256i order = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(columns.order + static_cast<size_t>(x) * 4));
    const __m256i weights = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(columns.weight + static_cast<size_t>(x) * 2));
    const __m256i a = blendEight(first, start, order, weights), b = blendEight(second, start, order, weights);
    const __m256i c = blendEight(third, start, order, weights);
    const __m256i pixels = _mm256_or_si256(a, _mm256_or_si256(_mm256_slli_epi32(b, 8), _mm256_slli_epi32(c, 16)));
    const __m256i eight = _mm256_shuffle_epi8(pixels, packed);
    uint8_t* to = out + static_cast<size_t>(x) * 3;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(eight));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 12), _mm256_extracti128_si256(eight, 1));
  }
  for (; x < count; x++) {
    const int32_t at = columns.start[x];
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * 2;
    uint8_t* to = out + static_cast<size_t>(x) * 3;
    const int16_t* const planes[] = {first, second, third};
    for (const int16_t* plane : planes)
      *to++ = static_cast<uint8_t>((plane[at] * weight[0] + plane[at + 1] * weight[1] + (1 << (kPixelShift - 1))) >> kPixelShift);
  }
}

}  // namespace
}  // namespace xueliang::XUELIANG_LANES
#endif
