// Members of several parts of a run at once: nobody knows at the beginning of a part who were members before it.
#include <cstring>

#include "log-members.h"

namespace xueliang {
namespace {

constexpr size_t kMostParts = 8, kLeastBlocks = 4;
// Numbers of a change before its points: how many are members is the second, how many were the fourth.
constexpr size_t kRecord = 4;

// Some blocks that a thread goes through on its own, and what it found.
struct Part {
  size_t from, to;
  MembersFound found;
  // As in the job, at the end; and where others were told of first.
  uint32_t members[kMembers], first[kMembers];
};

// Every part has a room of its own among those for changes.
struct Shared {
  const MembersJob& job;
  Part parts[kMostParts];
  size_t room;
  Portions portions;

  uint32_t* changesOf(size_t part) const { return job.changes.at + part * room; }
};

void find(void* on) {
  auto& shared = *static_cast<Shared*>(on);
  for (size_t i, end; shared.portions.take(i, end);) {
    Part& part = shared.parts[i];
    part.found = memberChanges(shared.job, MembersPart{part.from, part.to, part.members, {shared.changesOf(i), shared.room}, part.first});
  }
}

bool same(const uint32_t* a, const uint32_t* b) {
  return a[0] == b[0] && a[0] < kMembers && memcmp(a + 1, b + 1, a[0] * sizeof *a) == 0;
}

// Puts together what the parts found, up to the first that had no room for all. Where a part tells first of the very members
// that there were before it, nothing has changed.
MembersFound together(const Shared& shared, size_t parts) {
  const MembersJob& job = shared.job;
  MembersFound found{0, 0};
  for (size_t i = 0; i < parts; i++) {
    const Part& part = shared.parts[i];
    const uint32_t* changes = shared.changesOf(i);
    size_t words = part.found.words;
    if (i > 0 && words > 0 && same(part.first, job.members)) {
      const size_t record = kRecord + changes[1] + changes[3];
      changes += record;
      words -= record;
    }
    memmove(job.changes.at + found.words, changes, words * sizeof *changes);
    found.words += words;
    found.blocks += part.found.blocks;
    if (part.members[0] != kUnknown) memcpy(job.members, part.members, sizeof part.members);
    if (part.found.blocks < part.to - part.from) break;
  }
  return found;
}

}  // namespace

MembersFound memberChanges(const MembersJob& job, Crew& crew) {
  const size_t blocks = job.rows.count / kRowFields, most = blocks / kLeastBlocks;
  const size_t parts = most < 1 ? 1 : most < kMostParts ? most : kMostParts;
  Shared shared{job, {}, job.changes.count / parts, {parts, 1}};
  for (size_t i = 0; i < parts; i++) {
    Part& part = shared.parts[i];
    part.from = i * blocks / parts;
    part.to = (i + 1) * blocks / parts;
    part.members[0] = part.first[0] = kUnknown;
  }
  memcpy(shared.parts[0].members, job.members, sizeof shared.parts[0].members);
  crew.sideBySide(find, &shared);
  const MembersFound found = together(shared, parts);
  // Of a block for which a part of the room is too small there may be room in the whole.
  return found.blocks > 0 || parts == 1 ? found : memberChanges(job, MembersPart{0, blocks, job.members, job.changes, nullptr});
}

}  // namespace xueliang
