#include "log-exports.h"

#include "instance.h"
#include "log-anglers.h"
#include "log-blocks.h"
#include "log-heads.h"
#include "log-members.h"
#include "log-sides.h"

namespace xueliang {
namespace {

constexpr size_t kCounts = 4;

template <typename T, typename Other>
void alike(Arguments& in, const char* name, const Cells<T>& cells, const Cells<Other>& others) {
  if (cells.count != others.count) in.refuse(name, "has another length than the first of its kind");
}

int32_t whole(double number) {
  constexpr double kFar = 1 << 30;
  return static_cast<int32_t>(number > kFar ? kFar : number < -kFar ? -kFar : number);
}

}  // namespace

// wholeBlocks(bytes, at, spans): how many numbers were written
napi_value WholeBlocks(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const auto bytes = in.cells<const uint8_t>("bytes");
  const auto at = static_cast<size_t>(in.whole("at", 0, 0x7fffffff));
  const auto spans = in.cells<uint32_t>("spans");
  if (in.failed()) return nullptr;
  return number(env, static_cast<double>(wholeBlocks(bytes.at, bytes.count, at, spans.at, spans.count)));
}

// readHeads(bytes, spans, counts, labels, kind, looked, nowMs, pointCount, pointsAt, labelOf, idOf, toldAt, pathOf, pointsOf,
//           spanValues, blockValues, pathValues, rows, ids, table): how many blocks were taken in
napi_value ReadHeads(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  HeadsJob job;
  job.bytes = in.cells<const uint8_t>("bytes");
  job.spans = in.cells<const uint32_t>("spans");
  job.counts = in.counts("counts", kCounts);
  job.labels = in.cells<const uint8_t>("labels");
  job.kind = in.cells<uint8_t>("kind");
  job.looked = in.cells<uint8_t>("looked");
  job.nowMs = in.cells<double>("nowMs");
  job.pointCount = in.cells<uint16_t>("pointCount");
  job.pointsAt = in.cells<uint32_t>("pointsAt");
  job.labelOf = in.cells<uint8_t>("labelOf");
  job.idOf = in.cells<uint32_t>("idOf");
  job.toldAt = in.cells<uint32_t>("toldAt");
  job.pathOf = in.cells<uint32_t>("pathOf");
  job.pointsOf = in.cells<uint32_t>("pointsOf");
  job.spanValues = in.cells<int32_t>("spanValues");
  job.blockValues = in.cells<int32_t>("blockValues");
  job.pathValues = in.cells<int32_t>("pathValues");
  job.rows = in.cells<uint32_t>("rows");
  job.ids = in.cells<uint32_t>("ids");
  job.table = in.cells<uint32_t>("table");
  alike(in, "looked", job.looked, job.kind);
  alike(in, "nowMs", job.nowMs, job.kind);
  alike(in, "pointCount", job.pointCount, job.kind);
  alike(in, "pointsAt", job.pointsAt, job.kind);
  alike(in, "idOf", job.idOf, job.labelOf);
  alike(in, "toldAt", job.toldAt, job.labelOf);
  alike(in, "pathOf", job.pathOf, job.labelOf);
  alike(in, "pointsOf", job.pointsOf, job.labelOf);
  if ((job.table.count & (job.table.count - 1)) != 0) in.refuse("table", "must hold a power of two of numbers");
  if (in.failed()) return nullptr;
  return number(env, static_cast<double>(readHeads(job)));
}

namespace {

// Of each zone: anchor, the box around it, how many corners, these. Returns how many.
size_t zones(Arguments& in, const char* name, Zone* to) {
  constexpr size_t kFields = 6;
  const auto numbers = in.cells<const double>(name);
  size_t at = 0, count = 0;
  for (; count < kMostZones && numbers.count - at > kFields; count++) {
    const double* zone = &numbers[at];
    const double most = static_cast<double>((numbers.count - at - kFields) / 2);
    if (!(zone[5] >= 1) || zone[5] > most) break;
    const Cells<const double> corners{zone + kFields, 2 * static_cast<size_t>(zone[5])};
    to[count] = {anchorOf(zone[0]), zone[1], zone[2], zone[3], zone[4], Polygon(corners)};
    at += kFields + corners.count;
  }
  if (at < numbers.count) in.refuse(name, "must be at most 32 with their corners");
  return count;
}

// What the rules of a job have in common, in the order of `MembersJob`.
void rule(Arguments& in, MembersJob& job) {
  constexpr size_t kNumbers = 11;
  const double* numbers = in.doubles("rule", kNumbers);
  if (in.failed()) return;
  job.labelBits = static_cast<uint32_t>(static_cast<int64_t>(numbers[0]));
  job.limits = {whole(numbers[1]), whole(numbers[2]), whole(numbers[3]), numbers[4]};
  job.wanted = static_cast<uint8_t>(whole(numbers[5]) & 0xff);
  job.companyReach = numbers[6];
  job.brings = numbers[7] != 0;
  job.reach = {numbers[8], numbers[9]};
  job.heedsCompany = numbers[10] != 0;
}

// Of each of up to `most` rules, its own zone and those that have the same rule, as bits of `zoneCount`.
Cells<const Water> waters(Arguments& in, size_t most, size_t zoneCount) {
  const auto bits = in.cells<const uint32_t>("waters");
  const Cells<const Water> waters{reinterpret_cast<const Water*>(bits.at), bits.count / 2};
  if (in.failed()) return waters;
  if (waters.count < 1 || waters.count > most) in.refuse("waters", "must be of one rule at least, and of no more than are known");
  const uint32_t known = zoneCount == kMostZones ? ~0u : (1u << zoneCount) - 1;
  for (size_t i = 0; i < waters.count; i++)
    if (waters[i].own == 0 || ((waters[i].own | waters[i].others) & ~known) != 0) in.refuse("waters", "must be of zones that are there");
  return waters;
}

// Whether a block's entries and appearances are there.
bool isThere(const MembersJob& job, const uint32_t* row) {
  return row[0] <= row[1] && row[1] <= job.looked.count && row[2] <= row[3] && row[3] <= job.matters.count;
}

}  // namespace

// memberChanges(bytes, rows, extents, looked, pointCount, pointsAt, idOf, pointsOf, matters, labelOf, spanValues, roles, rule,
//               zones, waters, members, changes, done): writes how many blocks, and numbers of each rule, into done
napi_value MemberChanges(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  MembersJob job;
  job.bytes = in.cells<const uint8_t>("bytes");
  job.rows = in.cells<const uint32_t>("rows");
  job.extents = in.cells<const int32_t>("extents");
  job.looked = in.cells<const uint8_t>("looked");
  job.pointCount = in.cells<const uint16_t>("pointCount");
  job.pointsAt = in.cells<const uint32_t>("pointsAt");
  job.idOf = in.cells<const uint32_t>("idOf");
  job.pointsOf = in.cells<const uint32_t>("pointsOf");
  job.matters = in.cells<const uint8_t>("matters");
  job.labelOf = in.cells<const uint8_t>("labelOf");
  job.spanValues = in.cells<const int32_t>("spanValues");
  job.roles = in.bytes("roles", kLabels);
  rule(in, job);
  job.zoneCount = zones(in, "zones", job.zones);
  job.waters = waters(in, kMostRules, job.zoneCount);
  job.members = in.counts("members", job.waters.count * kMembers);
  job.changes = in.cells<uint32_t>("changes");
  uint32_t* done = in.counts("done", 1 + job.waters.count);
  alike(in, "pointCount", job.pointCount, job.looked);
  alike(in, "pointsAt", job.pointsAt, job.looked);
  alike(in, "pointsOf", job.pointsOf, job.idOf);
  alike(in, "labelOf", job.labelOf, job.idOf);
  if (job.matters.count > job.idOf.count || job.spanValues.count / kExtentFields < job.idOf.count)
    in.refuse("matters", "must be no longer than the appearances, each with its extent");
  const size_t blocks = job.rows.count / kRowFields;
  if (job.extents.count / kExtentFields < blocks) in.refuse("extents", "must hold one of each block");
  for (size_t i = 0; !in.failed() && i < blocks; i++)
    if (!isThere(job, &job.rows[i * kRowFields])) in.refuse("rows", "must be of entries and appearances that are there");
  if (in.failed()) return nullptr;
  const MembersFound found = memberChanges(job, instanceOf(env)->crew);
  done[0] = static_cast<uint32_t>(found.blocks);
  for (size_t r = 0; r < job.waters.count; r++) done[1 + r] = static_cast<uint32_t>(found.words[r]);
  return nothing(env);
}

// countAnglers(bytes, rows, looked, pointCount, pointsAt, idOf, labelOf, spanValues, roles, rule, zones, waters, counts, stride,
//              doubts, blockStride)
napi_value CountAnglers(napi_env env, napi_callback_info info) {
  constexpr size_t kNumbers = 9;
  Arguments in(env, info);
  AnglersJob job;
  job.bytes = in.cells<const uint8_t>("bytes");
  job.rows = in.cells<const uint32_t>("rows");
  job.looked = in.cells<const uint8_t>("looked");
  job.pointCount = in.cells<const uint16_t>("pointCount");
  job.pointsAt = in.cells<const uint32_t>("pointsAt");
  job.idOf = in.cells<const uint32_t>("idOf");
  job.labelOf = in.cells<const uint8_t>("labelOf");
  job.spanValues = in.cells<const int32_t>("spanValues");
  job.roles = in.bytes("roles", kLabels);
  const double* rule = in.doubles("rule", kNumbers);
  if (in.failed()) return nullptr;
  const int32_t leastScore = whole(rule[0]);
  job.sure = {leastScore, 0, whole(rule[1]), 0};
  job.rods = {leastScore, whole(rule[2]), whole(rule[3]), rule[4]};
  job.clearScore = rule[5];
  job.reach = {rule[6], rule[7]};
  job.threshold = rule[8];
  job.zoneCount = zones(in, "zones", job.zones);
  if (job.zoneCount == 0) in.refuse("zones", "must hold at least one");
  const auto waters = in.cells<const uint32_t>("waters");
  static_assert(sizeof(Water) == 2 * sizeof(uint32_t), "a rule is two numbers");
  job.waters = {reinterpret_cast<const Water*>(waters.at), waters.count / 2};
  job.counts = in.cells<uint8_t>("counts");
  job.stride = static_cast<size_t>(in.whole("stride", 1, 0x7fffffff));
  job.doubts = in.cells<uint8_t>("doubts");
  job.blockStride = static_cast<size_t>(in.whole("blockStride", 1, 0x7fffffff));
  alike(in, "pointCount", job.pointCount, job.looked);
  alike(in, "pointsAt", job.pointsAt, job.looked);
  alike(in, "labelOf", job.labelOf, job.idOf);
  if (job.spanValues.count / kExtentFields < job.idOf.count) in.refuse("spanValues", "must hold an extent of each appearance");
  const size_t blocks = job.rows.count / kRowFields;
  if (in.failed() || blocks == 0 || job.waters.count == 0) return nullptr;
  if (job.waters.count > kMostZones) in.refuse("waters", "must be at most 32");
  else if (blocks > job.blockStride || (job.waters.count - 1) * job.blockStride + blocks > job.doubts.count)
    in.refuse("doubts", "must have room for every block");
  const uint32_t first = job.rows[0];
  for (size_t i = 0; i < blocks; i++) {
    const uint32_t* row = &job.rows[i * kRowFields];
    if (row[0] < first || row[0] > row[1] || row[1] > job.looked.count || row[2] > row[3] || row[3] > job.idOf.count)
      in.refuse("rows", "must be of entries and appearances that are there");
    else if (row[1] - first > job.stride || ((job.waters.count - 1) * job.stride + row[1] - first) * kCounted > job.counts.count)
      in.refuse("counts", "must have room for every entry from the first on");
  }
  if (in.failed()) return nullptr;
  countAnglers(job, instanceOf(env)->crew);
  return nothing(env);
}

// sideChanges(bytes, rows, looked, pointCount, pointsAt, pathOf, matters, spanValues, times, first, rule, polygon, sights, told,
//             done): writes how many blocks, and how many are told of, into done
napi_value SideChanges(napi_env env, napi_callback_info info) {
  constexpr size_t kNumbers = 11;
  Arguments in(env, info);
  SidesJob job;
  job.bytes = in.cells<const uint8_t>("bytes");
  job.rows = in.cells<const uint32_t>("rows");
  job.looked = in.cells<const uint8_t>("looked");
  job.pointCount = in.cells<const uint16_t>("pointCount");
  job.pointsAt = in.cells<const uint32_t>("pointsAt");
  job.pathOf = in.cells<const uint32_t>("pathOf");
  job.matters = in.cells<const uint8_t>("matters");
  job.spanValues = in.cells<const int32_t>("spanValues");
  job.times = in.cells<const double>("times");
  job.first = static_cast<uint32_t>(in.whole("first", 0, 0x7fffffff));
  const double* rule = in.doubles("rule", kNumbers);
  job.zone.polygon = Polygon(in.cells<const double>("polygon"));
  const auto sights = in.cells<uint32_t>("sights");
  const auto told = in.cells<uint32_t>("told");
  uint32_t* done = in.counts("done", 2);
  if (in.failed()) return nullptr;
  job.limits = {whole(rule[0]), whole(rule[1]), whole(rule[2]), rule[3]};
  job.zone.anchor = anchorOf(rule[4]);
  job.zone.x = rule[5];
  job.zone.y = rule[6];
  job.zone.width = rule[7];
  job.zone.height = rule[8];
  job.holdMs = rule[9];
  job.forgetMs = rule[10];
  job.sights = {reinterpret_cast<Sights*>(sights.at), sights.count * sizeof(uint32_t) / sizeof(Sights)};
  job.told = {reinterpret_cast<Told*>(told.at), told.count * sizeof(uint32_t) / sizeof(Told)};
  alike(in, "pointCount", job.pointCount, job.looked);
  alike(in, "pointsAt", job.pointsAt, job.looked);
  if (job.matters.count > job.pathOf.count || job.spanValues.count / kExtentFields < job.matters.count)
    in.refuse("matters", "must be no longer than the appearances, each with its extent");
  for (size_t i = 0; !in.failed() && i < job.rows.count / kRowFields; i++) {
    const uint32_t* row = &job.rows[i * kRowFields];
    if (row[0] < job.first || row[0] > row[1] || row[1] > job.looked.count || row[2] > row[3] || row[3] > job.matters.count)
      in.refuse("rows", "must be of entries and appearances that are there");
    else if (row[1] - job.first >= job.times.count) in.refuse("times", "must hold one of each entry and one more");
  }
  if (in.failed()) return nullptr;
  const SidesFound found = sideChanges(job);
  done[0] = static_cast<uint32_t>(found.blocks);
  done[1] = static_cast<uint32_t>(found.told);
  return nothing(env);
}

}  // namespace xueliang
