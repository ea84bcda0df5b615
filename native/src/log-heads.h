// Reads the heads of a track log's blocks into columns: what a rehearsal of a day begins with, some hundred thousand tracks.
// The layout of the bytes is told in gateway/analysis/track-log/block-head.ts.
#pragma once
#include "arguments.h"

namespace xueliang {

// Numbers of a group of `Extents`: least values, greatest values, a set of bits.
constexpr size_t kExtentFields = 12, kLeasts = 6;
enum { kLeft, kTop, kLeastBottom, kLeastMiddle, kLeastScore, kLeastHeight, kRight, kBottom, kMostMiddle, kMostScore, kMostHeight, kStates };
// Numbers of a block in `rows`: entries from and up to, appearances from and up to, bits of its labels, frames that were looked
// at, where its frames are told, where its scenes begin, 1 where every frame has its tracks in the order of the head.
constexpr size_t kRowFields = 9;

// The columns are filled from the numbers in `counts` on: entries, appearances, blocks, paths.
struct HeadsJob {
  Cells<const uint8_t> bytes;
  // From and end of each block's body in `bytes`, one pair after the other.
  Cells<const uint32_t> spans;
  // Known labels by number, each as its length and its text.
  Cells<const uint8_t> labels;
  uint32_t* counts;
  Cells<uint8_t> kind, looked, labelOf;
  Cells<double> nowMs;
  Cells<uint16_t> pointCount;
  Cells<uint32_t> pointsAt, idOf, toldAt, pathOf, pointsOf, rows;
  Cells<int32_t> spanValues, blockValues, pathValues;
  // The id of each path, and the hash table of `id-numbers.ts`.
  Cells<uint32_t> ids, table;
};

// Takes in one plain block after the other. Returns how many: it ends before the first that is no plain block of this
// release, has a label that is not known, does not fit into the columns or is not as its head says.
size_t readHeads(const HeadsJob& job);

}  // namespace xueliang
