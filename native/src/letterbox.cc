#include "letterbox.h"

#include <cstring>

#include "letterbox-axis.h"
#include "letterbox-colours.h"
#include "letterbox-columns.h"
#include "letterbox-planes.h"
#include "letterbox-rows.h"

namespace xueliang::XUELIANG_LANES {
namespace {

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
  // The last pixel's second tap, and the vector load over it, end inside the coloured row.
  size_t coloured = static_cast<size_t>(count + columns->taps + 2) * 4;
#if defined(XUELIANG_AVX2)
  const bool hasPlanes = !isRgb && columns->order != nullptr;
  const int32_t stride = count + kPlaneMargin;
  if (hasPlanes) coloured = static_cast<size_t>(stride) * 3;
#endif
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
      blendRows(plane, static_cast<size_t>(source.width) * 3, 0, at, left, weight, rows->taps, first, firstCount);
      for (int32_t x = 0; x < count; x++) memcpy(colour + x * 4, first + x * 3, 3 * sizeof(int16_t));
    } else {
      blendRows(source.bytes + job.regionX, source.width, 0, at, left, weight, rows->taps, first, count);
      blendRows(planeU, chromaStride, 1, at, left, weight, rows->taps, chromaU, chromaCount);
      blendRows(planeV, chromaStride, 1, at, left, weight, rows->taps, chromaV, chromaCount);
#if defined(XUELIANG_AVX2)
      if (hasPlanes) colourPlanes(first, chromaU, chromaV, matrix, job.regionX, count, colour, stride);
      else
#endif
        colourRow(first, chromaU, chromaV, matrix, job.regionX, count, colour);
    }
    uint8_t* inner = out + static_cast<size_t>(job.innerX) * 3;
#if defined(XUELIANG_AVX2)
    if (hasPlanes && job.swapRedBlue) blendPlanes<true>(colour, stride, *columns, inner);
    else if (hasPlanes) blendPlanes<false>(colour, stride, *columns, inner);
    else
#endif
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
