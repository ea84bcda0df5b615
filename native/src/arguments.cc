#include "arguments.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace xueliang {

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  if (napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr) != napi_ok) failed_ = true;
}

// A missing argument reads as undefined, which fits nothing.
napi_value Arguments::next() { return at_ < kMost ? values_[at_++] : nullptr; }

void Arguments::refuse(const char* name, const char* why) {
  if (failed_) return;
  failed_ = true;
  char message[160];
  snprintf(message, sizeof message, "%s %s", name, why);
  napi_throw_range_error(env_, nullptr, message);
}

void Arguments::expect(const char* name, const char* what) {
  if (failed_) return;
  failed_ = true;
  char message[160];
  snprintf(message, sizeof message, "%s must be %s", name, what);
  napi_throw_type_error(env_, nullptr, message);
}

double Arguments::number(const char* name, double low, double high) {
  napi_value value = next();
  double number = low;
  if (failed_) return low;
  if (value == nullptr || napi_get_value_double(env_, value, &number) != napi_ok) {
    expect(name, "a number");
  } else if (!(number >= low && number <= high)) {
    char why[80];
    snprintf(why, sizeof why, "must be from %g to %g", low, high);
    refuse(name, why);
  }
  return failed_ ? low : number;
}

int32_t Arguments::whole(const char* name, int32_t low, int32_t high) {
  napi_value value = next();
  if (failed_) return low;
  double number;
  if (value == nullptr || napi_get_value_double(env_, value, &number) != napi_ok) {
    expect(name, "a number");
    return low;
  }
  if (!(number >= low && number <= high) || number != std::floor(number)) {
    char why[80];
    snprintf(why, sizeof why, "must be a whole number from %d to %d", low, high);
    refuse(name, why);
    return low;
  }
  return static_cast<int32_t>(number);
}

void* Arguments::typedArray(const char* name, napi_typedarray_type kind, const char* kindName, size_t* count) {
  napi_value value = next();
  if (failed_) return nullptr;
  bool is = false;
  napi_typedarray_type found;
  void* data = nullptr;
  if (value == nullptr || napi_is_typedarray(env_, value, &is) != napi_ok || !is ||
      napi_get_typedarray_info(env_, value, &found, count, &data, nullptr, nullptr) != napi_ok || found != kind) {
    expect(name, kindName);
    return nullptr;
  }
  return data;
}

uint8_t* Arguments::bytes(const char* name, size_t size) {
  size_t count = 0;
  void* data = typedArray(name, napi_uint8_array, "a Uint8Array", &count);
  if (!failed_ && (count != size || data == nullptr)) {
    char why[80];
    snprintf(why, sizeof why, "holds %zu bytes and must hold %zu", count, size);
    refuse(name, why);
  }
  return failed_ ? nullptr : static_cast<uint8_t*>(data);
}

const float* Arguments::floats(const char* name, size_t* count) {
  void* data = typedArray(name, napi_float32_array, "a Float32Array", count);
  return failed_ ? nullptr : static_cast<const float*>(data);
}

const uint32_t* Arguments::anyCounts(const char* name, size_t* count) {
  void* data = typedArray(name, napi_uint32_array, "a Uint32Array", count);
  return failed_ ? nullptr : static_cast<const uint32_t*>(data);
}

uint32_t* Arguments::counts(const char* name, size_t wanted) {
  size_t count = 0;
  void* data = typedArray(name, napi_uint32_array, "a Uint32Array", &count);
  if (!failed_ && (count != wanted || data == nullptr)) {
    char why[80];
    snprintf(why, sizeof why, "holds %zu numbers and must hold %zu", count, wanted);
    refuse(name, why);
  }
  return failed_ ? nullptr : static_cast<uint32_t*>(data);
}

double* Arguments::doubles(const char* name, size_t wanted) {
  size_t count = 0;
  void* data = typedArray(name, napi_float64_array, "a Float64Array", &count);
  if (!failed_ && (count != wanted || data == nullptr)) {
    char why[80];
    snprintf(why, sizeof why, "holds %zu numbers and must hold %zu", count, wanted);
    refuse(name, why);
  }
  return failed_ ? nullptr : static_cast<double*>(data);
}

bool Arguments::text(const char* name, char* out, size_t size) {
  napi_value value = next();
  if (failed_) return false;
  size_t length = 0;
  if (value == nullptr || napi_get_value_string_utf8(env_, value, nullptr, 0, &length) != napi_ok) {
    expect(name, "a string");
    return false;
  }
  if (length == 0 || length >= size) {
    refuse(name, "is empty or too long");
    return false;
  }
  if (napi_get_value_string_utf8(env_, value, out, size, &length) != napi_ok) return false;
  // A zero byte would end the text early: another file would be opened than the caller named.
  if (strlen(out) == length) return true;
  refuse(name, "holds a zero byte");
  return false;
}

}  // namespace xueliang
