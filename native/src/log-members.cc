#include "log-members.h"

#include <cmath>
#include <cstring>

namespace xueliang {
namespace {

constexpr size_t kPointBytes = 16, kRecord = 4, kMostPoints = 255;
constexpr double kBoxSteps = 40000, kBoxOffset = 10000;
// What lies on an edge counts as inside: by so much, and the box around it by so much more.
constexpr double kHair = 1e-12, kBoundsHair = 1e-9, kWider = 1 / kBoxSteps, kTouch = 1e-9;
// Confirmed and lost, as bits by number of the state.
constexpr int32_t kCounting = 6;
constexpr uint8_t kSights = 5, kSight = 1;
enum Share : uint8_t { none, some, all };
// Fields of an extent.
enum { left, top, leastBottom, leastMiddle, leastScore, leastHeight, right, bottom, mostMiddle, mostScore, mostHeight, states };

struct Spot {
  double x, y;
};

int32_t word(const uint8_t* at) { return at[0] | at[1] << 8; }
double least(double a, double b) { return a < b ? a : b; }
double most(double a, double b) { return a < b ? b : a; }
double place(double steps) { return (steps - kBoxOffset) / kBoxSteps; }
double clamp(double value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

class Polygon {
 public:
  explicit Polygon(Cells<const double> numbers) : numbers_(numbers) {}
  size_t corners() const { return numbers_.count / 2; }
  Spot corner(size_t i) const { return {numbers_[2 * i], numbers_[2 * i + 1]}; }

  // `contains` of gateway/analysis/geometry.ts.
  bool contains(double x, double y) const {
    bool inside = false;
    for (size_t i = 0, j = corners() - 1; i < corners(); j = i, i++) {
      const Spot a = corner(i), b = corner(j);
      if (a.y > y + kHair ? b.y > y + kHair : a.y < y - kHair && b.y < y - kHair) continue;
      if (onEdge(a, b, x, y)) return true;
      if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside;
  }

  // Whether an upright box lies wholly within, wholly beside, or neither for sure: `shareIn` of whole-spans.ts.
  Share share(double x, double y, double farX, double farY) const {
    if (x < 0 || y < 0 || farX > 1 || farY > 1) return some;
    for (size_t i = 0, j = corners() - 1; i < corners(); j = i, i++)
      if (meets(corner(i), corner(j), x, y, farX, farY)) return some;
    return contains(x, y) ? all : none;
  }

 private:
  static bool onEdge(Spot a, Spot b, double x, double y) {
    const double cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    if (std::fabs(cross) > kHair) return false;
    return x >= least(a.x, b.x) - kHair && x <= most(a.x, b.x) + kHair && y >= least(a.y, b.y) - kHair &&
           y <= most(a.y, b.y) + kHair;
  }

  static bool meets(Spot a, Spot b, double x, double y, double farX, double farY) {
    if ((a.x < x && b.x < x) || (a.x > farX && b.x > farX)) return false;
    if ((a.y < y && b.y < y) || (a.y > farY && b.y > farY)) return false;
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double first = dx * (y - a.y) - dy * (x - a.x), second = dx * (y - a.y) - dy * (farX - a.x);
    const double third = dx * (farY - a.y) - dy * (x - a.x), fourth = dx * (farY - a.y) - dy * (farX - a.x);
    return std::fabs(first) < kTouch || !(first * second > 0 && first * third > 0 && first * fourth > 0);
  }

  Cells<const double> numbers_;
};

class Members {
 public:
  explicit Members(const MembersJob& job) : job_(job), rule_(job.rule), polygon_(job.rule.polygon) {}

  MembersFound run() {
    const size_t blocks = job_.rows.count / kRowFields;
    size_t block = 0;
    for (; block < blocks && hasRoom(row(block)); block++) pass(block);
    return {block, written_};
  }

 private:
  const uint32_t* row(size_t block) const { return &job_.rows[block * kRowFields]; }
  bool isLooked(uint32_t entry) const { return (job_.looked[entry] & kSights) == kSight; }

  // Room for a change at every frame with all points of that frame and of the one before it.
  bool hasRoom(const uint32_t* row) const {
    if (row[0] == row[1]) return true;
    const uint32_t last = row[1] - 1;
    const size_t points = (job_.pointsAt[last] - job_.pointsAt[row[0]]) / kPointBytes + job_.pointCount[last];
    return kMostPoints + (row[1] - row[0]) * kRecord + 2 * points <= job_.changes.count - written_;
  }

  void pass(size_t block) {
    const uint32_t* at = row(block);
    if (!isHeeded(at, &job_.extents[block * kExtentFields])) leave(block);
    else if (!isSame(at)) scan(block);
    for (uint32_t entry = at[1]; entry-- > at[0];)
      if (isLooked(entry)) {
        before_ = entry;
        beforeBlock_ = block;
        break;
      }
  }

  bool isHeeded(const uint32_t* row, const int32_t* extent) const {
    return (row[4] & rule_.labelBits) != 0 && mayLie(extent, rule_.anchor == Anchor::bottom ? leastBottom : top);
  }

  bool mayLie(const int32_t* extent, size_t least) const {
    return extent[left] <= rule_.right && extent[right] >= rule_.left && extent[least] <= rule_.bottom &&
           extent[bottom] >= rule_.top;
  }

  // Nobody of a block can be a member.
  void leave(size_t block) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[0]; job_.members[0] != 0 && entry < at[1]; entry++)
      if (isLooked(entry)) tell(block, entry, 0);
  }

  // Notes what share of each appearance's points are members. Whether the same are members all through a block as before it.
  bool isSame(const uint32_t* row) {
    bool same = row[8] != 0 && row[5] != 0;
    uint32_t count = 0;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      const Share share = job_.matters[i] == 0 ? none : shareOf(&job_.spanValues[i * kExtentFields]);
      const uint32_t slot = i - row[2];
      if (slot < sizeof shares_) shares_[slot] = share;
      if (share == none) continue;
      same = same && share == all && job_.pointsOf[i] == row[5] && count < kMostPoints && count < job_.members[0] &&
             job_.members[1 + count] == job_.idOf[i];
      count++;
    }
    return same && count == job_.members[0];
  }

  Share shareOf(const int32_t* span) const {
    if ((span[states] & kCounting) == 0 || span[mostScore] < rule_.leastScore) return none;
    if (span[mostHeight] < rule_.leastHeight || span[leastHeight] > rule_.greatestHeight) return none;
    if (!mayLie(span, rule_.anchor == Anchor::bottom ? leastBottom : top)) return none;
    if ((span[states] & ~kCounting) != 0 || span[leastScore] < rule_.leastScore || rule_.minArea > 0) return some;
    if (span[leastHeight] < rule_.leastHeight || span[mostHeight] > rule_.greatestHeight) return some;
    if (rule_.anchor != Anchor::bottom) return some;
    return polygon_.share(place(span[leastMiddle] / 2.0) - kWider, place(span[leastBottom]) - kWider,
                          place(span[mostMiddle] / 2.0) + kWider, place(span[bottom]) + kWider);
  }

  void scan(size_t block) {
    const uint32_t* at = row(block);
    for (uint32_t entry = at[0]; entry < at[1]; entry++) {
      if (!isLooked(entry)) continue;
      const uint32_t count = membersAt(at, entry, true, now_);
      bool same = count == job_.members[0];
      for (uint32_t i = 0; same && i < count; i++) same = job_.members[1 + i] == idAt(at, now_[i]);
      if (!same) tell(block, entry, count);
      before_ = entry;
      beforeBlock_ = block;
    }
  }

  uint32_t idAt(const uint32_t* row, uint32_t point) const { return job_.idOf[row[2] + slotAt(point)]; }
  uint32_t slotAt(uint32_t point) const { return word(&job_.bytes[point]) & 0x3fff; }

  // Where the points of those lie who are members at an entry. Returns how many.
  uint32_t membersAt(const uint32_t* row, uint32_t entry, bool hasShares, uint32_t* found) const {
    uint32_t count = 0, at = job_.pointsAt[entry];
    const uint32_t tracks = row[3] - row[2];
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count || count == kMostPoints) break;
      const uint32_t slot = slotAt(at);
      if (slot >= tracks || job_.matters[row[2] + slot] == 0) continue;
      const Share share = hasShares && slot < sizeof shares_ ? static_cast<Share>(shares_[slot]) : some;
      if (share == all || (share == some && isMember(&job_.bytes[at]))) found[count++] = at;
    }
    return count;
  }

  // `Membership.is`.
  bool isMember(const uint8_t* point) const {
    const int32_t score = word(point + 2) & 0x3fff, state = point[3] >> 6;
    const int32_t x1 = word(point + 4), y1 = word(point + 6), wide = word(point + 8), high = word(point + 10);
    if ((kCounting >> state & 1) == 0 || score < rule_.leastScore) return false;
    if (high < rule_.leastHeight || high > rule_.greatestHeight) return false;
    const double x = place(x1), y = place(y1), width = wide / kBoxSteps, height = high / kBoxSteps;
    if (width * height < rule_.minArea) return false;
    if (rule_.anchor == Anchor::any) return touches(x, y, width, height);
    return isIn(clamp(x + width / 2), clamp(rule_.anchor == Anchor::bottom ? y + height : y + height / 2));
  }

  // `isIn` of gateway/analysis/zones/zone.ts.
  bool isIn(double x, double y) const {
    if (x < rule_.x - kBoundsHair || x > rule_.x + rule_.width + kBoundsHair) return false;
    if (y < rule_.y - kBoundsHair || y > rule_.y + rule_.height + kBoundsHair) return false;
    return polygon_.contains(x, y);
  }

  // `touches` of zone.ts.
  bool touches(double x, double y, double width, double height) const {
    const double farX = x + width, farY = y + height;
    const Spot spots[] = {{x, y}, {farX, y}, {x, farY}, {farX, farY}, {x + width / 2, y + height / 2}};
    for (const Spot& spot : spots)
      if (polygon_.contains(spot.x, spot.y)) return true;
    for (size_t i = 0; i < polygon_.corners(); i++) {
      const Spot p = polygon_.corner(i);
      if (p.x >= x && p.x <= farX && p.y >= y && p.y <= farY) return true;
    }
    return false;
  }

  // Others are members from here on: those whose points lie at `now_`.
  void tell(size_t block, uint32_t entry, uint32_t count) {
    uint32_t* to = &job_.changes[written_];
    uint32_t was = 0;
    if (before_ != kNone && job_.members[0] != 0) was = membersAt(row(beforeBlock_), before_, false, was_);
    to[0] = entry;
    to[1] = count;
    to[2] = before_;
    to[3] = was;
    if (count > 0) memcpy(to + kRecord, now_, count * sizeof *now_);
    if (was > 0) memcpy(to + kRecord + count, was_, was * sizeof *was_);
    written_ += kRecord + count + was;
    job_.members[0] = count;
    for (uint32_t i = 0; i < count; i++) job_.members[1 + i] = idAt(row(block), now_[i]);
  }

  const MembersJob& job_;
  const MembersRule& rule_;
  const Polygon polygon_;
  // Of the block in hand, by slot, as far as there is room; of others each point is looked at.
  uint8_t shares_[1024];
  uint32_t now_[kMostPoints], was_[kMostPoints];
  // The newest entry that was looked at.
  uint32_t before_ = kNone;
  size_t beforeBlock_ = 0;
  size_t written_ = 0;
};

}  // namespace

MembersFound memberChanges(const MembersJob& job) { return Members(job).run(); }

}  // namespace xueliang
