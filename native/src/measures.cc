#include "measures.h"

#include "instance.h"

namespace xueliang {
namespace {

constexpr int32_t kMostColumns = 65536;

// A plane of bytes of which the caller names width and height.
Plane plane(Arguments& in) {
  Plane plane{nullptr, in.whole("width", 1, kMaxSide), in.whole("height", 1, kMaxSide)};
  plane.bytes = in.bytes("plane", static_cast<size_t>(plane.width) * plane.height);
  return plane;
}

// cellSums(width, height, plane, side, sums) and bendSums
napi_value sumsOfSquares(napi_env env, napi_callback_info info, decltype(Kernels::cellSums) Kernels::* kernel) {
  Arguments in(env, info);
  const Plane source = plane(in);
  const int32_t side = in.whole("side", 1, kMaxSide);
  uint32_t* sums = in.counts("sums", static_cast<size_t>(squares(source.width, side)) * squares(source.height, side));
  if (in.failed()) return nullptr;
  (instanceOf(env)->kernels->*kernel)(source, side, sums);
  return nothing(env);
}

}  // namespace

// lineSums(width, height, plane, columns, rows)
napi_value LineSums(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const Plane source = plane(in);
  uint32_t* columns = in.counts("columns", source.width);
  uint32_t* rows = in.counts("rows", source.height);
  if (in.failed()) return nullptr;
  instanceOf(env)->kernels->lineSums(source, columns, rows);
  return nothing(env);
}

napi_value CellSums(napi_env env, napi_callback_info info) { return sumsOfSquares(env, info, &Kernels::cellSums); }
napi_value BendSums(napi_env env, napi_callback_info info) { return sumsOfSquares(env, info, &Kernels::bendSums); }

// stepSums(width, height, plane, every, sums)
napi_value StepSums(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const Plane source = plane(in);
  const int32_t every = in.whole("every", 1, source.height);
  uint32_t* sums = in.counts("sums", source.width);
  if (in.failed()) return nullptr;
  instanceOf(env)->kernels->stepSums(source, every, sums);
  return nothing(env);
}

// maskSums(width, height, plane, places, sums)
napi_value MaskSums(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const Plane source = plane(in);
  size_t count = 0;
  const uint32_t* places = in.anyCounts("places", &count);
  uint32_t* sums = in.counts("sums", count);
  for (size_t i = 0; !in.failed() && i < count; i++) {
    const auto width = static_cast<uint32_t>(source.width), height = static_cast<uint32_t>(source.height);
    const uint32_t x = places[i] % width, y = places[i] / width;
    if (x < 1 || y < 1 || x + kSpotSide >= width || y + kSpotSide >= height)
      in.refuse("places", "must have their whole spots and a pixel around them in the picture");
  }
  if (in.failed()) return nullptr;
  instanceOf(env)->kernels->maskSums(source, places, count, sums);
  return nothing(env);
}

// allFinite(values): 1 when they are
napi_value AllFinite(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  size_t count = 0;
  const float* values = in.floats("values", &count);
  if (in.failed()) return nullptr;
  return number(env, instanceOf(env)->kernels->allFinite(values, count) ? 1 : 0);
}

// rowsWith(values, width, from, to, floor, found): how many
napi_value RowsWith(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  size_t count = 0;
  const float* values = in.floats("values", &count);
  const int32_t width = in.whole("width", 1, kMostColumns), from = in.whole("from", 0, width), to = in.whole("to", from, width);
  const double floor = in.number("floor", 0, 1);
  const size_t rows = count / static_cast<size_t>(width);
  uint32_t* found = in.counts("found", rows);
  if (in.failed()) return nullptr;
  return number(env, static_cast<double>(instanceOf(env)->kernels->rowsWith(values, rows, width, from, to, floor, found)));
}

}  // namespace xueliang
