// Counts people at some zones and the rods in their hands, frame by frame: what a rehearsal of rules on rods and persons asks.
// The same in TypeScript: gateway/analysis/zones/rules/co-presence-ratio.ts.
#pragma once
#include "crew.h"
#include "log-heads.h"
#include "log-rods.h"

namespace xueliang {

// What a label is to the rule, as bits.
enum Role : uint8_t { person = 1, rod = 2 };

struct AnglersJob {
  Cells<const uint8_t> bytes;
  // Blocks that follow on each other, as `readHeads` gave them.
  Cells<const uint32_t> rows;
  // By entry.
  Cells<const uint8_t> looked;
  Cells<const uint16_t> pointCount;
  Cells<const uint32_t> pointsAt;
  // By appearance.
  Cells<const uint32_t> idOf;
  Cells<const uint8_t> labelOf;
  Cells<const int32_t> spanValues;
  // By number of the label.
  const uint8_t* roles;
  Zone zones[kMostZones];
  size_t zoneCount;
  // Rules that differ in nothing else.
  Cells<const Water> waters;
  Reach reach;
  // Of people of whom the tracker is sure, and of rods.
  Limits sure, rods;
  // Score from which somebody or something is seen clearly.
  double clearScore;
  // Persons, those sure, and rods, of each entry from the first of the first block on; `stride` entries later of the next water.
  Cells<uint8_t> counts;
  size_t stride;
  // As many rods as a person may have; and of each block, for one rule after the other, 1 where an entry has more.
  double threshold;
  Cells<uint8_t> doubts;
  size_t blockStride;
};

constexpr size_t kCounted = 3;

void countAnglers(const AnglersJob& job, Crew& crew);

}  // namespace xueliang
