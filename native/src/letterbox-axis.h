// Which source samples make which target samples of a letterbox, and how much each weighs.
#pragma once
#include <cmath>

#include "letterbox.h"

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

// A shrink by 3 / 2 was given four taps and never weighs more than two: the others go.
void dropUnused(AxisTable& table) {
  int32_t used = 2;
  for (int32_t i = 0; i < table.targetLength; i++)
    for (int32_t k = used; k < table.taps; k++)
      if (table.weight[static_cast<size_t>(i) * table.taps + k] != 0) used = k + 1;
  used = (used + 1) & ~1;
  for (int32_t i = 1; i < table.targetLength; i++)
    memmove(table.weight + static_cast<size_t>(i) * used, table.weight + static_cast<size_t>(i) * table.taps, sizeof(int16_t) * used);
  table.taps = used;
}

// The order of bytes for tables whose neighbours lie close together; false for others.
bool fillOrder(const AxisTable& table, uint8_t* order) {
  if (table.taps != 2) return false;
  for (int32_t i = 0; i < table.targetLength; i++) {
    const int32_t at = table.start[i] - table.start[i & ~3];
    if (at > 6) return false;
    for (int32_t k = 0; k < 4; k++) order[static_cast<size_t>(i) * 4 + k] = static_cast<uint8_t>(at * 2 + k);
  }
  return true;
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
  const size_t weights = sizeof(int16_t) * targetLength * taps;
  uint8_t* memory = reserve(table.memory, starts + weights + static_cast<size_t>(targetLength) * 4);
  if (memory == nullptr) return nullptr;
  table.sourceLength = sourceLength;
  table.targetLength = targetLength;
  table.area = area;
  table.taps = taps;
  table.start = reinterpret_cast<int32_t*>(memory);
  table.weight = reinterpret_cast<int16_t*>(memory + starts);
  if (area) fillArea(table);
  else fillLinear(table);
  dropUnused(table);
  uint8_t* const order = memory + starts + weights;
  table.order = fillOrder(table, order) ? order : nullptr;
  return &table;
}

}  // namespace
}  // namespace xueliang::XUELIANG_LANES
