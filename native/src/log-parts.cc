// Members of several parts of a run at once: nobody knows at the beginning of a part who were members before it.
#include <cstring>

#include "log-members.h"

namespace xueliang {
namespace {

constexpr size_t kMostParts = 8, kLeastBlocks = 4;

// Some blocks that a thread goes through on its own, and what it found.
struct Part {
  size_t from, to;
  MembersFound found;
  // As in the job, at the end; and where others were told of first.
  uint32_t members[kMostRules * kMembers], first[kMostRules * kMembers];
};

// Every part has a room of its own among those for changes of each rule.
struct Shared {
  const MembersJob& job;
  Part parts[kMostParts];
  size_t room, stride;
  Portions portions;

  uint32_t* changesOf(size_t part) const { return job.changes.at + part * room; }
};

void find(void* on) {
  auto& shared = *static_cast<Shared*>(on);
  for (size_t i, end; shared.portions.take(i, end);) {
    Part& part = shared.parts[i];
    const MembersPart own{part.from, part.to, part.members, shared.changesOf(i), shared.room, shared.stride, part.first};
    part.found = memberChanges(shared.job, own);
  }
}

bool same(const uint32_t* a, const uint32_t* b) {
  return a[0] == b[0] && a[0] < kMembers && memcmp(a + 1, b + 1, a[0] * sizeof *a) == 0;
}

// Puts what a part found of a rule behind the `words` of those before it. Where it tells first of the very members that there were
// before it, nothing has changed. Returns how many words there are.
size_t append(const Shared& shared, size_t i, size_t rule, size_t words) {
  const Part& part = shared.parts[i];
  uint32_t* members = shared.job.members + rule * kMembers;
  const uint32_t *changes = shared.changesOf(i) + rule * shared.stride, *last = part.members + rule * kMembers;
  size_t more = part.found.words[rule];
  if (i > 0 && more > 0 && same(part.first + rule * kMembers, members)) {
    const size_t record = kRecord + changes[1] + changes[3];
    changes += record;
    more -= record;
  }
  memmove(shared.changesOf(0) + rule * shared.stride + words, changes, more * sizeof *changes);
  if (last[0] != kUnknown) memcpy(members, last, kMembers * sizeof *members);
  return words + more;
}

// Puts together what the parts found, up to the first that had no room for all.
MembersFound together(const Shared& shared, size_t parts) {
  MembersFound found{};
  for (size_t i = 0; i < parts; i++) {
    const Part& part = shared.parts[i];
    for (size_t r = 0; r < shared.job.waters.count; r++) found.words[r] = append(shared, i, r, found.words[r]);
    found.blocks += part.found.blocks;
    if (part.found.blocks < part.to - part.from) break;
  }
  return found;
}

}  // namespace

MembersFound memberChanges(const MembersJob& job, Crew& crew) {
  const size_t blocks = job.rows.count / kRowFields, most = blocks / kLeastBlocks;
  const size_t parts = most < 1 ? 1 : most < kMostParts ? most : kMostParts;
  const size_t stride = job.changes.count / job.waters.count;
  Shared shared{job, {}, stride / parts, stride, {parts, 1}};
  for (size_t i = 0; i < parts; i++) {
    Part& part = shared.parts[i];
    part.from = i * blocks / parts;
    part.to = (i + 1) * blocks / parts;
    for (size_t r = 0; r < job.waters.count; r++) part.members[r * kMembers] = part.first[r * kMembers] = kUnknown;
  }
  memcpy(shared.parts[0].members, job.members, job.waters.count * kMembers * sizeof *job.members);
  crew.sideBySide(find, &shared);
  const MembersFound found = together(shared, parts);
  // Of a block for which a part of the room is too small there may be room in the whole.
  if (found.blocks > 0 || parts == 1) return found;
  return memberChanges(job, MembersPart{0, blocks, job.members, job.changes.at, stride, stride, nullptr});
}

}  // namespace xueliang
