// The exported functions that take sums and look through scores.
#pragma once
#include "arguments.h"

namespace xueliang {

napi_value LineSums(napi_env env, napi_callback_info info);
napi_value CellSums(napi_env env, napi_callback_info info);
napi_value BendSums(napi_env env, napi_callback_info info);
napi_value StepSums(napi_env env, napi_callback_info info);
napi_value MaskSums(napi_env env, napi_callback_info info);
napi_value AllFinite(napi_env env, napi_callback_info info);
napi_value RowsWith(napi_env env, napi_callback_info info);

}  // namespace xueliang
