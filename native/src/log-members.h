// Finds out who counts for a rule that only knows who is there, and where that changes: what a rehearsal asks of each frame.
// The same in TypeScript: gateway/rehearsal/track-log/member-changes.ts.
#pragma once
#include "crew.h"
#include "log-heads.h"
#include "log-rods.h"

namespace xueliang {

// A rule, all but its labels in the log's own steps.
struct MembersRule {
  uint32_t labelBits;
  int32_t leastScore, leastHeight, greatestHeight;
  double minArea;
  Zone zone;
  // The box around its polygon in steps, one wider on each side.
  double left, right, top, bottom;
  // Whether company matters; what a member needs of it, as bits of `roles` that somebody within `companyReach` has.
  bool heedsCompany;
  uint8_t wanted;
  double companyReach;
  // Whether that are rods, which bring whoever holds them into the zone unless he stands in another.
  bool brings;
  Reach reach;
  Zone others[kMostZones];
  size_t otherCount;
};

struct MembersJob {
  Cells<const uint8_t> bytes;
  // Blocks that follow on each other, as `readHeads` gave them, and the extent of each.
  Cells<const uint32_t> rows;
  Cells<const int32_t> extents;
  // By entry.
  Cells<const uint8_t> looked;
  Cells<const uint16_t> pointCount;
  Cells<const uint32_t> pointsAt;
  // By appearance; `matters`: 1 where it has a label of the rule and a path that comes near.
  Cells<const uint32_t> idOf, pointsOf;
  Cells<const uint8_t> matters, labelOf;
  Cells<const int32_t> spanValues;
  // By number of the label: what it is to those who need company.
  const uint8_t* roles;
  MembersRule rule;
  // How many are members (kUnknown: not known), and their ids in the order of their points.
  uint32_t* members;
  // Each change: its entry, how many are members then, the entry looked at before it (kNone), how many were members there, and
  // where the points of both lie in `bytes`.
  Cells<uint32_t> changes;
};

constexpr uint32_t kUnknown = 0xffffffff, kNone = 0xffffffff;
// Numbers in `members`: a plain frame has at most 255 points.
constexpr size_t kMembers = 256;

// Among the bits of `roles`: who must not be near.
constexpr uint8_t kUnwanted = 0x80;

struct MembersFound {
  size_t blocks, words;
};

// Goes through blocks while `changes` has room for all that may be told of the next one.
MembersFound memberChanges(const MembersJob& job, Crew& crew);

// Some of the blocks of a job, with their own `members` and `changes`.
struct MembersPart {
  size_t from, to;
  uint32_t* members;
  Cells<uint32_t> changes;
  // Gets the members where others are told of first; nullptr: nobody asks.
  uint32_t* first;
};

// The same of these alone.
MembersFound memberChanges(const MembersJob& job, const MembersPart& part);

}  // namespace xueliang
