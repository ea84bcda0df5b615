// The exported functions and nothing else: they read arguments, call a kernel, hand back a number.
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "arguments.h"
#include "instance.h"
#include "log-exports.h"
#include "measures.h"
#include "notify.h"
#include "shared-file.h"

using namespace xueliang;
using namespace xueliang::baseline;

namespace {

// More blocks than this show nothing that a person could use.
constexpr int32_t kMaxGrid = 256;
constexpr int32_t kMaxShared = 0x7fffffff;

// A picture of which the caller names width and height, then the bytes.
Yuv yuv(Arguments& in) {
  Yuv picture{nullptr, in.whole("width", 1, kMaxSide), in.whole("height", 1, kMaxSide)};
  picture.bytes = in.bytes("source", picture.size());
  return picture;
}

size_t rgbBytes(int32_t width, int32_t height) { return static_cast<size_t>(width) * height * 3; }

// letterbox(sourceWidth, sourceHeight, colours, source, regionX, regionY, regionWidth, regionHeight,
//           targetWidth, targetHeight, target, innerX, innerY, innerWidth, innerHeight, pad, area, swapRedBlue)
napi_value Letterbox(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  LetterboxJob job;
  job.source = {nullptr, in.whole("sourceWidth", 1, kMaxSide), in.whole("sourceHeight", 1, kMaxSide)};
  job.colours = static_cast<Colours>(in.whole("colours", 0, 2));
  const bool isRgb = job.colours == Colours::rgb24;
  job.source.bytes = in.bytes("source", isRgb ? rgbBytes(job.source.width, job.source.height) : job.source.size());
  job.regionX = in.whole("region.x", 0, job.source.width - 1);
  job.regionY = in.whole("region.y", 0, job.source.height - 1);
  job.regionWidth = in.whole("region.width", 1, job.source.width - job.regionX);
  job.regionHeight = in.whole("region.height", 1, job.source.height - job.regionY);
  job.targetWidth = in.whole("targetWidth", 1, kMaxSide);
  job.targetHeight = in.whole("targetHeight", 1, kMaxSide);
  job.target = in.bytes("target", rgbBytes(job.targetWidth, job.targetHeight));
  job.innerX = in.whole("innerX", 0, job.targetWidth - 1);
  job.innerY = in.whole("innerY", 0, job.targetHeight - 1);
  job.innerWidth = in.whole("innerWidth", 1, job.targetWidth - job.innerX);
  job.innerHeight = in.whole("innerHeight", 1, job.targetHeight - job.innerY);
  const int32_t pad = in.whole("pad", 0, 0xffffff);
  job.area = in.whole("area", 0, 1) != 0;
  job.swapRedBlue = in.whole("swapRedBlue", 0, 1) != 0;
  if (in.failed()) return nullptr;
  job.pad[0] = static_cast<uint8_t>(pad >> 16);
  job.pad[1] = static_cast<uint8_t>(pad >> 8);
  job.pad[2] = static_cast<uint8_t>(pad);
  Instance& instance = *instanceOf(env);
  if (!instance.kernels->letterbox(job, instance.letterbox)) return outOfMemory(env);
  return nothing(env);
}

// motionStep(width, height, source, state, columns, rows, blocks, backgroundRate, absorbRate, noiseRate,
//            minDifference, noiseFactor, blockShare, followsLight): share of moved blocks
napi_value MotionStep(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  MotionJob job;
  job.source = yuv(in);
  const LumaSize size = lumaSize(job.source.width, job.source.height);
  job.state = in.bytes("state", motionStateSize(size));
  if (reinterpret_cast<uintptr_t>(job.state) % 4 != 0) in.refuse("state", "must start at a multiple of 4 bytes");
  job.columns = in.whole("columns", 1, size.width < kMaxGrid ? size.width : kMaxGrid);
  job.rows = in.whole("rows", 1, size.height < kMaxGrid ? size.height : kMaxGrid);
  job.blocks = in.bytes("blocks", static_cast<size_t>(job.columns) * job.rows);
  job.backgroundRate = in.whole("backgroundRate", 0, 32768);
  job.absorbRate = in.whole("absorbRate", 0, 32768);
  job.noiseRate = in.whole("noiseRate", 0, 32768);
  job.minDifference = in.whole("minDifference", 0, 65535);
  job.noiseFactor = in.whole("noiseFactor", 0, 1024);
  job.blockShare = in.whole("blockShare", 1, 255);
  job.followsLight = in.whole("followsLight", 0, 1) != 0;
  if (in.failed()) return nullptr;
  Instance& instance = *instanceOf(env);
  const double share = instance.kernels->motionStep(job, instance.motion);
  if (share < 0) return outOfMemory(env);
  return number(env, share);
}

// measureScene(width, height, source, state, out)
napi_value MeasureScene(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const Yuv source = yuv(in);
  uint8_t* state = in.bytes("state", sceneStateSize(lumaSize(source.width, source.height)));
  if (reinterpret_cast<uintptr_t>(state) % 4 != 0) in.refuse("state", "must start at a multiple of 4 bytes");
  double* out = in.doubles("out", 5);
  if (in.failed()) return nullptr;
  Instance& instance = *instanceOf(env);
  if (!instance.kernels->measureScene(source, state, out, instance.scene)) return outOfMemory(env);
  return nothing(env);
}

void unmapBuffer(napi_env, void* memory, void* size) { unmapFile(memory, reinterpret_cast<size_t>(size)); }

// mapSharedFile(path, size, create): ArrayBuffer. The mapping lives as long as the buffer; the file is the caller's.
napi_value MapSharedFile(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  char path[1024];
  in.text("path", path, sizeof path);
  const auto size = static_cast<size_t>(in.whole("bytes", 1, kMaxShared));
  const bool isNew = in.whole("create", 0, 1) != 0;
  if (in.failed()) return nullptr;
  void* memory = nullptr;
  const int fault = isNew ? createFile(path, size, &memory) : mapFile(path, size, &memory);
  if (fault == EMSGSIZE) {
    in.refuse("bytes", "is more than the file holds");
    return nullptr;
  }
  if (fault != 0) {
    // The path is not repeated: the caller has it, and %s of strerror is bounded.
    char message[200];
    snprintf(message, sizeof message, "%s the shared file failed: %s", isNew ? "creating" : "mapping", strerror(fault));
    napi_throw_error(env, fault == ENOENT ? "ENOENT" : fault == ENOSPC ? "ENOSPC" : fault == EEXIST ? "EEXIST" : "EIO", message);
    return nullptr;
  }
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(env, memory, size, unmapBuffer, reinterpret_cast<void*>(size), &buffer) != napi_ok) {
    unmapFile(memory, size);
    return outOfMemory(env);
  }
  return buffer;
}

// openPipe(bytes, ends): writes the descriptors to read from and to write to into ends
napi_value OpenPipe(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const auto size = static_cast<size_t>(in.whole("bytes", 4096, 1 << 20));
  double* out = in.doubles("ends", 2);
  if (in.failed()) return nullptr;
  int ends[2];
  const int fault = openPipe(size, ends);
  if (fault != 0) {
    char message[200];
    snprintf(message, sizeof message, "opening a pipe failed: %s", strerror(fault));
    napi_throw_error(env, fault == EMFILE || fault == ENFILE ? "EMFILE" : "EIO", message);
    return nullptr;
  }
  out[0] = ends[0];
  out[1] = ends[1];
  return nothing(env);
}

// narrow(): from here on this thread runs the kernels of any processor, for tests and for measuring
napi_value Narrow(napi_env env, napi_callback_info) {
  instanceOf(env)->kernels = &kBaselineKernels;
  return nothing(env);
}

// dieWithParent(): 1 when the kernel agreed
napi_value DieWithParent(napi_env env, napi_callback_info) { return number(env, dieWithParent() ? 1 : 0); }

// notifyService(path, text): 1 when it was sent
napi_value NotifyService(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  char path[128];
  char text[512];
  in.text("path", path, sizeof path);
  in.text("text", text, sizeof text);
  if (in.failed()) return nullptr;
  return number(env, notifyService(path, text, strlen(text)) == 0 ? 1 : 0);
}

struct Export {
  const char* name;
  napi_callback call;
};

constexpr Export kExports[] = {
    {"letterbox", Letterbox},       {"motionStep", MotionStep},       {"measureScene", MeasureScene},
    {"mapSharedFile", MapSharedFile}, {"dieWithParent", DieWithParent}, {"openPipe", OpenPipe},
    {"notifyService", NotifyService}, {"narrow", Narrow},             {"lineSums", LineSums},
    {"cellSums", CellSums},         {"bendSums", BendSums},           {"stepSums", StepSums},
    {"maskSums", MaskSums},         {"allFinite", AllFinite},         {"rowsWith", RowsWith},
    {"wholeBlocks", WholeBlocks},   {"readHeads", ReadHeads},
    {"memberChanges", MemberChanges}, {"countAnglers", CountAnglers}, {"sideChanges", SideChanges},
};

// Raised with every change of an exported signature: index.ts refuses a binary of another interface.
constexpr int32_t kInterface = 10;

// The digest of these sources, from build.ts; another build system need not have it.
#ifndef XUELIANG_SOURCE
#define XUELIANG_SOURCE "unknown"
#endif

void destroy(napi_env, void* data, void*) {
  auto* instance = static_cast<Instance*>(data);
  instance->crew.dismiss();
  release(instance->letterbox);
  release(instance->motion);
  release(instance->scene);
  instance->~Instance();
  free(instance);
}

}  // namespace

NAPI_MODULE_INIT() {
  void* memory = malloc(sizeof(Instance));
  if (memory == nullptr) {
    napi_throw_error(env, "ENOMEM", "no memory left to load the addon");
    return nullptr;
  }
  if (napi_set_instance_data(env, new (memory) Instance(), destroy, nullptr) != napi_ok) return nullptr;
  for (const Export& one : kExports) {
    napi_value function;
    if (napi_create_function(env, one.name, NAPI_AUTO_LENGTH, one.call, nullptr, &function) != napi_ok) return nullptr;
    if (napi_set_named_property(env, exports, one.name, function) != napi_ok) return nullptr;
  }
  napi_value version;
  if (napi_create_int32(env, kInterface, &version) != napi_ok) return nullptr;
  if (napi_set_named_property(env, exports, "interface", version) != napi_ok) return nullptr;
  napi_value source;
  if (napi_create_string_latin1(env, XUELIANG_SOURCE, NAPI_AUTO_LENGTH, &source) != napi_ok) return nullptr;
  if (napi_set_named_property(env, exports, "source", source) != napi_ok) return nullptr;
  return exports;
}
