#include "log-heads.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr uint8_t kHeadRecord = 6, kFrameRecord = 1, kPlain = 1, kOrdered = 2, kAspect = 4, kLookedTracks = 1;
constexpr size_t kPointBytes = 16, kFrameBytes = 3, kTrackBytes = 25, kExtentBytes = 23, kMostFrames = 0xffff;
constexpr uint32_t kLookedBit = 0x8000, kStepBits = 0x3fff;
// Fields of a group whose value is told in whole steps and kept in half ones.
constexpr size_t kLeastMiddle = 3, kGreatestMiddle = 8, kStates = 11;
// "This far or further", in a head and in a group.
constexpr int32_t kFar = 0xffff, kBeyond = 0x3ffff;

template <typename T>
T load(const uint8_t* at) {
  T value;
  memcpy(&value, at, sizeof value);
  return value;
}

// Where a block's parts are, after its lengths have been checked.
struct Layout {
  size_t tracks, tracksAt, frames, framesAt, extentsAt, restAt, pointsAt;
};

class Heads {
 public:
  explicit Heads(const HeadsJob& job) : job_(job) {}

  bool take(size_t from, size_t end) {
    Layout layout;
    if (!lay(from, end, &layout) || !fits(layout)) return false;
    const uint32_t entry = job_.counts[0], appearance = job_.counts[1];
    uint32_t looked = 0;
    if (!readFrames(load<double>(at(from)), layout, end, &looked)) return false;
    uint32_t* row = &job_.rows[rows_ * kRowFields];
    row[4] = readTracks(layout);
    row[0] = entry;
    row[1] = job_.counts[0] = entry + static_cast<uint32_t>(layout.frames);
    row[2] = appearance;
    row[3] = job_.counts[1] = appearance + static_cast<uint32_t>(layout.tracks);
    row[5] = looked;
    row[6] = static_cast<uint32_t>(layout.framesAt);
    row[7] = static_cast<uint32_t>(layout.restAt);
    row[8] = (*at(from + 9) & kOrdered) != 0;
    job_.counts[2]++;
    rows_++;
    return true;
  }

 private:
  const uint8_t* at(size_t offset) const { return job_.bytes.at + offset; }

  // The byte after a text; 0 when its label is not known. The number is the newest of `names_` then.
  size_t name(size_t offset, size_t end) {
    if (offset >= end || offset + 1 + *at(offset) > end || named_ == sizeof names_) return 0;
    const size_t length = *at(offset);
    size_t number = 0, size = 0;
    for (size_t known = 0; known < job_.labels.count; known += size + 1, number++) {
      size = job_.labels[known];
      if (size != length || known + size >= job_.labels.count) continue;
      if (memcmp(job_.labels.at + known + 1, at(offset + 1), length) != 0) continue;
      if (number > 254) return 0;
      names_[named_++] = static_cast<uint8_t>(number);
      return offset + 1 + length;
    }
    return 0;
  }

  // Finds every part of a plain block, and the number of each track's label.
  bool lay(size_t from, size_t end, Layout* out) {
    if (end > job_.bytes.count || from > end || end - from < 17 || *at(from + 8) != kHeadRecord) return false;
    const uint8_t flags = *at(from + 9);
    const size_t points = load<uint32_t>(at(from + 10));
    if ((flags & kPlain) == 0 || points > (end - from) / kPointBytes) return false;
    out->pointsAt = end - points * kPointBytes;
    const size_t limit = out->pointsAt;
    named_ = 0;
    size_t offset = from + 15;
    for (size_t left = *at(from + 14); left > 0; left--)
      if ((offset = name(offset, limit)) == 0) return false;
    if (offset + 2 > limit) return false;
    out->tracks = load<uint16_t>(at(offset));
    out->tracksAt = offset += 2;
    for (size_t i = 0; i < out->tracks; i++) {
      if (offset + kTrackBytes > limit) return false;
      // A label that is told with its track, as no block of this release has it, is beyond them too.
      if (*at(offset + 4) >= named_) return false;
      offset += kTrackBytes;
    }
    if ((flags & kAspect) != 0) offset += 4;
    if (offset + 4 > limit) return false;
    out->frames = load<uint32_t>(at(offset));
    out->framesAt = offset + 4;
    if (out->frames > kMostFrames) return false;
    out->extentsAt = out->framesAt + out->frames * kFrameBytes;
    out->restAt = out->extentsAt + out->tracks * (2 + kExtentBytes);
    return out->restAt <= limit;
  }

  bool fits(const Layout& layout) const {
    const size_t entries = job_.counts[0] + layout.frames, appearances = job_.counts[1] + layout.tracks;
    const size_t paths = job_.counts[3] + layout.tracks, groups = job_.spanValues.count / kExtentFields;
    return entries <= job_.kind.count && appearances <= job_.idOf.count && appearances <= groups &&
           (job_.counts[2] + 1ull) * kExtentFields <= job_.blockValues.count && paths <= job_.ids.count &&
           paths * kExtentFields <= job_.pathValues.count && paths * 2 <= job_.table.count &&
           (rows_ + 1) * kRowFields <= job_.rows.count;
  }

  bool readFrames(double nowMs, const Layout& layout, size_t end, uint32_t* looked) {
    const size_t entry = job_.counts[0];
    size_t point = layout.pointsAt;
    for (size_t i = 0; i < layout.frames; i++) {
      const uint32_t frame = load<uint16_t>(at(layout.framesAt + 2 * i));
      const uint32_t points = *at(layout.framesAt + 2 * layout.frames + i);
      const bool isLooked = (frame & kLookedBit) != 0;
      nowMs += frame & kStepBits;
      job_.kind[entry + i] = kFrameRecord;
      job_.nowMs[entry + i] = nowMs;
      job_.looked[entry + i] = isLooked ? kLookedTracks : 0;
      job_.pointCount[entry + i] = static_cast<uint16_t>(points);
      job_.pointsAt[entry + i] = static_cast<uint32_t>(point);
      point += points * kPointBytes;
      *looked += isLooked;
    }
    return point == end;
  }

  // The bits of all labels.
  uint32_t readTracks(const Layout& layout) {
    uint32_t bits = 0;
    int32_t* block = openGroup(job_.blockValues, job_.counts[2]);
    for (size_t i = 0; i < layout.tracks; i++) {
      const size_t appearance = job_.counts[1] + i, offset = layout.tracksAt + i * kTrackBytes;
      const uint32_t id = load<uint32_t>(at(offset));
      const uint8_t number = names_[*at(offset + 4)];
      bits |= 1u << (number < 31 ? number : 31);
      const uint32_t path = pathOf(id);
      job_.idOf[appearance] = id;
      job_.labelOf[appearance] = number;
      job_.toldAt[appearance] = static_cast<uint32_t>(offset + 5);
      job_.pathOf[appearance] = path;
      const uint8_t* extent = at(layout.extentsAt + i * (2 + kExtentBytes));
      job_.pointsOf[appearance] = load<uint16_t>(extent);
      int32_t* span = &job_.spanValues[appearance * kExtentFields];
      readExtent(extent + 2, span);
      merge(span, block);
      merge(span, &job_.pathValues[path * kExtentFields]);
    }
    return bits;
  }

  static int32_t* openGroup(Cells<int32_t> values, size_t group) {
    int32_t* to = &values[group * kExtentFields];
    for (size_t i = 0; i < kLeasts; i++) to[i] = 0x7fffffff;
    for (size_t i = kLeasts; i < kStates; i++) to[i] = -1;
    to[kStates] = 0;
    return to;
  }

  static void readExtent(const uint8_t* from, int32_t* to) {
    for (size_t i = 0; i < kStates; i++) to[i] = load<uint16_t>(from + 2 * i);
    for (size_t i = kLeasts; i < kStates; i++)
      if (to[i] == kFar) to[i] = kBeyond;
    to[kLeastMiddle] *= 2;
    to[kGreatestMiddle] *= 2;
    to[kStates] = from[2 * kStates];
  }

  static void merge(const int32_t* from, int32_t* to) {
    for (size_t i = 0; i < kLeasts; i++) to[i] = from[i] < to[i] ? from[i] : to[i];
    for (size_t i = kLeasts; i < kStates; i++) to[i] = from[i] > to[i] ? from[i] : to[i];
    to[kStates] |= from[kStates];
  }

  // The path of an id; a new one where there is none yet. There is room: `fits`.
  uint32_t pathOf(uint32_t id) {
    const size_t mask = job_.table.count - 1;
    const uint32_t known = job_.counts[3];
    size_t place = (id * 0x9e3779b1u >> 7) & mask;
    for (; job_.table[place] != 0; place = (place + 1) & mask)
      if (job_.table[place] <= known && job_.ids[job_.table[place] - 1] == id) return job_.table[place] - 1;
    job_.ids[known] = id;
    job_.table[place] = job_.counts[3] = known + 1;
    openGroup(job_.pathValues, known);
    return known;
  }

  const HeadsJob& job_;
  size_t rows_ = 0;
  // Numbers of the labels of the block in hand, in the order in which it tells them.
  uint8_t names_[255];
  size_t named_ = 0;
};

}  // namespace

size_t readHeads(const HeadsJob& job) {
  Heads heads(job);
  size_t taken = 0;
  while (2 * taken + 1 < job.spans.count && heads.take(job.spans[2 * taken], job.spans[2 * taken + 1])) taken++;
  return taken;
}

}  // namespace xueliang
