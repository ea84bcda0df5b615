// The exported functions that read a track log.
#pragma once
#include "arguments.h"

namespace xueliang {

napi_value WholeBlocks(napi_env env, napi_callback_info info);
napi_value ReadHeads(napi_env env, napi_callback_info info);
napi_value MemberChanges(napi_env env, napi_callback_info info);
napi_value CountAnglers(napi_env env, napi_callback_info info);
napi_value SideChanges(napi_env env, napi_callback_info info);

}  // namespace xueliang
