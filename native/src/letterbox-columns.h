// The second pass of a letterbox: columns of a coloured row become pixels.
#pragma once
#include "letterbox-axis.h"
#include "vectors.h"

namespace xueliang::XUELIANG_LANES {
namespace {

#if defined(XUELIANG_AVX2)
// Two taps of one channel side by side, in each half.
inline __m256i besides(const int16_t* at, const int16_t* otherAt) {
  const __m256i order = _mm256_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15,  //
                                         0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(otherAt));
  return _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1), order);
}

// Two columns for target pixels `at` and `at` + 4 of eight whose weights, a pair each, are `weights`; as blendTwo.
template <int kAt>
inline __m256i blendPair(const int16_t* row, const int32_t* start, __m256i weights) {
  const __m256i both = besides(row + static_cast<size_t>(start[kAt]) * 4, row + static_cast<size_t>(start[kAt + 4]) * 4);
  const __m256i sum = _mm256_madd_epi16(both, _mm256_shuffle_epi32(weights, kAt * 0x55));
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (kPixelShift - 1))), kPixelShift);
}

// Blends `taps` columns for two target pixels, one in each half: red, green, blue and nothing as 32-bit numbers.
inline __m256i blendTwo(const int16_t* row, const AxisTable& columns, int32_t x, int32_t other) {
  const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 4;
  const int16_t* otherAt = row + static_cast<size_t>(columns.start[other]) * 4;
  const int16_t* weight = columns.weight + static_cast<size_t>(x) * columns.taps;
  const int16_t* otherWeight = columns.weight + static_cast<size_t>(other) * columns.taps;
  __m256i sum = _mm256_set1_epi32(1 << (kPixelShift - 1));
  for (int32_t k = 0; k < columns.taps; k += 2) {
    int32_t pair, otherPair;
    memcpy(&pair, weight + k, sizeof pair);
    memcpy(&otherPair, otherWeight + k, sizeof otherPair);
    const __m256i weights = _mm256_blend_epi32(_mm256_set1_epi32(pair), _mm256_set1_epi32(otherPair), 0xf0);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(besides(at + k * 4, otherAt + k * 4), weights));
  }
  return _mm256_srai_epi32(sum, kPixelShift);
}
#endif

// Blends columns of the coloured row into one target row of rgb24; red and blue change places when kSwap.
template <bool kSwap>
void blendColumns(const int16_t* row, const AxisTable& columns, uint8_t* out) {
  const int32_t count = columns.targetLength, taps = columns.taps;
  int32_t x = 0;
#if defined(XUELIANG_AVX2)
  const __m128i three = kSwap ? _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)
                              : _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  const __m256i packed = _mm256_broadcastsi128_si256(three);
  // Sixteen bytes are stored for twelve: the last pixels are left to the loops below.
  for (; x + 10 <= count; x += 8) {
    __m256i a, b, c, d;
    if (taps == 2) {
      const int32_t* start = columns.start + x;
      const __m256i weights = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(columns.weight + static_cast<size_t>(x) * 2));
      a = blendPair<0>(row, start, weights), b = blendPair<1>(row, start, weights);
      c = blendPair<2>(row, start, weights), d = blendPair<3>(row, start, weights);
    } else {
      a = blendTwo(row, columns, x, x + 4), b = blendTwo(row, columns, x + 1, x + 5);
      c = blendTwo(row, columns, x + 2, x + 6), d = blendTwo(row, columns, x + 3, x + 7);
    }
    const __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    const __m256i eight = _mm256_shuffle_epi8(bytes, packed);
    uint8_t* to = out + static_cast<size_t>(x) * 3;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(eight));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 12), _mm256_extracti128_si256(eight, 1));
  }
#endif
#if defined(__SSE2__)
  // Four bytes are stored for three: the fourth is overwritten by the next pixel, so the last one is left to the plain loop.
  for (; x + 1 < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 4;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * columns.taps;
    __m128i sum = _mm_set1_epi32(1 << (kPixelShift - 1));
    for (int32_t k = 0; k < taps; k += 2, at += 8) {
      const __m128i both = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      int32_t pair;
      memcpy(&pair, weight + k, sizeof pair);
      sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi16(both, _mm_srli_si128(both, 8)), _mm_set1_epi32(pair)));
    }
    __m128i words = _mm_packs_epi32(_mm_srai_epi32(sum, kPixelShift), sum);
    if (kSwap) words = _mm_shufflelo_epi16(words, _MM_SHUFFLE(3, 0, 1, 2));
    const int32_t pixel = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    memcpy(out + static_cast<size_t>(x) * 3, &pixel, sizeof pixel);
  }
#elif defined(__ARM_NEON)
  for (; x + 1 < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 4;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * columns.taps;
    int32x4_t sum = vdupq_n_s32(1 << (kPixelShift - 1));
    for (int32_t k = 0; k < taps; k++, at += 4) sum = vmlal_n_s16(sum, vld1_s16(at), weight[k]);
    const uint16x4_t words = vreinterpret_u16_s16(vmovn_s32(vshrq_n_s32(sum, kPixelShift)));
    uint8_t* to = out + static_cast<size_t>(x) * 3;
    to[kSwap ? 2 : 0] = static_cast<uint8_t>(vget_lane_u16(words, 0));
    to[1] = static_cast<uint8_t>(vget_lane_u16(words, 1));
    to[kSwap ? 0 : 2] = static_cast<uint8_t>(vget_lane_u16(words, 2));
  }
#endif
  for (; x < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 4;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * columns.taps;
    for (int32_t channel = 0; channel < 3; channel++) {
      int32_t sum = 1 << (kPixelShift - 1);
      for (int32_t k = 0; k < taps; k++) sum += at[k * 4 + channel] * weight[k];
      out[static_cast<size_t>(x) * 3 + (kSwap ? 2 - channel : channel)] = static_cast<uint8_t>(sum >> kPixelShift);
    }
  }
}

}  // namespace
}  // namespace xueliang::XUELIANG_LANES
