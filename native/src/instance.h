// What one JavaScript thread has of this addon, and what its functions hand back.
#pragma once
#include "arguments.h"
#include "crew.h"
#include "kernels.h"

namespace xueliang {

// One of these per JavaScript thread that loads the addon: threads share no memory here.
struct Instance {
  const Kernels* kernels = &widestKernels();
  LetterboxScratch letterbox;
  MotionScratch motion;
  SceneScratch scene;
  Crew crew;
};

inline Instance* instanceOf(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return static_cast<Instance*>(data);
}

inline napi_value nothing(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

inline napi_value outOfMemory(napi_env env) {
  napi_throw_error(env, "ENOMEM", "no memory left to work in");
  return nullptr;
}

inline napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

}  // namespace xueliang
