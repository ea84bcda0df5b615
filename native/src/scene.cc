#include "scene.h"

#include <cmath>
#include <cstring>

namespace xueliang::XUELIANG_LANES {
namespace {

constexpr uint32_t kSceneMagic = 0x31534c58;  // "XLS1"
constexpr size_t kSceneHeader = 16;
constexpr uint8_t kBlackBelow = 26;  // a tenth of full scale

// Variance of the four-neighbour Laplacian over the inner pixels; nothing to measure in a picture without any.
double sharpness(const uint8_t* luma, LumaSize size) {
  if (size.width < 3 || size.height < 3) return 0;
  int64_t sum = 0, squares = 0;
  for (int32_t y = 1; y < size.height - 1; y++) {
    const uint8_t* row = luma + static_cast<size_t>(y) * size.width;
    // One row of at most 16384 pixels: the sum fits 32 bits, the squares (1020 * 1020 each) do not.
    int32_t rowSum = 0;
    for (int32_t x = 1; x < size.width - 1; x++) {
      const int32_t laplacian = row[x - 1] + row[x + 1] + row[x - size.width] + row[x + size.width] - 4 * row[x];
      rowSum += laplacian;
      squares += static_cast<uint32_t>(laplacian * laplacian);
    }
    sum += rowSum;
  }
  const double count = static_cast<double>(size.width - 2) * (size.height - 2);
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / count - mean * mean;
  return variance > 0 ? variance : 0;
}

}  // namespace

size_t sceneStateSize(LumaSize size) { return kSceneHeader + static_cast<size_t>(size.width) * size.height; }

bool measureScene(const Yuv& source, uint8_t* state, double out[5], SceneScratch& scratch) {
  const LumaSize size = lumaSize(source.width, source.height);
  const size_t count = static_cast<size_t>(size.width) * size.height;
  uint8_t* luma = reserve(scratch.luma, count);
  if (luma == nullptr || !shrinkToLuma(source, size, luma, scratch.columnSums)) return false;

  auto* header = reinterpret_cast<uint32_t*>(state);
  uint8_t* previous = state + kSceneHeader;
  const bool isFirst =
      header[0] != kSceneMagic || header[1] != static_cast<uint32_t>(size.width) || header[2] != static_cast<uint32_t>(size.height);
  uint64_t sum = 0, squares = 0, changes = 0;
  uint32_t black = 0;
  for (int32_t y = 0; y < size.height; y++) {
    const uint8_t* row = luma + static_cast<size_t>(y) * size.width;
    const uint8_t* before = previous + static_cast<size_t>(y) * size.width;
    uint32_t rowSum = 0, rowSquares = 0, rowChanges = 0, rowBlack = 0;
    for (int32_t x = 0; x < size.width; x++) {
      const int32_t value = row[x], difference = value - before[x];
      rowSum += static_cast<uint32_t>(value);
      rowSquares += static_cast<uint32_t>(value * value);
      rowChanges += static_cast<uint32_t>(difference < 0 ? -difference : difference);
      rowBlack += value < kBlackBelow;
    }
    sum += rowSum;
    squares += rowSquares;
    changes += rowChanges;
    black += rowBlack;
  }
  const auto pixels = static_cast<double>(count);
  const double mean = static_cast<double>(sum) / pixels;
  const double variance = static_cast<double>(squares) / pixels - mean * mean;
  out[0] = mean;
  out[1] = std::sqrt(variance > 0 ? variance : 0);
  out[2] = sharpness(luma, size);
  out[3] = black / pixels;
  out[4] = isFirst ? NAN : static_cast<double>(changes) / pixels;

  memcpy(previous, luma, count);
  header[0] = kSceneMagic;
  header[1] = static_cast<uint32_t>(size.width);
  header[2] = static_cast<uint32_t>(size.height);
  return true;
}

void release(SceneScratch& scratch) {
  release(scratch.columnSums);
  release(scratch.luma);
}

}  // namespace xueliang::XUELIANG_LANES
