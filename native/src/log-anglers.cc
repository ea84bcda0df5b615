#include "log-anglers.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr double kScoreSteps = 10000, kStep = 1 / kBoxSteps;
// `unclearReach` and `fromEitherEnd` of holders.ts.
constexpr double kUnclearReach = 0.5, kFromEitherEnd = 0.25;
// `samePlace` of distinct.ts.
constexpr double kSamePlace = 0.6;
constexpr size_t kNobody = ~static_cast<size_t>(0);
constexpr uint32_t kAllZones = 0xffffffff;
// Blocks that a thread takes at a time: a few minutes, of which a quiet hour has less to count than a busy one.
constexpr size_t kPortion = 8;

// What a track of the block is, and the zones it comes near and those it never leaves, as bits.
struct Track {
  uint32_t near, in;
  uint8_t role;
};

struct Seen {
  Box box;
  double score;
  uint32_t id;
  // Of a person: the zones he comes near, those he stands in, those a rod brings him into.
  uint32_t near, in, brought;
  bool isSeen, isSure, isHere;
};

class Anglers {
 public:
  explicit Anglers(const AnglersJob& job) : job_(job), reach_(job.reach.rodReach), aspect_(job.reach.aspect) {}

  // Goes through the blocks `from` up to `to`, exclusive.
  void run(size_t from, size_t to) {
    const uint32_t first = job_.rows[0];
    for (size_t block = from; block < to; block++) {
      const uint32_t* row = &job_.rows[block * kRowFields];
      for (size_t w = 0; w < job_.waters.count; w++) memset(countsOf(w, row[0] - first), 0, (row[1] - row[0]) * kCounted);
      doubts_ = 0;
      const uint32_t end = isNear(row) ? row[1] : row[0];
      for (uint32_t entry = row[0]; entry < end; entry++)
        if (job_.pointCount[entry] > 0 && (job_.looked[entry] & kSights) == kSight) look(row, entry, entry - first);
      for (size_t w = 0; w < job_.waters.count; w++) job_.doubts[w * job_.blockStride + block] = doubts_ >> w & 1;
    }
  }

 private:
  uint8_t* countsOf(size_t water, size_t entry) const { return &job_.counts[(water * job_.stride + entry) * kCounted]; }

  // Finds out what each track of the block is to the rules, and where. Whether a person comes near any zone.
  bool isNear(const uint32_t* row) {
    uint32_t any = 0;
    for (uint32_t i = row[2]; i < row[3] && i - row[2] < kSlots; i++) {
      Track& track = track_[i - row[2]];
      track = {0, 0, job_.roles[job_.labelOf[i]]};
      if ((track.role & Role::person) != 0)
        for (size_t z = 0; z < job_.zoneCount; z++) putIn(job_.zones[z], 1u << z, &job_.spanValues[i * kExtentFields], track);
      any |= track.near;
    }
    return any != 0 || row[3] - row[2] > kSlots;
  }

  // Where a person of the block is to a zone. An anchor beside the picture counts as on its edge.
  void putIn(const Zone& zone, uint32_t bit, const int32_t* span, Track& track) const {
    const double farY = reach_ * span[kMostHeight] / kBoxSteps + kStep, farX = farY / aspect_ + kStep;
    const double x = place(span[kLeastMiddle] / 2.0) - kStep, farther = place(span[kMostMiddle] / 2.0) + kStep;
    const double y = place(span[kLeastBottom]) - kStep, lower = place(span[kBottom]) + kStep;
    if (zone.anchor != Anchor::bottom) {
      track.near |= bit;
    } else if (zone.polygon.share(x - farX, y - farY, farther + farX, lower + farY) != Share::none) {
      track.near |= bit;
      if (zone.polygon.share(x, y, farther, lower) == Share::all) track.in |= bit;
    }
  }

  Track trackAt(const uint32_t* row, uint32_t slot) const {
    return slot < kSlots ? track_[slot] : Track{kAllZones >> (kMostZones - job_.zoneCount), 0, job_.roles[job_.labelOf[row[2] + slot]]};
  }

  // Takes in the people and the rods of an entry, then counts for each rule.
  void look(const uint32_t* row, uint32_t entry, size_t to) {
    people_ = rods_ = 0;
    areOwned_ = false;
    uint32_t at = job_.pointsAt[entry], near = 0;
    for (uint32_t left = job_.pointCount[entry]; left > 0; left--, at += kPointBytes) {
      if (at + kPointBytes > job_.bytes.count) break;
      const uint8_t* point = &job_.bytes[at];
      const uint32_t slot = slotOf(point);
      if (slot >= row[3] - row[2] || stateOf(point) == kEnded) continue;
      const Track track = trackAt(row, slot);
      if ((track.role & Role::person) != 0 && people_ < kMostPoints) {
        person_[people_++] = seen(point, row[2] + slot, track);
        near |= track.near;
      }
      if ((track.role & Role::rod) != 0 && rods_ < kMostPoints && isSeen(point) && job_.rods.count(point))
        rod_[rods_++] = seen(point, row[2] + slot, {0, 0, 0});
    }
    if (near == 0) return;
    for (size_t i = 0; i < people_; i++) findZones(person_[i]);
    countAll(near, to);
  }

  Seen seen(const uint8_t* point, uint32_t appearance, const Track& track) const {
    return {boxOf(point), scoreOf(point) / kScoreSteps, job_.idOf[appearance], track.near, track.in, 0, isSeen(point),
            job_.sure.count(point), false};
  }

  void findZones(Seen& one) const {
    for (uint32_t left = one.near & ~one.in; left != 0; left &= left - 1) {
      const int z = __builtin_ctz(left);
      if (job_.zones[z].inside(one.box)) one.in |= 1u << z;
    }
    uint32_t left = one.near & ~one.in;
    for (size_t i = 0; i < rods_ && left != 0; i++) {
      Spot tip;
      if (job_.reach.reaches(one.box, rod_[i].box, tip)) left &= ~(one.brought |= broughtInto(left, one.box, rod_[i].box, tip));
    }
  }

  // Those of some zones into which a rod brings somebody: `rodIntoZone` of angling.ts, but for other zones.
  uint32_t broughtInto(uint32_t zones, const Box& person, const Box& rod, Spot tip) const {
    uint32_t brought = 0;
    for (; zones != 0; zones &= zones - 1) {
      const int z = __builtin_ctz(zones);
      if (Reach::isIn(job_.zones[z], rod, tip) && job_.reach.isAtEdge(job_.zones[z], person)) brought |= 1u << z;
    }
    return brought;
  }

  // Counts for one rule after the other; where the same people are there, the same is counted.
  void countAll(uint32_t near, size_t to) {
    uint64_t newest = 0;
    const uint8_t* counted = nullptr;
    for (size_t w = 0; w < job_.waters.count; w++) {
      const Water& water = job_.waters[w];
      if ((near & water.own) == 0) continue;
      const uint64_t here = findHere(water);
      if (here == 0) continue;
      uint8_t* counts = countsOf(w, to);
      if (counted != nullptr && here == newest && people_ < 64) memcpy(counts, counted, kCounted);
      else count(counts);
      if (counts[2] > job_.threshold * most(1, counts[1])) doubts_ |= 1u << w;
      newest = here;
      counted = counts;
    }
  }

  // Who is there, as bits of the first 64 people: `isAtZone` of angling.ts. Not 0 where anybody is.
  uint64_t findHere(const Water& water) {
    uint64_t here = 0;
    for (size_t i = 0; i < people_; i++) {
      Seen& one = person_[i];
      one.isHere = (one.in & water.own) != 0 || ((one.brought & water.own) != 0 && (one.in & water.others) == 0);
      if (one.isHere) here |= static_cast<uint64_t>(1) << (i & 63);
    }
    return here;
  }

  void count(uint8_t* to) {
    findOwners();
    size_t rods = 0;
    for (size_t i = 0; i < rods_; i++) rods += owner_[i] != kNobody && isHere(person_[owner_[i]].id);
    const Seen* apart[kMostPoints];
    size_t known = 0;
    for (size_t i = 0; i < people_; i++)
      if (isKnown(person_[i])) known = addDistinct(apart, known, person_[i]);
    size_t persons = known;
    for (size_t i = 0; i < people_; i++)
      if (isUnsure(person_[i])) persons = addDistinct(apart, persons, person_[i]);
    to[0] = static_cast<uint8_t>(persons);
    to[1] = static_cast<uint8_t>(known);
    to[2] = static_cast<uint8_t>(rods);
  }

  bool isHere(uint32_t id) const {
    for (size_t i = 0; i < people_; i++)
      if (person_[i].isHere && person_[i].id == id) return true;
    return false;
  }

  // Of the entry in hand, once for all rules.
  void findOwners() {
    if (areOwned_) return;
    areOwned_ = true;
    for (size_t i = 0; i < rods_; i++) owner_[i] = ownerOf(rod_[i]);
  }

  // `ownerOf` of holders.ts.
  size_t ownerOf(const Seen& rod) const {
    const bool isClear = rod.score >= job_.clearScore;
    size_t owner = kNobody;
    double nearest = isClear ? reach_ : kUnclearReach * reach_;
    for (size_t i = 0; i < people_; i++) {
      const Seen& person = person_[i];
      if (!person.isSure || (!isClear && liesAtFeet(rod.box, person.box))) continue;
      if (person.box.height <= 0 || isFar(rod.box, person.box, nearest, aspect_)) continue;
      const double distance = buttOf(rod.box, person.box, aspect_).nearer() / person.box.height;
      if (distance > nearest || (distance == nearest && owner != kNobody)) continue;
      nearest = distance;
      owner = i;
    }
    return owner;
  }

  static bool liesAtFeet(const Box& rod, const Box& person) {
    return rod.y > person.y + kFromEitherEnd * person.height && rod.farY() > person.y + (1 - kFromEitherEnd) * person.height;
  }

  static bool isKnown(const Seen& one) { return one.isHere && one.isSeen && one.isSure; }

  // Whether it may be a person of its own of whom the tracker is not sure: `isPiece` of distinct.ts.
  bool isUnsure(const Seen& one) const {
    if (!one.isHere || !one.isSeen || one.isSure) return false;
    for (size_t i = 0; i < people_; i++)
      if (person_[i].isSure && person_[i].isSeen && overlap(person_[i].box, one.box) > kSamePlace) return false;
    return true;
  }

  // Adds one who stands at a place of his own. Returns how many there are.
  size_t addDistinct(const Seen** apart, size_t count, const Seen& one) const {
    for (size_t i = 0; i < count; i++)
      if (isSame(*apart[i], one)) return count;
    apart[count] = &one;
    return count + 1;
  }

  bool isSame(const Seen& a, const Seen& b) const {
    if (overlap(a.box, b.box) <= kSamePlace) return false;
    if (sameFeet(a.box, b.box)) return true;
    if (least(a.score, b.score) >= job_.clearScore) return false;
    return sameHead(a.box, b.box) || isLegs(a.box, b.box) || isLegs(b.box, a.box);
  }

  bool sameFeet(const Box& a, const Box& b) const {
    const double dx = (a.middle() - b.middle()) * aspect_, dy = a.farY() - b.farY();
    return std::sqrt(dx * dx + dy * dy) < 0.25 * most(a.height, b.height);
  }

  bool sameHead(const Box& a, const Box& b) const {
    const double dx = (a.x + a.width / 2 - b.x - b.width / 2) * aspect_, dy = a.y - b.y;
    return std::sqrt(dx * dx + dy * dy) < most(a.height, b.height) / 7;
  }

  static bool isLegs(const Box& part, const Box& whole) {
    return part.farY() > whole.farY() && part.height < whole.height && part.width < whole.width;
  }

  static constexpr size_t kSlots = 1024;
  const AnglersJob& job_;
  const double reach_, aspect_;
  // Of the block in hand, by slot, as far as there is room.
  Track track_[kSlots];
  Seen person_[kMostPoints], rod_[kMostPoints];
  // Of each rod, who of the people holds it.
  size_t owner_[kMostPoints];
  size_t people_ = 0, rods_ = 0;
  bool areOwned_ = false;
  // Of the block in hand: the rules for which an entry has more rods than its persons may have.
  uint32_t doubts_ = 0;
};

// Threads write to the entries and blocks of their own portions alone.
struct Shared {
  const AnglersJob& job;
  Portions portions;
};

void count(void* on) {
  auto& shared = *static_cast<Shared*>(on);
  Anglers anglers(shared.job);
  for (size_t from, to; shared.portions.take(from, to);) anglers.run(from, to);
}

}  // namespace

void countAnglers(const AnglersJob& job, Crew& crew) {
  const size_t blocks = job.rows.count / kRowFields;
  Shared shared{job, {blocks, kPortion}};
  crew.sideBySide(count, &shared);
}

}  // namespace xueliang
