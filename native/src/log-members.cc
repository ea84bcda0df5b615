#include "log-members.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr size_t kRecord = 4;
constexpr double kWider = 1 / kBoxSteps;

struct Companion {
  Box box;
  uint32_t id;
  uint8_t role;
};

class Members {
 public:
  Members(const MembersJob& job, const MembersPart& part)
      : job_(job),
        rule_(job.rule),
        limits_{rule_.leastScore, rule_.leastHeight, rule_.greatestHeight, rule_.minArea},
        part_(part),
        members_(part.members),
        first_(part.first) {}

  MembersFound run() {
    for (size_t block = part_.from; block-- > 0 && before_ == kNone;) findBefore(block);
    size_t block = part_.from;
    for (; block < part_.to && hasRoom(row(block)); block++) pass(block);
    return {block - part_.from, written_};
  }

 private:
  const uint32_t* row(size_t block) const { return &job_.rows[block * kRowFields]; }
  bool isLooked(uint32_t entry) const { return (job_.looked[entry] & kSights) == kSight; }

  // Room for a change at every frame with all points of that frame and of the one before it.
  bool hasRoom(const uint32_t* row) const {
    if (row[0] == row[1]) return true;
    const uint32_t last = row[1] - 1;
    const size_t points = (job_.pointsAt[last] - job_.pointsAt[row[0]]) / kPointBytes + job_.pointCount[last];
    return kMostPoints + (row[1] - row[0]) * kRecord + 2 * points <= part_.changes.count - written_;
  }

  void pass(size_t block) {
    const uint32_t* at = row(block);
    if (!isHeeded(at, &job_.extents[block * kExtentFields])) leave(block);
    else if (!isSame(at)) isAnybody_ ? scan(block) : leave(block);
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

  bool isHeeded(const uint32_t* row, const int32_t* extent) const {
    return (row[4] & rule_.labelBits) != 0 && mayLie(extent, rule_.zone.anchor == Anchor::bottom ? kLeastBottom : kTop);
  }

  bool mayLie(const int32_t* extent, size_t field) const {
    if (rule_.brings) {
      const double farY = rule_.reach.rodReach * (extent[kMostHeight] + 1) + 1, farX = farY / rule_.reach.aspect + 1;
      return extent[kLeft] <= rule_.right + farX && extent[kRight] >= rule_.left - farX && extent[field] <= rule_.bottom + farY &&
             extent[kBottom] >= rule_.top - farY;
    }
    return extent[kLeft] <= rule_.right && extent[kRight] >= rule_.left && extent[field] <= rule_.bottom &&
           extent[kBottom] >= rule_.top;
  }

  // Nobody of a block can be a member.
  void leave(size_t block) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[0]; members_[0] != 0 && entry < at[1]; entry++)
      if (isLooked(entry)) tell(block, entry, 0);
  }

  // Notes what share of each appearance's points are members. Whether the same are members all through a block as before it.
  bool isSame(const uint32_t* row) {
    bool same = row[8] != 0 && row[5] != 0;
    uint32_t count = 0;
    isAnybody_ = false;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      const Share share = job_.matters[i] == 0 ? none : shareOf(&job_.spanValues[i * kExtentFields]);
      const uint32_t slot = i - row[2];
      if (slot < sizeof shares_) shares_[slot] = share;
      if (share == none) continue;
      isAnybody_ = true;
      same = same && share == all && !rule_.heedsCompany && job_.pointsOf[i] == row[5] && count < kMostPoints && count < members_[0] &&
             members_[1 + count] == job_.idOf[i];
      count++;
    }
    return same && count == members_[0];
  }

  Share shareOf(const int32_t* span) const {
    if ((span[kStates] & kCounting) == 0 || span[kMostScore] < rule_.leastScore) return none;
    if (span[kMostHeight] < rule_.leastHeight || span[kLeastHeight] > rule_.greatestHeight) return none;
    if (!mayLie(span, rule_.zone.anchor == Anchor::bottom ? kLeastBottom : kTop)) return none;
    if ((span[kStates] & ~kCounting) != 0 || span[kLeastScore] < rule_.leastScore || rule_.minArea > 0) return some;
    if (span[kLeastHeight] < rule_.leastHeight || span[kMostHeight] > rule_.greatestHeight) return some;
    if (rule_.zone.anchor != Anchor::bottom || rule_.brings) return some;
    return rule_.zone.polygon.share(place(span[kLeastMiddle] / 2.0) - kWider, place(span[kLeastBottom]) - kWider,
                          place(span[kMostMiddle] / 2.0) + kWider, place(span[kBottom]) + kWider);
  }

  void scan(size_t block) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[0]; entry < at[1]; entry++) {
      if (!isLooked(entry)) continue;
      const uint32_t count = membersAt(at, entry, true, now_);
      bool same = count == members_[0];
      for (uint32_t i = 0; same && i < count; i++) same = members_[1 + i] == idAt(at, now_[i]);
      if (!same) tell(block, entry, count);
      before_ = entry;
      beforeBlock_ = block;
    }
  }

  uint32_t idAt(const uint32_t* row, uint32_t point) const { return job_.idOf[row[2] + slotAt(point)]; }
  uint32_t slotAt(uint32_t point) const { return slotOf(&job_.bytes[point]); }

  // Where the points of those lie who are members at an entry. Returns how many.
  uint32_t membersAt(const uint32_t* row, uint32_t entry, bool hasShares, uint32_t* found) {
    if (rule_.heedsCompany && !(mayBeAnybody(row, entry, hasShares) && hasCompany(row, entry))) return 0;
    uint32_t count = 0, at = job_.pointsAt[entry];
    const uint32_t tracks = row[3] - row[2];
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count || count == kMostPoints) break;
      const uint32_t slot = slotAt(at);
      if (slot >= tracks || job_.matters[row[2] + slot] == 0) continue;
      const Share share = hasShares && slot < sizeof shares_ ? static_cast<Share>(shares_[slot]) : some;
      if (share == none || (share == some && !isMember(&job_.bytes[at]))) continue;
      if (!rule_.heedsCompany || isAccompanied(boxOf(&job_.bytes[at]), job_.idOf[row[2] + slot])) found[count++] = at;
    }
    return count;
  }

  // Whether somebody is there who may be a member, but for company.
  bool mayBeAnybody(const uint32_t* row, uint32_t entry, bool hasShares) const {
    uint32_t at = job_.pointsAt[entry];
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count) break;
      const uint8_t* point = &job_.bytes[at];
      const uint32_t slot = slotOf(point);
      if (slot >= row[3] - row[2] || job_.matters[row[2] + slot] == 0) continue;
      if (hasShares && slot < sizeof shares_ && shares_[slot] == none) continue;
      if (limits_.count(point) && (rule_.brings || rule_.zone.inside(boxOf(point)))) return true;
    }
    return false;
  }

  // `Membership.is`, but for company.
  bool isMember(const uint8_t* point) const {
    if (!limits_.count(point)) return false;
    const Box box = boxOf(point);
    return rule_.zone.inside(box) || (rule_.brings && isBrought(box));
  }

  // Takes in whoever may be company at an entry. Whether there is some of all sorts.
  bool hasCompany(const uint32_t* row, uint32_t entry) {
    uint8_t roles = 0;
    companions_ = 0;
    uint32_t at = job_.pointsAt[entry];
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count || companions_ == kMostPoints) break;
      const uint8_t* point = &job_.bytes[at];
      if (slotOf(point) >= row[3] - row[2]) continue;
      const uint32_t known = row[2] + slotOf(point);
      uint8_t role = job_.roles[job_.labelOf[known]];
      if (stateOf(point) == kEnded) continue;
      // Unwanted company counts even while the tracker is not sure of it.
      if ((kCounting >> stateOf(point) & 1) == 0 || scoreOf(point) < rule_.leastScore) role &= kUnwanted;
      if (role == 0) continue;
      companion_[companions_++] = {boxOf(point), job_.idOf[known], role};
      roles |= role;
    }
    return (roles & rule_.wanted) == rule_.wanted;
  }

  // `Company.fits` of company.ts.
  bool isAccompanied(const Box& box, uint32_t id) const {
    uint8_t roles = 0;
    for (size_t i = 0; i < companions_; i++) {
      const Companion& one = companion_[i];
      if ((one.role & ~roles) == 0 || one.id == id) continue;
      if (gapBetween(box, one.box, rule_.reach.aspect) > rule_.companyReach * most(box.height, one.box.height)) continue;
      if ((one.role & kUnwanted) != 0) return false;
      roles |= one.role;
    }
    return (roles & rule_.wanted) == rule_.wanted;
  }

  // `rodIntoZone` of angling.ts.
  bool isBrought(const Box& person) const {
    Spot tip;
    for (size_t i = 0; i < companions_; i++) {
      if ((companion_[i].role & rule_.wanted) == 0) continue;
      const Box& rod = companion_[i].box;
      if (!rule_.reach.reaches(person, rod, tip) || !Reach::isIn(rule_.zone, rod, tip)) continue;
      return rule_.reach.isAtEdge(rule_.zone, person) && !isInOther(person);
    }
    return false;
  }

  bool isInOther(const Box& box) const {
    for (size_t i = 0; i < rule_.otherCount; i++)
      if (rule_.others[i].inside(box)) return true;
    return false;
  }

  // Others are members from here on: those whose points lie at `now_`.
  void tell(size_t block, uint32_t entry, uint32_t count) {
    uint32_t* to = &part_.changes[written_];
    uint32_t was = 0;
    if (before_ != kNone && members_[0] != 0) was = membersAt(row(beforeBlock_), before_, false, was_);
    to[0] = entry;
    to[1] = count;
    to[2] = before_;
    to[3] = was;
    if (count > 0) memcpy(to + kRecord, now_, count * sizeof *now_);
    if (was > 0) memcpy(to + kRecord + count, was_, was * sizeof *was_);
    written_ += kRecord + count + was;
    members_[0] = count;
    for (uint32_t i = 0; i < count; i++) members_[1 + i] = idAt(row(block), now_[i]);
    if (first_ != nullptr) memcpy(first_, members_, kMembers * sizeof *members_);
    first_ = nullptr;
  }

  const MembersJob& job_;
  const MembersRule& rule_;
  const Limits limits_;
  const MembersPart& part_;
  uint32_t* const members_;
  // Nowhere once others were told of.
  uint32_t* first_;
  // Of the block in hand, by slot, as far as there is room; of others each point is looked at.
  uint8_t shares_[1024];
  bool isAnybody_ = false;
  // Of the entry in hand.
  Companion companion_[kMostPoints];
  size_t companions_ = 0;
  uint32_t now_[kMostPoints], was_[kMostPoints];
  // The newest entry that was looked at.
  uint32_t before_ = kNone;
  size_t beforeBlock_ = 0;
  size_t written_ = 0;
};

}  // namespace

MembersFound memberChanges(const MembersJob& job, const MembersPart& part) { return Members(job, part).run(); }

}  // namespace xueliang
