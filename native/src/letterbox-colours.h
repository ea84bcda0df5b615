// Between the passes of a letterbox: a row of luma and chroma becomes one of red, green and blue.
#pragma once
#include "letterbox.h"
#include "vectors.h"

namespace xueliang::XUELIANG_LANES {
namespace {

// What one matrix makes of chroma, in 1/65536: red gets 2 v + redV v, green greenU u - v + greenV v, blue 2 u + blueU u.
// Luma is stretched by 255 / 219 before, which is 1 + kLuma.
struct Matrix {
  int16_t redV, greenU, greenV, blueU;
};
constexpr Matrix kBt601 = {-26475, -25675, 12258, 1129};
constexpr Matrix kBt709 = {-13583, -13976, 30612, 7366};
constexpr int16_t kLuma = 10773;
// In the row's fractions: 16 is black, 128 is no colour, 255 the brightest.
constexpr int16_t kRowBlack = 16 << 6, kNoColour = 128 << 6, kRowWhite = 255 << 6;

inline int16_t high(int32_t a, int32_t b) { return static_cast<int16_t>((a * b) >> 16); }

inline int16_t clamped(int32_t value) {
  return static_cast<int16_t>(value < 0 ? 0 : value > kRowWhite ? kRowWhite : value);
}

void colourPixel(int16_t luma, int16_t chromaU, int16_t chromaV, const Matrix& matrix, int16_t* out) {
  const int32_t y = luma - kRowBlack, u = chromaU - kNoColour, v = chromaV - kNoColour;
  const int32_t light = y + high(y, kLuma);
  out[0] = clamped(light + 2 * v + high(v, matrix.redV));
  out[1] = clamped(light + high(u, matrix.greenU) - v + high(v, matrix.greenV));
  out[2] = clamped(light + 2 * u + high(u, matrix.blueU));
  out[3] = 0;
}

#if defined(XUELIANG_AVX2)
// Sixteen pixels whose chroma shares are known: 0 to 7 and 16 to 23 of 32, or 8 to 15 and 24 to 31, as `out` says.
inline void colourSixteen(__m256i luma, __m256i red, __m256i green, __m256i blue, int16_t* out) {
  const __m256i zero = _mm256_setzero_si256(), white = _mm256_set1_epi16(kRowWhite);
  const __m256i y = _mm256_sub_epi16(luma, _mm256_set1_epi16(kRowBlack));
  const __m256i light = _mm256_add_epi16(y, _mm256_mulhi_epi16(y, _mm256_set1_epi16(kLuma)));
  const auto clamp = [=](__m256i share) {
    return _mm256_min_epi16(_mm256_max_epi16(_mm256_adds_epi16(light, share), zero), white);
  };
  const __m256i r = clamp(red), g = clamp(green), b = clamp(blue);
  const __m256i rgLow = _mm256_unpacklo_epi16(r, g), rgHigh = _mm256_unpackhi_epi16(r, g);
  const __m256i bLow = _mm256_unpacklo_epi16(b, zero), bHigh = _mm256_unpackhi_epi16(b, zero);
  const __m256i two[] = {_mm256_unpacklo_epi32(rgLow, bLow), _mm256_unpackhi_epi32(rgLow, bLow),
                         _mm256_unpacklo_epi32(rgHigh, bHigh), _mm256_unpackhi_epi32(rgHigh, bHigh)};
  for (int32_t i = 0; i < 4; i++) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i * 8), _mm256_castsi256_si128(two[i]));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i * 8 + 64), _mm256_extracti128_si256(two[i], 1));
  }
}
#endif
#if defined(__SSE2__)
// Eight pixels whose chroma shares are known. Saturating: what lies beyond 16 bits is beyond white as well.
inline void colourEight(__m128i luma, __m128i red, __m128i green, __m128i blue, int16_t* out) {
  const __m128i zero = _mm_setzero_si128(), white = _mm_set1_epi16(kRowWhite);
  const __m128i y = _mm_sub_epi16(luma, _mm_set1_epi16(kRowBlack));
  const __m128i light = _mm_add_epi16(y, _mm_mulhi_epi16(y, _mm_set1_epi16(kLuma)));
  const auto clamp = [=](__m128i share) { return _mm_min_epi16(_mm_max_epi16(_mm_adds_epi16(light, share), zero), white); };
  const __m128i r = clamp(red), g = clamp(green), b = clamp(blue);
  const __m128i rgLow = _mm_unpacklo_epi16(r, g), rgHigh = _mm_unpackhi_epi16(r, g);
  const __m128i bLow = _mm_unpacklo_epi16(b, zero), bHigh = _mm_unpackhi_epi16(b, zero);
  auto* to = reinterpret_cast<__m128i*>(out);
  _mm_storeu_si128(to, _mm_unpacklo_epi32(rgLow, bLow));
  _mm_storeu_si128(to + 1, _mm_unpackhi_epi32(rgLow, bLow));
  _mm_storeu_si128(to + 2, _mm_unpacklo_epi32(rgHigh, bHigh));
  _mm_storeu_si128(to + 3, _mm_unpackhi_epi32(rgHigh, bHigh));
}
#elif defined(__ARM_NEON)
inline int16x8_t highEight(int16x8_t a, int16_t b) {
  return vcombine_s16(vshrn_n_s32(vmull_n_s16(vget_low_s16(a), b), 16), vshrn_n_s32(vmull_n_s16(vget_high_s16(a), b), 16));
}
inline void colourEight(int16x8_t luma, int16x8_t red, int16x8_t green, int16x8_t blue, int16_t* out) {
  const int16x8_t zero = vdupq_n_s16(0), white = vdupq_n_s16(kRowWhite);
  const int16x8_t y = vsubq_s16(luma, vdupq_n_s16(kRowBlack));
  const int16x8_t light = vaddq_s16(y, highEight(y, kLuma));
  const auto clamp = [=](int16x8_t share) { return vminq_s16(vmaxq_s16(vqaddq_s16(light, share), zero), white); };
  int16x8x4_t pixels;
  pixels.val[0] = clamp(red);
  pixels.val[1] = clamp(green);
  pixels.val[2] = clamp(blue);
  pixels.val[3] = zero;
  vst4q_s16(out, pixels);
}
#endif

// One blended row of luma and of chroma becomes red, green, blue and nothing, four numbers a pixel. `column` is the first
// pixel's place in the picture: two neighbours share a sample of chroma, the first of them stands at an even place.
void colourRow(const int16_t* luma, const int16_t* chromaU, const int16_t* chromaV, const Matrix& matrix, int32_t column,
               int32_t count, int16_t* out) {
  int32_t x = 0;
  if (column % 2 != 0 && count > 0) {
    colourPixel(luma[0], chromaU[0], chromaV[0], matrix, out);
    x = 1;
  }
  int32_t c = (column + x) / 2 - column / 2;
#if defined(XUELIANG_AVX2)
  const __m256i middle = _mm256_set1_epi16(kNoColour);
  for (; x + 32 <= count; x += 32, c += 16) {
    const __m256i u = _mm256_sub_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(chromaU + c)), middle);
    const __m256i v = _mm256_sub_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(chromaV + c)), middle);
    const __m256i red = _mm256_add_epi16(_mm256_add_epi16(v, v), _mm256_mulhi_epi16(v, _mm256_set1_epi16(matrix.redV)));
    const __m256i green = _mm256_add_epi16(_mm256_sub_epi16(_mm256_mulhi_epi16(u, _mm256_set1_epi16(matrix.greenU)), v),
                                           _mm256_mulhi_epi16(v, _mm256_set1_epi16(matrix.greenV)));
    const __m256i blue = _mm256_add_epi16(_mm256_add_epi16(u, u), _mm256_mulhi_epi16(u, _mm256_set1_epi16(matrix.blueU)));
    const auto* from = reinterpret_cast<const __m256i*>(luma + x);
    const __m256i front = _mm256_loadu_si256(from), back = _mm256_loadu_si256(from + 1);
    colourSixteen(_mm256_permute2x128_si256(front, back, 0x20), _mm256_unpacklo_epi16(red, red),
                  _mm256_unpacklo_epi16(green, green), _mm256_unpacklo_epi16(blue, blue), out + x * 4);
    colourSixteen(_mm256_permute2x128_si256(front, back, 0x31), _mm256_unpackhi_epi16(red, red),
                  _mm256_unpackhi_epi16(green, green), _mm256_unpackhi_epi16(blue, blue), out + x * 4 + 32);
  }
#endif
#if defined(__SSE2__)
  const __m128i none = _mm_set1_epi16(kNoColour);
  for (; x + 16 <= count; x += 16, c += 8) {
    const __m128i u = _mm_sub_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(chromaU + c)), none);
    const __m128i v = _mm_sub_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(chromaV + c)), none);
    const __m128i red = _mm_add_epi16(_mm_add_epi16(v, v), _mm_mulhi_epi16(v, _mm_set1_epi16(matrix.redV)));
    const __m128i green = _mm_add_epi16(_mm_sub_epi16(_mm_mulhi_epi16(u, _mm_set1_epi16(matrix.greenU)), v),
                                        _mm_mulhi_epi16(v, _mm_set1_epi16(matrix.greenV)));
    const __m128i blue = _mm_add_epi16(_mm_add_epi16(u, u), _mm_mulhi_epi16(u, _mm_set1_epi16(matrix.blueU)));
    const auto* from = reinterpret_cast<const __m128i*>(luma + x);
    colourEight(_mm_loadu_si128(from), _mm_unpacklo_epi16(red, red), _mm_unpacklo_epi16(green, green),
                _mm_unpacklo_epi16(blue, blue), out + x * 4);
    colourEight(_mm_loadu_si128(from + 1), _mm_unpackhi_epi16(red, red), _mm_unpackhi_epi16(green, green),
                _mm_unpackhi_epi16(blue, blue), out + x * 4 + 32);
  }
#elif defined(__ARM_NEON)
  const int16x8_t none = vdupq_n_s16(kNoColour);
  for (; x + 16 <= count; x += 16, c += 8) {
    const int16x8_t u = vsubq_s16(vld1q_s16(chromaU + c), none), v = vsubq_s16(vld1q_s16(chromaV + c), none);
    const int16x8_t red = vaddq_s16(vaddq_s16(v, v), highEight(v, matrix.redV));
    const int16x8_t green = vaddq_s16(vsubq_s16(highEight(u, matrix.greenU), v), highEight(v, matrix.greenV));
    const int16x8_t blue = vaddq_s16(vaddq_s16(u, u), highEight(u, matrix.blueU));
    colourEight(vld1q_s16(luma + x), vzip1q_s16(red, red), vzip1q_s16(green, green), vzip1q_s16(blue, blue), out + x * 4);
    colourEight(vld1q_s16(luma + x + 8), vzip2q_s16(red, red), vzip2q_s16(green, green), vzip2q_s16(blue, blue),
                out + x * 4 + 32);
  }
#endif
  for (; x < count; x++) {
    const int32_t at = (column + x) / 2 - column / 2;
    colourPixel(luma[x], chromaU[at], chromaV[at], matrix, out + x * 4);
  }
}

}  // namespace
}  // namespace xueliang::XUELIANG_LANES
