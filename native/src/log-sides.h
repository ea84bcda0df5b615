// Finds out who may have come to another side of a zone's border, frame by frame: what a rehearsal of crossings asks.
// The same in TypeScript: gateway/rehearsal/track-log/sides-run.ts.
#pragma once
#include "log-heads.h"
#include "log-rods.h"

namespace xueliang {

// What is known of a path in the run in hand, all 0 at first.
struct Sights {
  // Bits as named below.
  uint32_t state;
  // The first of the newest sights that are all on the same side.
  uint32_t since;
  // The newest sight and the one before it, and where their points lie in `bytes`.
  uint32_t entry, at, beforeEntry, beforeAt;
  // Of the block that it was met in last, one more than its first entry.
  uint32_t block;

  enum : uint32_t { known = 1, inside = 2, believed = 4 };
};

// Somebody whom the rule has to be told of.
struct Told {
  // Where he is seen; the number of his path; the sights before this one as they were in `Sights`.
  uint32_t entry, at, path, newestEntry, newestAt, beforeEntry, beforeAt;
};

struct SidesJob {
  Cells<const uint8_t> bytes;
  // Blocks that follow on each other, as `readHeads` gave them.
  Cells<const uint32_t> rows;
  // By entry.
  Cells<const uint8_t> looked;
  Cells<const uint16_t> pointCount;
  Cells<const uint32_t> pointsAt;
  // By appearance; `matters`: 1 where it has a label of the rule and a path that comes near.
  Cells<const uint32_t> pathOf;
  Cells<const uint8_t> matters;
  Cells<const int32_t> spanValues;
  // The rule's time at each entry from `first` on, after the time of the look before that one.
  Cells<const double> times;
  uint32_t first;
  Limits limits;
  Zone zone;
  // A side is believed after so long, and a track that was not seen for longer is forgotten; milliseconds.
  double holdMs, forgetMs;
  // By number of the path.
  Cells<Sights> sights;
  Cells<Told> told;
};

struct SidesFound {
  size_t blocks, told;
};

// Goes through blocks while `told` has room for every point of the next one.
SidesFound sideChanges(const SidesJob& job);

}  // namespace xueliang
