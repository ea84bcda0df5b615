#include "log-sides.h"

namespace xueliang {
namespace {

constexpr double kWider = 1 / kBoxSteps;
// Of an appearance: outside, inside, to be looked at point by point, of no matter to the rule.
enum Side : uint8_t { out, in, unsure, nowhere };

class Sides {
 public:
  explicit Sides(const SidesJob& job) : job_(job) {}

  SidesFound run() {
    const size_t blocks = job_.rows.count / kRowFields;
    size_t block = 0;
    for (; block < blocks && hasRoom(row(block)); block++) pass(row(block));
    return {block, written_};
  }

 private:
  const uint32_t* row(size_t block) const { return &job_.rows[block * kRowFields]; }
  bool isLooked(uint32_t entry) const { return (job_.looked[entry] & kSights) == kSight; }
  double timeAt(uint32_t entry) const { return job_.times[entry - job_.first + 1]; }
  double timeBefore(uint32_t entry) const { return job_.times[entry - job_.first]; }

  bool hasRoom(const uint32_t* row) const {
    size_t points = 0;
    for (uint32_t entry = row[0]; entry < row[1]; entry++) points += job_.pointCount[entry];
    return points <= job_.told.count - written_;
  }

  void pass(const uint32_t* row) {
    if (!findSides(row)) return;
    if (stayAll(row)) noteNewest(row);
    else for (uint32_t entry = row[0]; entry < row[1]; entry++)
      if (isLooked(entry)) follow(row, entry);
  }

  // On which side each appearance of a block is all through it. Whether anybody matters.
  bool findSides(const uint32_t* row) {
    bool any = false;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      const Side side = job_.matters[i] == 0 || job_.pathOf[i] >= job_.sights.count ? nowhere : sideOf(&job_.spanValues[i * kExtentFields]);
      if (i - row[2] < kSlots) sides_[i - row[2]] = side;
      any = any || side != nowhere;
    }
    return any;
  }

  Side sideOf(const int32_t* span) const {
    if (job_.zone.anchor != Anchor::bottom) return unsure;
    const Share share = job_.zone.polygon.share(place(span[kLeastMiddle] / 2.0) - kWider, place(span[kLeastBottom]) - kWider,
                                                place(span[kMostMiddle] / 2.0) + kWider, place(span[kBottom]) + kWider);
    return share == all ? in : share == none ? out : unsure;
  }

  // Whether everybody of a block is believed on the side on which he stays all through it.
  bool stayAll(const uint32_t* row) {
    if (row[8] == 0 || row[5] < row[1] - row[0] || row[3] - row[2] > kSlots) return false;
    const double fromT = timeAt(row[0]), untilT = timeAt(row[1] - 1);
    for (uint32_t i = row[2]; i < row[3]; i++) {
      const uint8_t side = sides_[i - row[2]];
      if (side == nowhere) continue;
      Sights& path = job_.sights[job_.pathOf[i]];
      // Two of one id are told one after the other.
      if (side == unsure || path.block == row[0] + 1 || !countAll(&job_.spanValues[i * kExtentFields])) return false;
      path.block = row[0] + 1;
      if ((path.state & Sights::believed) == 0 || (path.state & Sights::inside) != bitOf(side)) return false;
      if (!isOfRun(path.entry) || untilT - timeAt(path.entry) > job_.forgetMs || fromT <= timeAt(path.entry)) return false;
    }
    return true;
  }

  // Whether all points of an appearance count, for sure.
  bool countAll(const int32_t* span) const {
    const Limits& limits = job_.limits;
    return limits.minArea <= 0 && (span[kStates] & ~kCounting) == 0 && span[kLeastScore] >= limits.leastScore &&
           span[kLeastHeight] >= limits.leastHeight && span[kMostHeight] <= limits.greatestHeight;
  }

  static uint32_t bitOf(uint8_t side) { return side == in ? Sights::inside : static_cast<uint32_t>(0); }

  bool isOfRun(uint32_t entry) const { return entry >= job_.first && entry - job_.first + 1 < job_.times.count; }

  // Notes the newest two sights in a block of each who stays on his side.
  void noteNewest(const uint32_t* row) {
    uint32_t missing = 0;
    for (uint32_t i = row[2]; i < row[3]; i++) {
      seen_[i - row[2]] = 0;
      missing += sides_[i - row[2]] == nowhere ? 0 : 2;
    }
    for (uint32_t entry = row[1]; missing > 0 && entry-- > row[0];) {
      uint32_t at = job_.pointsAt[entry];
      for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
        if (at + kPointBytes > job_.bytes.count) break;
        const uint32_t slot = slotOf(&job_.bytes[at]);
        if (slot >= row[3] - row[2] || sides_[slot] == nowhere || seen_[slot] == 2 || !isSeen(&job_.bytes[at])) continue;
        noteEarlier(job_.sights[job_.pathOf[row[2] + slot]], seen_[slot]++, entry, at);
        missing--;
      }
    }
  }

  // The newest sight of a block comes first, then the one before it.
  static void noteEarlier(Sights& path, uint8_t seen, uint32_t entry, uint32_t at) {
    if (seen == 0) {
      path.beforeEntry = path.entry;
      path.beforeAt = path.at;
      path.entry = entry;
      path.at = at;
    } else {
      path.beforeEntry = entry;
      path.beforeAt = at;
    }
  }

  void follow(const uint32_t* row, uint32_t entry) {
    uint32_t at = job_.pointsAt[entry];
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count) break;
      const uint8_t* point = &job_.bytes[at];
      const uint32_t slot = slotOf(point), appearance = row[2] + slot;
      if (slot >= row[3] - row[2] || !isSeen(point)) continue;
      Side side = slot < kSlots ? static_cast<Side>(sides_[slot]) : job_.matters[appearance] == 0 ? nowhere : unsure;
      if (side == nowhere || job_.pathOf[appearance] >= job_.sights.count || !job_.limits.count(point)) continue;
      if (side == unsure) side = job_.zone.inside(boxOf(point)) ? in : out;
      if (!goesOn(job_.sights[job_.pathOf[appearance]], side, entry)) tell(job_.pathOf[appearance], entry, at);
      note(job_.sights[job_.pathOf[appearance]], entry, at);
    }
  }

  // Takes in a sight. Whether it is one more on the side on which the path is believed to be: SideMemory of side-memory.ts.
  bool goesOn(Sights& path, Side side, uint32_t entry) const {
    const uint32_t state = Sights::known | bitOf(side);
    const double lastT = (path.state & Sights::known) != 0 && isOfRun(path.entry) ? timeAt(path.entry) : 0;
    const bool isKnown = path.state != 0 && timeAt(entry) > lastT && timeBefore(entry) - lastT <= job_.forgetMs;
    if (!isKnown || (path.state & ~Sights::believed) != state) {
      path.state = state;
      path.since = entry;
      return false;
    }
    if ((path.state & Sights::believed) != 0) return true;
    if (isOfRun(path.since) && timeAt(entry) - timeAt(path.since) >= job_.holdMs) path.state |= Sights::believed;
    return false;
  }

  void tell(uint32_t path, uint32_t entry, uint32_t at) {
    const Sights& was = job_.sights[path];
    job_.told[written_++] = {entry, at, path, was.entry, was.at, was.beforeEntry, was.beforeAt};
  }

  static void note(Sights& path, uint32_t entry, uint32_t at) {
    path.beforeEntry = path.entry;
    path.beforeAt = path.at;
    path.entry = entry;
    path.at = at;
  }

  static constexpr size_t kSlots = 1024;
  const SidesJob& job_;
  // Of the block in hand, by slot, as far as there is room; of others each point is looked at.
  uint8_t sides_[kSlots], seen_[kSlots];
  size_t written_ = 0;
};

}  // namespace

SidesFound sideChanges(const SidesJob& job) { return Sides(job).run(); }

}  // namespace xueliang
