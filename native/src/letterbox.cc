#include "letterbox.h"

#include <cmath>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace xueliang {
namespace {

// Weights have 14 bits, the row between the two passes 6 below the point: every sum stays inside 32 bits and is
// the same number on every machine. reference/letterbox.ts does the same arithmetic; change both or neither.
constexpr int kWeightOne = 1 << 14;
constexpr int kRowShift = 8;
constexpr int kPixelShift = 20;

void fillLinear(AxisTable& table) {
  const double ratio = static_cast<double>(table.sourceLength) / table.targetLength;
  for (int32_t i = 0; i < table.targetLength; i++) {
    const double position = (i + 0.5) * ratio - 0.5;
    double first = std::floor(position);
    double share = position - first;
    if (first < 0) first = share = 0;
    if (first >= table.sourceLength - 1) {
      first = table.sourceLength - 1;
      share = 0;
    }
    const int second = static_cast<int>(std::floor(share * kWeightOne + 0.5));
    table.start[i] = static_cast<int32_t>(first);
    table.weight[i * 2] = static_cast<int16_t>(kWeightOne - second);
    table.weight[i * 2 + 1] = static_cast<int16_t>(second);
  }
}

void fillArea(AxisTable& table) {
  const double ratio = static_cast<double>(table.sourceLength) / table.targetLength;
  memset(table.weight, 0, sizeof(int16_t) * table.targetLength * table.taps);
  for (int32_t i = 0; i < table.targetLength; i++) {
    const double from = i * ratio;
    const double to = from + ratio;
    const auto start = static_cast<int32_t>(std::floor(from));
    int16_t* weight = table.weight + static_cast<size_t>(i) * table.taps;
    table.start[i] = start;
    // The rounding error is carried along, so that the weights of one sample sum to exactly one.
    int spent = 0;
    for (int32_t k = 0; k < table.taps && spent < kWeightOne; k++) {
      const bool last = start + k + 1 >= to || start + k + 1 >= table.sourceLength || k + 1 == table.taps;
      const int until = last ? kWeightOne : static_cast<int>(std::floor((start + k + 1 - from) / ratio * kWeightOne + 0.5));
      weight[k] = static_cast<int16_t>(until - spent);
      spent = until;
    }
  }
}

// `keep` is a table still in use: it must not be the one that makes room.
const AxisTable* axisTable(LetterboxScratch& scratch, int32_t sourceLength, int32_t targetLength, bool area,
                           const AxisTable* keep) {
  // A box that grows has no area to average: both filters interpolate then.
  area = area && sourceLength > targetLength;
  for (const AxisTable& known : scratch.tables)
    if (known.taps > 0 && known.sourceLength == sourceLength && known.targetLength == targetLength && known.area == area)
      return &known;
  if (&scratch.tables[scratch.nextTable] == keep) scratch.nextTable = (scratch.nextTable + 1) % kAxisTables;
  AxisTable& table = scratch.tables[scratch.nextTable];
  scratch.nextTable = (scratch.nextTable + 1) % kAxisTables;
  table.taps = 0;
  const int32_t taps = area ? (sourceLength / targetLength + 3) & ~1 : 2;
  const size_t starts = sizeof(int32_t) * targetLength;
  uint8_t* memory = reserve(table.memory, starts + sizeof(int16_t) * targetLength * taps);
  if (memory == nullptr) return nullptr;
  table.sourceLength = sourceLength;
  table.targetLength = targetLength;
  table.area = area;
  table.taps = taps;
  table.start = reinterpret_cast<int32_t*>(memory);
  table.weight = reinterpret_cast<int16_t*>(memory + starts);
  if (area) fillArea(table);
  else fillLinear(table);
  return &table;
}

// Blends `taps` source rows into one row of 6-bit fractions. Rows past the last one weigh nothing.
void blendRows(const uint8_t* first, size_t stride, int32_t rowsLeft, const int16_t* weight, int32_t taps, int16_t* out,
               int32_t count) {
  int32_t x = 0;
#if defined(__SSE2__)
  const __m128i zero = _mm_setzero_si128();
  for (; x + 16 <= count; x += 16) {
    __m128i sum0 = _mm_set1_epi32(1 << (kRowShift - 1)), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (int32_t k = 0; k < taps && k < rowsLeft; k += 2) {
      const uint8_t* upper = first + k * stride + x;
      const uint8_t* lower = k + 1 < rowsLeft ? upper + stride : upper;
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(upper));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(lower));
      const __m128i pair = _mm_set1_epi32(static_cast<uint16_t>(weight[k]) | (static_cast<int32_t>(weight[k + 1]) << 16));
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
    for (int32_t k = 0; k < taps && k < rowsLeft; k++) {
      const uint8x16_t a = vld1q_u8(first + k * stride + x);
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
    for (int32_t k = 0; k < taps && k < rowsLeft; k++) sum += first[k * stride + x] * weight[k];
    out[x] = static_cast<int16_t>(sum >> kRowShift);
  }
}

// Blends columns of the blended row into one target row of rgb24; red and blue change places when kSwap.
template <bool kSwap>
void blendColumns(const int16_t* row, const AxisTable& columns, uint8_t* out) {
  const int32_t count = columns.targetLength, taps = columns.taps;
  int32_t x = 0;
#if defined(__SSE2__)
  // Four bytes are stored for three: the fourth is overwritten by the next pixel, so the last one is left to the plain loop.
  for (; x + 1 < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 3;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * taps;
    __m128i sum = _mm_set1_epi32(1 << (kPixelShift - 1));
    for (int32_t k = 0; k < taps; k += 2, at += 6) {
      const __m128i both = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      int32_t pair;
      memcpy(&pair, weight + k, sizeof pair);
      sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi16(both, _mm_srli_si128(both, 6)), _mm_set1_epi32(pair)));
    }
    __m128i words = _mm_packs_epi32(_mm_srai_epi32(sum, kPixelShift), sum);
    if (kSwap) words = _mm_shufflelo_epi16(words, _MM_SHUFFLE(3, 0, 1, 2));
    const int32_t pixel = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    memcpy(out + static_cast<size_t>(x) * 3, &pixel, sizeof pixel);
  }
#elif defined(__ARM_NEON)
  for (; x + 1 < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 3;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * taps;
    int32x4_t sum = vdupq_n_s32(1 << (kPixelShift - 1));
    for (int32_t k = 0; k < taps; k++, at += 3) sum = vmlal_n_s16(sum, vld1_s16(at), weight[k]);
    const uint16x4_t words = vreinterpret_u16_s16(vmovn_s32(vshrq_n_s32(sum, kPixelShift)));
    uint8_t* to = out + static_cast<size_t>(x) * 3;
    to[kSwap ? 2 : 0] = static_cast<uint8_t>(vget_lane_u16(words, 0));
    to[1] = static_cast<uint8_t>(vget_lane_u16(words, 1));
    to[kSwap ? 0 : 2] = static_cast<uint8_t>(vget_lane_u16(words, 2));
  }
#endif
  for (; x < count; x++) {
    const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 3;
    const int16_t* weight = columns.weight + static_cast<size_t>(x) * taps;
    for (int32_t channel = 0; channel < 3; channel++) {
      int32_t sum = 1 << (kPixelShift - 1);
      for (int32_t k = 0; k < taps; k++) sum += at[k * 3 + channel] * weight[k];
      out[static_cast<size_t>(x) * 3 + (kSwap ? 2 - channel : channel)] = static_cast<uint8_t>(sum >> kPixelShift);
    }
  }
}

void fillPad(uint8_t* out, int32_t pixels, const uint8_t pad[3]) {
  if (pad[0] == pad[1] && pad[1] == pad[2]) {
    memset(out, pad[0], static_cast<size_t>(pixels) * 3);
    return;
  }
  for (int32_t x = 0; x < pixels; x++, out += 3) memcpy(out, pad, 3);
}

}  // namespace

bool letterbox(const LetterboxJob& job, LetterboxScratch& scratch) {
  const AxisTable* columns = axisTable(scratch, job.regionWidth, job.innerWidth, job.area, nullptr);
  const AxisTable* rows = columns ? axisTable(scratch, job.regionHeight, job.innerHeight, job.area, columns) : nullptr;
  if (rows == nullptr) return false;
  const int32_t count = job.regionWidth * 3;
  // The last pixel's unused taps, and the vector load over them, end inside this row.
  auto* row = reinterpret_cast<int16_t*>(reserve(scratch.row, sizeof(int16_t) * (count + columns->taps * 3 + 16)));
  if (row == nullptr) return false;

  const size_t sourceStride = static_cast<size_t>(job.sourceWidth) * 3;
  const size_t targetStride = static_cast<size_t>(job.targetWidth) * 3;
  const uint8_t* region = job.source + job.regionY * sourceStride + static_cast<size_t>(job.regionX) * 3;
  const int32_t right = job.targetWidth - job.innerX - job.innerWidth;
  for (int32_t y = 0; y < job.targetHeight; y++) {
    uint8_t* out = job.target + y * targetStride;
    const int32_t innerRow = y - job.innerY;
    if (innerRow < 0 || innerRow >= job.innerHeight) {
      fillPad(out, job.targetWidth, job.pad);
      continue;
    }
    const int32_t start = rows->start[innerRow];
    const int16_t* weight = rows->weight + static_cast<size_t>(innerRow) * rows->taps;
    blendRows(region + start * sourceStride, sourceStride, job.regionHeight - start, weight, rows->taps, row, count);
    uint8_t* inner = out + static_cast<size_t>(job.innerX) * 3;
    if (job.swapRedBlue) blendColumns<true>(row, *columns, inner);
    else blendColumns<false>(row, *columns, inner);
    fillPad(out, job.innerX, job.pad);
    fillPad(inner + static_cast<size_t>(job.innerWidth) * 3, right, job.pad);
  }
  return true;
}

void release(LetterboxScratch& scratch) {
  for (AxisTable& table : scratch.tables) release(table.memory);
  release(scratch.row);
}

}  // namespace xueliang
