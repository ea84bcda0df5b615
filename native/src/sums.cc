#include "sums.h"

#include <cstring>

namespace xueliang::XUELIANG_LANES {
namespace {

inline uint32_t magnitude(int32_t value) { return static_cast<uint32_t>(value < 0 ? -value : value); }
inline int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

}  // namespace

void lineSums(const Plane& plane, uint32_t* __restrict columns, uint32_t* __restrict rows) {
  memset(columns, 0, sizeof(uint32_t) * plane.width);
  for (int32_t y = 0; y < plane.height; y++) {
    const uint8_t* row = plane.bytes + static_cast<size_t>(y) * plane.width;
    uint32_t sum = 0;
    for (int32_t x = 0; x < plane.width; x++) {
      sum += row[x];
      columns[x] += row[x];
    }
    rows[y] = sum;
  }
}

void cellSums(const Plane& plane, int32_t side, uint32_t* sums) {
  const int32_t across = squares(plane.width, side), down = squares(plane.height, side);
  memset(sums, 0, sizeof(uint32_t) * across * down);
  for (int32_t y = 0; y < smaller(down * side, plane.height); y++) {
    const uint8_t* row = plane.bytes + static_cast<size_t>(y) * plane.width;
    uint32_t* cells = sums + static_cast<size_t>(y / side) * across;
    for (int32_t cell = 0; cell < across; cell++)
      for (int32_t x = cell * side; x < smaller((cell + 1) * side, plane.width); x++) cells[cell] += row[x];
  }
}

void bendSums(const Plane& plane, int32_t side, uint32_t* sums) {
  const int32_t width = plane.width, across = squares(width, side), down = squares(plane.height, side);
  memset(sums, 0, sizeof(uint32_t) * across * down);
  for (int32_t y = 1; y < smaller(down * side, plane.height - 1); y++) {
    const uint8_t* row = plane.bytes + static_cast<size_t>(y) * width;
    uint32_t* cells = sums + static_cast<size_t>(y / side) * across;
    for (int32_t cell = 0; cell < across; cell++) {
      uint32_t sum = 0;
      for (int32_t x = cell == 0 ? 1 : cell * side; x < smaller((cell + 1) * side, width - 1); x++)
        sum += magnitude(row[x - 1] + row[x + 1] + row[x - width] + row[x + width] - 4 * row[x]);
      cells[cell] += sum;
    }
  }
}

void stepSums(const Plane& plane, int32_t every, uint32_t* __restrict sums) {
  memset(sums, 0, sizeof(uint32_t) * plane.width);
  for (int32_t y = every; y < plane.height; y += every) {
    const uint8_t* row = plane.bytes + static_cast<size_t>(y) * plane.width;
    for (int32_t x = 1; x < plane.width; x++) sums[x] += magnitude(row[x] - row[x - 1]);
  }
}

// The mask is the second difference across of second differences down.
void maskSums(const Plane& plane, const uint32_t* places, size_t count, uint32_t* sums) {
  const int32_t width = plane.width;
  for (size_t i = 0; i < count; i++) {
    uint32_t sum = 0;
    for (int32_t y = 0; y < kSpotSide; y++) {
      const uint8_t* row = plane.bytes + places[i] + static_cast<size_t>(y) * width;
      int32_t down[kSpotSide + 2];
      for (int32_t x = 0; x < kSpotSide + 2; x++) down[x] = row[x - 1 - width] - 2 * row[x - 1] + row[x - 1 + width];
      for (int32_t x = 0; x < kSpotSide; x++) sum += magnitude(down[x] - 2 * down[x + 1] + down[x + 2]);
    }
    sums[i] = sum;
  }
}

}  // namespace xueliang::XUELIANG_LANES
