#include "log-members.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr double kWider = 1 / kBoxSteps;
// Slots of a block of which it is noted where they are; of others each point is looked at.
constexpr size_t kSlots = 1024;
// Further than any place in a picture, in steps.
constexpr double kAnywhere = 1e9;

struct Companion {
  Box box;
  uint32_t id;
  uint8_t role;
};

// Rules, as bits, of which all points of a track are members, and of which some may be.
struct Shares {
  uint8_t all, some;
};

// Somebody who may be a member, where his point lies, and of which rules.
struct Candidate {
  uint32_t at, id;
  Shares shares;
};

// The box around a zone's polygon in steps, wider by what rounding takes; open towards the picture's edge, where anchors beyond
// it count.
struct Bounds {
  double left, right, top, bottom;

  explicit Bounds(const Zone& zone)
      : left(low(zone.x)), right(high(zone.x + zone.width)), top(low(zone.y)), bottom(high(zone.y + zone.height)) {}

 private:
  static double low(double share) { return share <= kTouch ? -kAnywhere : share * kBoxSteps + kBoxOffset - 2; }
  static double high(double share) { return share >= 1 - kTouch ? kAnywhere : share * kBoxSteps + kBoxOffset + 2; }
};

inline int nextOf(uint32_t& bits) {
  const int first = __builtin_ctz(bits);
  bits &= bits - 1;
  return first;
}

class Members {
 public:
  Members(const MembersJob& job, const MembersPart& part) : job_(job), part_(part) {}

  MembersFound run() {
    for (size_t block = part_.from; block-- > 0 && before_ == kNone;) findBefore(block);
    size_t block = part_.from;
    for (; block < part_.to && hasRoom(row(block)); block++) pass(block);
    found_.blocks = block - part_.from;
    return found_;
  }

 private:
  const uint32_t* row(size_t block) const { return &job_.rows[block * kRowFields]; }
  bool isLooked(uint32_t entry) const { return (job_.looked[entry] & kSights) == kSight; }
  uint32_t* membersOf(size_t rule) const { return part_.members + rule * kMembers; }
  size_t rules() const { return job_.waters.count; }
  size_t zoneOf(size_t rule) const { return __builtin_ctz(job_.waters[rule].own); }

  // Room for a change at every frame with all points of that frame and of the one before it.
  bool hasRoom(const uint32_t* row) const {
    if (row[0] == row[1]) return true;
    const uint32_t last = row[1] - 1;
    const size_t points = (job_.pointsAt[last] - job_.pointsAt[row[0]]) / kPointBytes + job_.pointCount[last];
    const size_t most = kMostPoints + (row[1] - row[0]) * kRecord + 2 * points;
    for (size_t r = 0; r < rules(); r++)
      if (most > part_.room - found_.words[r]) return false;
    return true;
  }

  void pass(size_t block) {
    const uint32_t* at = row(block);
    const uint8_t heeded = heededIn(at, &job_.extents[block * kExtentFields]);
    uint32_t scanned = 0;
    if (heeded != 0) noteShares(at, heeded);
    for (size_t r = 0; r < rules(); r++) {
      const uint8_t bit = 1 << r;
      if ((heeded & bit) == 0) leave(block, r);
      else if (!isSame(at, r)) (anybody_ & bit) != 0 ? void(scanned |= bit) : leave(block, r);
    }
    if (scanned != 0) scan(block, scanned);
    findBefore(block);
  }

  void findBefore(size_t block) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[1]; entry-- > at[0];)
      if (isLooked(entry)) {
        before_ = entry;
        beforeBlock_ = block;
        break;
      }
  }

  // The rules in whose zones somebody of a block may be.
  uint8_t heededIn(const uint32_t* row, const int32_t* extent) const {
    uint8_t heeded = 0;
    if ((row[4] & job_.labelBits) == 0) return 0;
    for (size_t r = 0; r < rules(); r++)
      if (mayLie(extent, job_.zones[zoneOf(r)])) heeded |= 1 << r;
    return heeded;
  }

  bool mayLie(const int32_t* extent, const Zone& zone) const {
    const Bounds bounds(zone);
    const int32_t top = extent[zone.anchor == Anchor::bottom ? kLeastBottom : kTop];
    double farX = 0, farY = 0;
    if (job_.brings) {
      farY = job_.reach.rodReach * (extent[kMostHeight] + 1) + 1;
      farX = farY / job_.reach.aspect + 1;
    }
    return extent[kLeft] <= bounds.right + farX && extent[kRight] >= bounds.left - farX && top <= bounds.bottom + farY &&
           extent[kBottom] >= bounds.top - farY;
  }

  // Nobody of a block can be a member.
  void leave(size_t block, size_t rule) {
    const uint32_t* at = row(block);
    const uint32_t* members = membersOf(rule);
    for (uint32_t entry = at[0]; members[0] != 0 && entry < at[1]; entry++)
      if (isLooked(entry)) {
        count_[rule] = 0;
        tell(block, entry, rule);
      }
  }

  // Notes which rules each appearance's points are members of.
  void noteShares(const uint32_t* row, uint8_t heeded) {
    anybody_ = 0;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      Shares shares{0, 0};
      const int32_t* span = &job_.spanValues[i * kExtentFields];
      uint32_t left = job_.matters[i] & heeded;
      if (left != 0 && !mayCount(span)) left = 0;
      const bool isSure = left != 0 && surelyCounts(span);
      while (left != 0) {
        const int r = nextOf(left);
        const Share share = shareOf(span, job_.zones[zoneOf(r)], isSure);
        if (share != none) (share == all ? shares.all : shares.some) |= 1 << r;
      }
      anybody_ |= shares.all | shares.some;
      if (i - row[2] < kSlots) shares_[i - row[2]] = shares;
    }
  }

  Shares sharesAt(const uint32_t* row, uint32_t slot) const {
    return slot < kSlots ? shares_[slot] : Shares{0, job_.matters[row[2] + slot]};
  }

  bool mayCount(const int32_t* span) const {
    const Limits& limits = job_.limits;
    if ((span[kStates] & kCounting) == 0 || span[kMostScore] < limits.leastScore) return false;
    return span[kMostHeight] >= limits.leastHeight && span[kLeastHeight] <= limits.greatestHeight;
  }

  bool surelyCounts(const int32_t* span) const {
    const Limits& limits = job_.limits;
    if ((span[kStates] & ~kCounting) != 0 || span[kLeastScore] < limits.leastScore || limits.minArea > 0) return false;
    return span[kLeastHeight] >= limits.leastHeight && span[kMostHeight] <= limits.greatestHeight;
  }

  Share shareOf(const int32_t* span, const Zone& zone, bool isSure) const {
    if (!mayLie(span, zone)) return none;
    if (!isSure || zone.anchor != Anchor::bottom) return some;
    const Share share = zone.polygon.share(place(span[kLeastMiddle] / 2.0) - kWider, place(span[kLeastBottom]) - kWider,
                                           place(span[kMostMiddle] / 2.0) + kWider, place(span[kBottom]) + kWider);
    return share == none && job_.brings ? some : share;
  }

  // Whether the same are members all through a block as before it.
  bool isSame(const uint32_t* row, size_t rule) const {
    const uint32_t* members = membersOf(rule);
    if (row[8] == 0 || row[5] == 0 || job_.heedsCompany || row[3] - row[2] > kSlots) return false;
    uint32_t count = 0;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      const Shares shares = shares_[i - row[2]];
      if (((shares.all | shares.some) >> rule & 1) == 0) continue;
      if ((shares.all >> rule & 1) == 0 || job_.pointsOf[i] != row[5] || count == kMostPoints || count >= members[0]) return false;
      if (members[1 + count] != job_.idOf[i]) return false;
      count++;
    }
    return count == members[0];
  }

  void scan(size_t block, uint32_t scanned) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[0]; entry < at[1]; entry++) {
      if (!isLooked(entry)) continue;
      find(at, entry, scanned, true);
      for (uint32_t left = scanned; left != 0;) {
        const int r = nextOf(left);
        if (!isAsBefore(at, r)) tell(block, entry, r);
      }
      before_ = entry;
      beforeBlock_ = block;
    }
  }

  bool isAsBefore(const uint32_t* row, size_t rule) const {
    const uint32_t* members = membersOf(rule);
    if (count_[rule] != members[0]) return false;
    for (uint32_t i = 0; i < count_[rule]; i++)
      if (members[1 + i] != idAt(row, now_[rule][i])) return false;
    return true;
  }

  uint32_t idAt(const uint32_t* row, uint32_t point) const { return job_.idOf[row[2] + slotOf(&job_.bytes[point])]; }

  // Notes where the points of those lie who are members of some rules at an entry, and how many.
  void find(const uint32_t* row, uint32_t entry, uint32_t rules, bool hasShares) {
    for (uint32_t left = rules; left != 0;) count_[nextOf(left)] = 0;
    if (!takeIn(row, entry, static_cast<uint8_t>(rules), hasShares)) return;
    for (size_t i = 0; i < candidates_; i++) {
      const Candidate& one = candidate_[i];
      const Box box = boxOf(&job_.bytes[one.at]);
      uint32_t found = one.shares.all | among(one.shares.some, box);
      if (found == 0 || (job_.heedsCompany && !isAccompanied(box, one.id))) continue;
      while (found != 0) {
        const int r = nextOf(found);
        now_[r][count_[r]++] = one.at;
      }
    }
  }

  // Takes in whoever may be a member at an entry, then whoever may be company. Whether there can be members.
  bool takeIn(const uint32_t* row, uint32_t entry, uint8_t rules, bool hasShares) {
    const uint32_t from = job_.pointsAt[entry], to = endOf(entry, from);
    const uint32_t tracks = row[3] - row[2];
    uint8_t roles = 0;
    candidates_ = companions_ = 0;
    for (uint32_t at = from; at < to; at += kPointBytes) {
      const uint8_t* point = &job_.bytes[at];
      const uint32_t slot = slotOf(point), known = row[2] + slot;
      if (slot >= tracks) continue;
      roles |= job_.roles[job_.labelOf[known]];
      Shares shares = hasShares ? sharesAt(row, slot) : Shares{0, job_.matters[known]};
      shares.all &= rules;
      shares.some &= rules;
      if ((shares.all | shares.some) != 0 && job_.limits.count(point)) candidate_[candidates_++] = {at, job_.idOf[known], shares};
    }
    if (candidates_ == 0 || (roles & job_.wanted) != job_.wanted) return false;
    return !job_.heedsCompany || takeCompany(row, from, to);
  }

  // Whether there is company of all sorts.
  bool takeCompany(const uint32_t* row, uint32_t from, uint32_t to) {
    const uint32_t tracks = row[3] - row[2];
    uint8_t roles = 0;
    for (uint32_t at = from; at < to; at += kPointBytes) {
      const uint8_t* point = &job_.bytes[at];
      const uint32_t slot = slotOf(point), known = row[2] + slot;
      if (slot >= tracks) continue;
      const uint8_t role = roleOf(point, job_.roles[job_.labelOf[known]]);
      if (role == 0) continue;
      companion_[companions_++] = {boxOf(point), job_.idOf[known], role};
      roles |= role;
    }
    return (roles & job_.wanted) == job_.wanted;
  }

  // Where the points of an entry end, those that there is room for.
  uint32_t endOf(uint32_t entry, uint32_t from) const {
    const size_t points = job_.pointCount[entry], there = from < job_.bytes.count ? (job_.bytes.count - from) / kPointBytes : 0;
    const size_t most = points < kMostPoints ? points : kMostPoints;
    return from + static_cast<uint32_t>(most < there ? most : there) * kPointBytes;
  }

  // What a point is to those who need company. Unwanted company counts even while the tracker is not sure of it.
  uint8_t roleOf(const uint8_t* point, uint8_t role) const {
    if (role == 0 || stateOf(point) == kEnded) return 0;
    const bool isSure = (kCounting >> stateOf(point) & 1) != 0 && scoreOf(point) >= job_.limits.leastScore;
    return isSure ? role : role & kUnwanted;
  }

  // Those of some rules of whose zones somebody is, but for company: `Membership.is`.
  uint32_t among(uint32_t rules, const Box& box) const {
    uint32_t found = 0, looked = 0, in = 0;
    for (uint32_t left = rules; left != 0;) {
      const int r = nextOf(left);
      if (isInAny(job_.waters[r].own, box, looked, in)) found |= 1u << r;
    }
    if (found == rules || !job_.brings) return found;
    const uint32_t zones = broughtInto(rules & ~found, box);
    for (uint32_t left = zones == 0 ? 0 : rules & ~found; left != 0;) {
      const int r = nextOf(left);
      const Water& water = job_.waters[r];
      if ((zones & water.own) != 0 && !isInAny(water.others, box, looked, in)) found |= 1u << r;
    }
    return found;
  }

  // Whether somebody is in any of some zones; `looked` and `in` keep what is known of him already.
  bool isInAny(uint32_t zones, const Box& box, uint32_t& looked, uint32_t& in) const {
    for (uint32_t left = zones & ~looked; left != 0;) {
      const int z = nextOf(left);
      if (job_.zones[z].inside(box)) in |= 1u << z;
    }
    looked |= zones;
    return (in & zones) != 0;
  }

  // The zones of some rules into which a rod brings somebody: `rodIntoZone` of angling.ts, but for other zones.
  uint32_t broughtInto(uint32_t rules, const Box& person) const {
    uint32_t zones = 0, brought = 0;
    for (uint32_t left = rules; left != 0;) zones |= job_.waters[nextOf(left)].own;
    Spot tip;
    for (size_t i = 0; i < companions_ && zones != brought; i++) {
      const Box& rod = companion_[i].box;
      if ((companion_[i].role & job_.wanted) == 0 || !job_.reach.reaches(person, rod, tip)) continue;
      for (uint32_t left = zones & ~brought; left != 0;) {
        const int z = nextOf(left);
        if (Reach::isIn(job_.zones[z], rod, tip)) brought |= 1u << z;
      }
    }
    for (uint32_t left = brought; left != 0;) {
      const int z = nextOf(left);
      if (!job_.reach.isAtEdge(job_.zones[z], person)) brought &= ~(1u << z);
    }
    return brought;
  }

  // `Company.fits` of company.ts.
  bool isAccompanied(const Box& box, uint32_t id) const {
    uint8_t roles = 0;
    for (size_t i = 0; i < companions_; i++) {
      const Companion& one = companion_[i];
      if ((one.role & ~roles) == 0 || one.id == id) continue;
      if (gapBetween(box, one.box, job_.reach.aspect) > job_.companyReach * most(box.height, one.box.height)) continue;
      if ((one.role & kUnwanted) != 0) return false;
      roles |= one.role;
    }
    return (roles & job_.wanted) == job_.wanted;
  }

  // Others are members of a rule from here on: those found last.
  void tell(size_t block, uint32_t entry, size_t rule) {
    uint32_t *members = membersOf(rule), *to = part_.changes + rule * part_.stride + found_.words[rule];
    const uint32_t count = count_[rule];
    if (count > 0) memcpy(to + kRecord, now_[rule], count * sizeof *to);
    if (before_ != kNone && members[0] != 0) find(row(beforeBlock_), before_, 1u << rule, false);
    else count_[rule] = 0;
    const uint32_t was = count_[rule];
    if (was > 0) memcpy(to + kRecord + count, now_[rule], was * sizeof *to);
    to[0] = entry;
    to[1] = count;
    to[2] = before_;
    to[3] = was;
    found_.words[rule] += kRecord + count + was;
    members[0] = count;
    for (uint32_t i = 0; i < count; i++) members[1 + i] = idAt(row(block), to[kRecord + i]);
    if (part_.first == nullptr || (told_ >> rule & 1) != 0) return;
    memcpy(part_.first + rule * kMembers, members, kMembers * sizeof *members);
    told_ |= 1u << rule;
  }

  const MembersJob& job_;
  const MembersPart& part_;
  MembersFound found_{};
  // Rules of which something was told.
  uint32_t told_ = 0;
  // Of the block in hand.
  Shares shares_[kSlots];
  uint8_t anybody_ = 0;
  // Of the entry in hand.
  Candidate candidate_[kMostPoints];
  Companion companion_[kMostPoints];
  size_t candidates_ = 0, companions_ = 0;
  // Found last, of each rule.
  uint32_t now_[kMostRules][kMostPoints], count_[kMostRules];
  // The newest entry that was looked at.
  uint32_t before_ = kNone;
  size_t beforeBlock_ = 0;
};

}  // namespace

MembersFound memberChanges(const MembersJob& job, const MembersPart& part) { return Members(job, part).run(); }

}  // namespace xueliang
