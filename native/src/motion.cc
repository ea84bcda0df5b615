#include "motion.h"

#include <cstring>

namespace xueliang::XUELIANG_LANES {
namespace {

constexpr uint32_t kMotionMagic = 0x314d4c58;  // "XLM1"
constexpr size_t kMotionHeader = 16;
// What a pixel is believed to flicker before it was watched, in 1/256 grey.
constexpr uint16_t kFirstNoise = 2 * 256;
constexpr int32_t kMeanWhite = 255 * 256;

struct Planes {
  uint32_t* header;
  uint16_t* mean;
  uint16_t* noise;
  uint8_t* previous;
};

Planes planesOf(uint8_t* state, size_t count) {
  auto* mean = reinterpret_cast<uint16_t*>(state + kMotionHeader);
  return {reinterpret_cast<uint32_t*>(state), mean, mean + count, state + kMotionHeader + count * 4};
}

void begin(const Planes& planes, const uint8_t* luma, LumaSize size) {
  const size_t count = static_cast<size_t>(size.width) * size.height;
  for (size_t i = 0; i < count; i++) {
    planes.mean[i] = static_cast<uint16_t>(luma[i] << 8);
    planes.noise[i] = kFirstNoise;
  }
  memcpy(planes.previous, luma, count);
  planes.header[0] = kMotionMagic;
  planes.header[1] = static_cast<uint32_t>(size.width);
  planes.header[2] = static_cast<uint32_t>(size.height);
}

// The median of picture minus background: exposure, a cloud or the infrared lamp move all pixels, a thing moves few.
int32_t lightChange(const Planes& planes, const uint8_t* luma, size_t count) {
  // Most pixels differ by the same few levels: counted in one table each would wait for the one before.
  uint32_t tables[4][511] = {};
  const auto level = [&](size_t i) { return luma[i] - (planes.mean[i] >> 8) + 255; };
  size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (size_t k = 0; k < 4; k++) tables[k][level(i + k)]++;
  for (; i < count; i++) tables[0][level(i)]++;
  size_t below = 0;
  int32_t at = 0;
  while ((below += tables[0][at] + tables[1][at] + tables[2][at] + tables[3][at]) * 2 < count) at++;
  return at - 255;
}

inline int32_t absolute(int32_t value) { return value < 0 ? -value : value; }

// Learns one row and adds 1 to the count of every column whose pixel moved. No branch and no aliasing: the compiler makes vectors of it.
void learnRow(const MotionJob& job, uint16_t* __restrict means, uint16_t* __restrict noises, uint8_t* __restrict previous,
              const uint8_t* __restrict luma, uint16_t* __restrict moved, int32_t width, int32_t light) {
  const int32_t minDifference = job.minDifference, noiseFactor = job.noiseFactor, noiseRate = job.noiseRate;
  const int32_t backgroundRate = job.backgroundRate, absorbRate = job.absorbRate;
  for (int32_t x = 0; x < width; x++) {
    int32_t mean = means[x] + light;
    mean = mean < 0 ? 0 : mean;
    mean = mean > kMeanWhite ? kMeanWhite : mean;
    const int32_t value = luma[x], noise = noises[x];
    const int32_t difference = (value << 8) - mean;
    const int32_t flicker = absolute(value - previous[x]) << 8;
    const bool isMoved = absolute(difference) > minDifference + ((noise * noiseFactor) >> 4);
    const int32_t rate = isMoved ? absorbRate : backgroundRate;
    means[x] = static_cast<uint16_t>(mean + ((difference * rate + 16384) >> 15));
    noises[x] = static_cast<uint16_t>(noise + (((flicker - noise) * noiseRate + 16384) >> 15));
    previous[x] = luma[x];
    moved[x] = static_cast<uint16_t>(moved[x] + isMoved);
  }
}

}  // namespace

size_t motionStateSize(LumaSize size) { return kMotionHeader + static_cast<size_t>(size.width) * size.height * 5; }

double motionStep(const MotionJob& job, MotionScratch& scratch) {
  const LumaSize size = lumaSize(job.source.width, job.source.height);
  const size_t count = static_cast<size_t>(size.width) * size.height;
  uint8_t* luma = reserve(scratch.luma, count);
  const size_t movedBytes = sizeof(uint16_t) * size.width;
  auto* edges = reinterpret_cast<int32_t*>(reserve(scratch.counts, sizeof(int32_t) * (job.columns + 1) + movedBytes));
  if (luma == nullptr || edges == nullptr || !shrinkToLuma(job.source, size, luma, scratch.columnSums)) return -1;

  const Planes planes = planesOf(job.state, count);
  const uint32_t* header = planes.header;
  const size_t blockCount = static_cast<size_t>(job.columns) * job.rows;
  if (header[0] != kMotionMagic || header[1] != static_cast<uint32_t>(size.width) || header[2] != static_cast<uint32_t>(size.height)) {
    begin(planes, luma, size);
    memset(job.blocks, 255, blockCount);
    return 1;
  }

  const int32_t light = job.followsLight ? lightChange(planes, luma, count) * 256 : 0;
  // Of each column within one row of blocks: as many as a picture is high at most, which fits.
  auto* moved = reinterpret_cast<uint16_t*>(edges + job.columns + 1);
  for (int32_t column = 0; column <= job.columns; column++) edges[column] = column * size.width / job.columns;
  int32_t movedBlocks = 0;
  for (int32_t row = 0; row < job.rows; row++) {
    const int32_t top = row * size.height / job.rows, bottom = (row + 1) * size.height / job.rows;
    memset(moved, 0, movedBytes);
    for (int32_t y = top; y < bottom; y++) {
      const size_t at = static_cast<size_t>(y) * size.width;
      learnRow(job, planes.mean + at, planes.noise + at, planes.previous + at, luma + at, moved, size.width, light);
    }
    for (int32_t column = 0; column < job.columns; column++) {
      int32_t movedCount = 0;
      for (int32_t x = edges[column]; x < edges[column + 1]; x++) movedCount += moved[x];
      const int32_t pixels = (edges[column + 1] - edges[column]) * (bottom - top);
      // Rounded up: one moved pixel in a block is never written as none.
      const int32_t share = (movedCount * 255 + pixels - 1) / pixels;
      job.blocks[row * job.columns + column] = static_cast<uint8_t>(share);
      movedBlocks += share >= job.blockShare;
    }
  }
  return static_cast<double>(movedBlocks) / static_cast<double>(blockCount);
}

void release(MotionScratch& scratch) {
  release(scratch.columnSums);
  release(scratch.luma);
  release(scratch.counts);
}

}  // namespace xueliang::XUELIANG_LANES
