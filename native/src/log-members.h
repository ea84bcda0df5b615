// Finds out who counts for rules that only know who is there, and where that changes: what a rehearsal asks of each frame.
// The same in TypeScript: gateway/rehearsal/track-log/member-changes.ts.
#pragma once
#include "crew.h"
#include "log-heads.h"
#include "log-rods.h"

namespace xueliang {

// Rules that one job knows, at most: a bit of a byte each.
constexpr size_t kMostRules = 8;

struct MembersJob {
  Cells<const uint8_t> bytes;
  // Blocks that follow on each other, as `readHeads` gave them, and the extent of each.
  Cells<const uint32_t> rows;
  Cells<const int32_t> extents;
  // By entry.
  Cells<const uint8_t> looked;
  Cells<const uint16_t> pointCount;
  Cells<const uint32_t> pointsAt;
  // By appearance; `matters`: the rules, as bits, whose label it has and which its path comes near.
  Cells<const uint32_t> idOf, pointsOf;
  Cells<const uint8_t> matters, labelOf;
  Cells<const int32_t> spanValues;
  // By number of the label: what it is to those who need company.
  const uint8_t* roles;
  Zone zones[kMostZones];
  size_t zoneCount;
  // The rules; they differ in nothing else.
  Cells<const Water> waters;
  uint32_t labelBits;
  Limits limits;
  // Whether company matters; what a member needs of it, as bits of `roles` that somebody within `companyReach` has.
  bool heedsCompany;
  uint8_t wanted;
  double companyReach;
  // Whether that are rods, which bring whoever holds them into a rule's zone unless he stands in one of the others.
  bool brings;
  Reach reach;
  // Of each rule: how many are members (kUnknown: not known), and their ids in the order of their points.
  uint32_t* members;
  // Room for each rule. Each change: its entry, how many are members then, the entry looked at before it (kNone), how many were
  // members there, and where the points of both lie in `bytes`.
  Cells<uint32_t> changes;
};

constexpr uint32_t kUnknown = 0xffffffff, kNone = 0xffffffff;
// Numbers in `members`, of each rule: a plain frame has at most 255 points.
constexpr size_t kMembers = 256;
// Numbers of a change before its points: how many are members is the second, how many were the fourth.
constexpr size_t kRecord = 4;

// Among the bits of `roles`: who must not be near.
constexpr uint8_t kUnwanted = 0x80;

// Blocks gone through, and numbers written for each rule.
struct MembersFound {
  size_t blocks, words[kMostRules];
};

// Goes through blocks while `changes` has room for all that may be told of the next one.
MembersFound memberChanges(const MembersJob& job, Crew& crew);

// Some of the blocks of a job, with their own `members` and, of each rule, `room` numbers from `changes` on, `stride` apart.
struct MembersPart {
  size_t from, to;
  uint32_t* members;
  uint32_t* changes;
  size_t room, stride;
  // Gets the members of each rule where others are told of first; nullptr: nobody asks.
  uint32_t* first;
};

// The same of these alone.
MembersFound memberChanges(const MembersJob& job, const MembersPart& part);

}  // namespace xueliang
