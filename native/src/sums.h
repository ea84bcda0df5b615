// Sums over parts of one plane of bytes, for measures that look at lines, cells and spots. Whole numbers: all sets give the same.
#pragma once
#include "pixels.h"

namespace xueliang {

struct Plane {
  const uint8_t* bytes;
  int32_t width, height;
};

// Pixels along each side of a spot of maskSums.
constexpr int32_t kSpotSide = 16;

// Squares of `side` pixels that fit along `length`, at least one.
inline int32_t squares(int32_t length, int32_t side) { return length < side ? 1 : length / side; }

}  // namespace xueliang

namespace xueliang::XUELIANG_LANES {

// Of every column and of every row.
void lineSums(const Plane& plane, uint32_t* columns, uint32_t* rows);
// Of every square of `side` pixels; what is left over at the right and at the bottom counts for nothing, and one that is
// larger than the picture is cut.
void cellSums(const Plane& plane, int32_t side, uint32_t* sums);
// The same over how far each inner pixel leaves the mean of its four neighbours: absolute values, times four.
void bendSums(const Plane& plane, int32_t side, uint32_t* sums);
// Absolute steps from each column to the one before, over every `every`th row; the first column has none.
void stepSums(const Plane& plane, int32_t every, uint32_t* sums);
// Absolute values of the mask 1 -2 1 / -2 4 -2 / 1 -2 1 over the spots whose first pixels are `places`.
void maskSums(const Plane& plane, const uint32_t* places, size_t count, uint32_t* sums);

}  // namespace xueliang::XUELIANG_LANES
