// The first pass of a letterbox: rows of a plane become one row of fractions.
#pragma once
#include "letterbox-axis.h"
#include "vectors.h"

namespace xueliang::XUELIANG_LANES {
namespace {

// Blends `taps` rows of one plane into one row of 6-bit fractions. Rows past the last one weigh nothing. `row` counts rows
// of the picture; a plane of half its height has `shift` 1, and gives the same row twice.
void blendRows(const uint8_t* plane, size_t stride, int32_t shift, int32_t row, int32_t rowsLeft, const int16_t* weight,
               int32_t taps, int16_t* out, int32_t count) {
  if (taps > rowsLeft) taps = rowsLeft;
  const auto rowAt = [=](int32_t k) { return plane + static_cast<size_t>((row + k) >> shift) * stride; };
  int32_t x = 0;
  // Two rows: their weights sum to 1, so the second one plus a share of the difference is the very same number, and a
  // rounded product of 16 bits gives that share.
#if defined(XUELIANG_AVX2)
  if (taps == 2) {
    const uint8_t* const upper = rowAt(0);
    const uint8_t* const lower = rowAt(1);
    const __m256i share = _mm256_set1_epi16(weight[0]);
    for (; x + 16 <= count; x += 16) {
      const __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(upper + x)));
      const __m256i b = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(lower + x)));
      const __m256i more = _mm256_mulhrs_epi16(_mm256_slli_epi16(_mm256_sub_epi16(a, b), 7), share);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x), _mm256_add_epi16(_mm256_slli_epi16(b, 6), more));
    }
  }
#elif defined(__ARM_NEON)
  if (taps == 2) {
    const uint8_t* const upper = rowAt(0);
    const uint8_t* const lower = rowAt(1);
    for (; x + 16 <= count; x += 16) {
      const uint8x16_t a = vld1q_u8(upper + x), b = vld1q_u8(lower + x);
      const int16x8_t left = vreinterpretq_s16_u16(vsubl_u8(vget_low_u8(a), vget_low_u8(b)));
      const int16x8_t right = vreinterpretq_s16_u16(vsubl_u8(vget_high_u8(a), vget_high_u8(b)));
      const int16x8_t leftBase = vreinterpretq_s16_u16(vshll_n_u8(vget_low_u8(b), 6));
      const int16x8_t rightBase = vreinterpretq_s16_u16(vshll_n_u8(vget_high_u8(b), 6));
      vst1q_s16(out + x, vaddq_s16(leftBase, vqrdmulhq_n_s16(vshlq_n_s16(left, 7), weight[0])));
      vst1q_s16(out + x + 8, vaddq_s16(rightBase, vqrdmulhq_n_s16(vshlq_n_s16(right, 7), weight[0])));
    }
  }
#endif
#if defined(XUELIANG_AVX2)
  const __m256i none = _mm256_setzero_si256();
  for (; x + 32 <= count; x += 32) {
    __m256i sum0 = _mm256_set1_epi32(1 << (kRowShift - 1)), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (int32_t k = 0; k < taps; k += 2) {
      const bool isPair = k + 1 < taps;
      const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rowAt(k) + x));
      const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rowAt(isPair ? k + 1 : k) + x));
      const __m256i pair = _mm256_set1_epi32(static_cast<uint16_t>(weight[k]) | (isPair ? static_cast<int32_t>(weight[k + 1]) << 16 : 0));
      const __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
      sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi8(low, none), pair));
      sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi8(low, none), pair));
      sum2 = _mm256_add_epi32(sum2, _mm256_madd_epi16(_mm256_unpacklo_epi8(high, none), pair));
      sum3 = _mm256_add_epi32(sum3, _mm256_madd_epi16(_mm256_unpackhi_epi8(high, none), pair));
    }
    // Everything above works on each half by itself: the halves hold pixels 0 to 7 and 16 to 23, 8 to 15 and 24 to 31.
    const __m256i left = _mm256_packs_epi32(_mm256_srai_epi32(sum0, kRowShift), _mm256_srai_epi32(sum1, kRowShift));
    const __m256i right = _mm256_packs_epi32(_mm256_srai_epi32(sum2, kRowShift), _mm256_srai_epi32(sum3, kRowShift));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x), _mm256_permute2x128_si256(left, right, 0x20));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x + 16), _mm256_permute2x128_si256(left, right, 0x31));
  }
#endif
#if defined(__SSE2__)
  const __m128i zero = _mm_setzero_si128();
  for (; x + 16 <= count; x += 16) {
    __m128i sum0 = _mm_set1_epi32(1 << (kRowShift - 1)), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (int32_t k = 0; k < taps; k += 2) {
      const bool isPair = k + 1 < taps;
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rowAt(k) + x));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rowAt(isPair ? k + 1 : k) + x));
      const __m128i pair = _mm_set1_epi32(static_cast<uint16_t>(weight[k]) | (isPair ? static_cast<int32_t>(weight[k + 1]) << 16 : 0));
      const __m128i low = _mm_unpacklo_epi8(a, b), high = _mm_unpackhi_epi8(a, b);
      sum0 = _mm_add_epi32(sum0, _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), pair));
      sum1 = _mm_add_epi32(sum1, _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), pair));
      sum2 = _mm_add_epi32(sum2, _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), pair));
      sum3 = _mm_add_epi32(sum3, _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), pair));
    }
    const __m128i left = _mm_packs_epi32(_mm_srai_epi32(sum0, kRowShift), _mm_srai_epi32(sum1, kRowShift));
    const __m128i right = _mm_packs_epi32(_mm_srai_epi32(sum2, kRowShift), _mm_srai_epi32(sum3, kRowShift));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), left);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x + 8), right);
  }
#elif defined(__ARM_NEON)
  for (; x + 16 <= count; x += 16) {
    uint32x4_t sum0 = vdupq_n_u32(1 << (kRowShift - 1)), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (int32_t k = 0; k < taps; k++) {
      const uint8x16_t a = vld1q_u8(rowAt(k) + x);
      const uint16x8_t low = vmovl_u8(vget_low_u8(a)), high = vmovl_u8(vget_high_u8(a));
      const auto w = static_cast<uint16_t>(weight[k]);
      sum0 = vmlal_n_u16(sum0, vget_low_u16(low), w);
      sum1 = vmlal_n_u16(sum1, vget_high_u16(low), w);
      sum2 = vmlal_n_u16(sum2, vget_low_u16(high), w);
      sum3 = vmlal_n_u16(sum3, vget_high_u16(high), w);
    }
    const uint16x8_t left = vcombine_u16(vshrn_n_u32(sum0, kRowShift), vshrn_n_u32(sum1, kRowShift));
    const uint16x8_t right = vcombine_u16(vshrn_n_u32(sum2, kRowShift), vshrn_n_u32(sum3, kRowShift));
    vst1q_s16(out + x, vreinterpretq_s16_u16(left));
    vst1q_s16(out + x + 8, vreinterpretq_s16_u16(right));
  }
#endif
  for (; x < count; x++) {
    int32_t sum = 1 << (kRowShift - 1);
    for (int32_t k = 0; k < taps; k++) sum += rowAt(k)[x] * weight[k];
    out[x] = static_cast<int16_t>(sum >> kRowShift);
  }
}

}  // namespace
}  // namespace xueliang::XUELIANG_LANES
