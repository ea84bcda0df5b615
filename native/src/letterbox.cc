#include "letterbox.h"

#include <cmath>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace xueliang::XUELIANG_LANES {
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

// A shrink by 3 / 2 has room for four taps and never weighs more than two.
int32_t usedTaps(const AxisTable& table) {
  int32_t used = 2;
  for (int32_t i = 0; i < table.targetLength; i++)
    for (int32_t k = used; k < table.taps; k++)
      if (table.weight[static_cast<size_t>(i) * table.taps + k] != 0) used = k + 1;
  return (used + 1) & ~1;
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
  table.used = usedTaps(table);
  return &table;
}

// Blends `taps` rows of one plane into one row of 6-bit fractions. Rows past the last one weigh nothing. `row` counts rows
// of the picture; a plane of half its height has `shift` 1, and gives the same row twice.
void blendRows(const uint8_t* plane, size_t stride, int32_t shift, int32_t row, int32_t rowsLeft, const int16_t* weight,
               int32_t taps, int16_t* out, int32_t count) {
  if (taps > rowsLeft) taps = rowsLeft;
  const auto rowAt = [=](int32_t k) { return plane + static_cast<size_t>((row + k) >> shift) * stride; };
  int32_t x = 0;
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

#if defined(XUELIANG_AVX2)
// Blends `taps` columns for two target pixels, one in each half: red, green, blue and nothing as 32-bit numbers.
inline __m256i blendTwo(const int16_t* row, const AxisTable& columns, int32_t x, int32_t other) {
  const int16_t* at = row + static_cast<size_t>(columns.start[x]) * 4;
  const int16_t* otherAt = row + static_cast<size_t>(columns.start[other]) * 4;
  const int16_t* weight = columns.weight + static_cast<size_t>(x) * columns.taps;
  const int16_t* otherWeight = columns.weight + static_cast<size_t>(other) * columns.taps;
  // Two taps of one channel side by side.
  const __m256i order = _mm256_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15,  //
                                         0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  __m256i sum = _mm256_set1_epi32(1 << (kPixelShift - 1));
  for (int32_t k = 0; k < columns.used; k += 2) {
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + k * 4));
    const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(otherAt + k * 4));
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
    int32_t pair, otherPair;
    memcpy(&pair, weight + k, sizeof pair);
    memcpy(&otherPair, otherWeight + k, sizeof otherPair);
    const __m256i weights = _mm256_blend_epi32(_mm256_set1_epi32(pair), _mm256_set1_epi32(otherPair), 0xf0);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_shuffle_epi8(both, order), weights));
  }
  return _mm256_srai_epi32(sum, kPixelShift);
}
#endif

// Blends columns of the coloured row into one target row of rgb24; red and blue change places when kSwap.
template <bool kSwap>
void blendColumns(const int16_t* row, const AxisTable& columns, uint8_t* out) {
  const int32_t count = columns.targetLength, taps = columns.used;
  int32_t x = 0;
#if defined(XUELIANG_AVX2)
  const __m128i three = kSwap ? _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)
                              : _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  const __m256i packed = _mm256_broadcastsi128_si256(three);
  // Sixteen bytes are stored for twelve: the last pixels are left to the loops below.
  for (; x + 10 <= count; x += 8) {
    const __m256i a = blendTwo(row, columns, x, x + 4), b = blendTwo(row, columns, x + 1, x + 5);
    const __m256i c = blendTwo(row, columns, x + 2, x + 6), d = blendTwo(row, columns, x + 3, x + 7);
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
  const Yuv& source = job.source;
  const int32_t count = job.regionWidth;
  const bool isRgb = job.colours == Colours::rgb24;
  const int32_t firstCount = isRgb ? count * 3 : count;
  const int32_t chromaColumn = job.regionX / 2, chromaCount = (job.regionX + count - 1) / 2 - chromaColumn + 1;
  // The last pixel's unused taps, and the vector load over them, end inside the coloured row.
  const size_t coloured = static_cast<size_t>(count + columns->taps + 2) * 4;
  auto* first = reinterpret_cast<int16_t*>(reserve(scratch.rows, sizeof(int16_t) * (coloured + firstCount + 2 * chromaCount)));
  if (first == nullptr) return false;
  int16_t* chromaU = first + firstCount;
  int16_t* chromaV = chromaU + chromaCount;
  int16_t* colour = chromaV + chromaCount;

  const uint8_t* planeU = source.bytes + source.lumaBytes() + chromaColumn;
  const uint8_t* planeV = planeU + source.chromaBytes();
  const auto chromaStride = static_cast<size_t>(source.chromaWidth());
  const Matrix& matrix = job.colours == Colours::bt709 ? kBt709 : kBt601;
  const size_t targetStride = static_cast<size_t>(job.targetWidth) * 3;
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
    const int32_t at = job.regionY + start, left = job.regionHeight - start;
    if (isRgb) {
      const uint8_t* plane = source.bytes + static_cast<size_t>(job.regionX) * 3;
      blendRows(plane, static_cast<size_t>(source.width) * 3, 0, at, left, weight, rows->used, first, firstCount);
      for (int32_t x = 0; x < count; x++) memcpy(colour + x * 4, first + x * 3, 3 * sizeof(int16_t));
    } else {
      blendRows(source.bytes + job.regionX, source.width, 0, at, left, weight, rows->used, first, count);
      blendRows(planeU, chromaStride, 1, at, left, weight, rows->used, chromaU, chromaCount);
      blendRows(planeV, chromaStride, 1, at, left, weight, rows->used, chromaV, chromaCount);
      colourRow(first, chromaU, chromaV, matrix, job.regionX, count, colour);
    }
    uint8_t* inner = out + static_cast<size_t>(job.innerX) * 3;
    if (job.swapRedBlue) blendColumns<true>(colour, *columns, inner);
    else blendColumns<false>(colour, *columns, inner);
    fillPad(out, job.innerX, job.pad);
    fillPad(inner + static_cast<size_t>(job.innerWidth) * 3, right, job.pad);
  }
  return true;
}

void release(LetterboxScratch& scratch) {
  for (AxisTable& table : scratch.tables) release(table.memory);
  release(scratch.rows);
}

}  // namespace xueliang::XUELIANG_LANES
