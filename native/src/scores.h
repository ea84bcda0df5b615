// Looks through the numbers that a model gives: a hundred thousand a look, of which a few dozen count.
#pragma once
#include "pixels.h"

namespace xueliang::XUELIANG_LANES {

// Whether none of them is infinite or no number.
bool allFinite(const float* values, size_t count);
// Rows of `width` values of which one from column `from` to before `to` is `floor` or more, written in order; returns how many.
size_t rowsWith(const float* values, size_t rows, int32_t width, int32_t from, int32_t to, double floor, uint32_t* found);

}  // namespace xueliang::XUELIANG_LANES
