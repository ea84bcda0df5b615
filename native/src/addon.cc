// The exported functions and nothing else: they read arguments, call a kernel, hand back a number.
#include <cstdlib>
#include <new>

#include "arguments.h"
#include "letterbox.h"

using namespace xueliang;

namespace {

// One of these per JavaScript thread that loads the addon: threads share no memory here.
struct Instance {
  LetterboxScratch letterbox;
};

Instance* instanceOf(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return static_cast<Instance*>(data);
}

napi_value nothing(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

napi_value outOfMemory(napi_env env) {
  napi_throw_error(env, "ENOMEM", "no memory left for the table of a resize");
  return nullptr;
}

size_t rgbBytes(int32_t width, int32_t height) { return static_cast<size_t>(width) * height * 3; }

// letterbox(sourceWidth, sourceHeight, source, regionX, regionY, regionWidth, regionHeight,
//           targetWidth, targetHeight, target, innerX, innerY, innerWidth, innerHeight, pad, area, swapRedBlue)
napi_value Letterbox(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  LetterboxJob job;
  job.sourceWidth = in.whole("sourceWidth", 1, kMaxSide);
  job.sourceHeight = in.whole("sourceHeight", 1, kMaxSide);
  job.source = in.bytes("source", rgbBytes(job.sourceWidth, job.sourceHeight));
  job.regionX = in.whole("region.x", 0, job.sourceWidth - 1);
  job.regionY = in.whole("region.y", 0, job.sourceHeight - 1);
  job.regionWidth = in.whole("region.width", 1, job.sourceWidth - job.regionX);
  job.regionHeight = in.whole("region.height", 1, job.sourceHeight - job.regionY);
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
  if (!letterbox(job, instanceOf(env)->letterbox)) return outOfMemory(env);
  return nothing(env);
}

struct Export {
  const char* name;
  napi_callback call;
};

constexpr Export kExports[] = {
    {"letterbox", Letterbox},
};

// Raised with every change of an exported signature: index.ts refuses a binary of another interface.
constexpr int32_t kInterface = 1;

void destroy(napi_env, void* data, void*) {
  auto* instance = static_cast<Instance*>(data);
  release(instance->letterbox);
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
  return exports;
}
