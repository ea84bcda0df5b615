// Reads JavaScript arguments; whatever does not fit becomes an exception that names the argument.
#pragma once
#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif
#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace xueliang {

// An array of the caller.
template <typename T>
struct Cells {
  T* at = nullptr;
  size_t count = 0;
  T& operator[](size_t i) const { return at[i]; }
};

// The arguments of one call. After the first misfit every further read returns nothing and `failed` stays true:
// a function reads all it needs, then asks once.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info);

  // A number within [low, high].
  double number(const char* name, double low, double high);
  // A whole number within [low, high].
  int32_t whole(const char* name, int32_t low, int32_t high);
  // A Uint8Array of exactly `size` bytes, over an ArrayBuffer or a SharedArrayBuffer.
  uint8_t* bytes(const char* name, size_t size);
  // A Float32Array, its length in `count`.
  const float* floats(const char* name, size_t* count);
  // A Uint32Array of exactly `count` numbers.
  uint32_t* counts(const char* name, size_t count);
  // A Uint32Array, its length in `count`.
  const uint32_t* anyCounts(const char* name, size_t* count);
  // A Float64Array of exactly `count` numbers.
  double* doubles(const char* name, size_t count);
  // An array of any length, of the type's own kind.
  template <typename T>
  Cells<T> cells(const char* name) {
    Cells<T> found;
    found.at = static_cast<T*>(typedArray(name, kindOf(T{}), "an array of its type", &found.count));
    return failed_ ? Cells<T>{} : found;
  }
  // Text of at most size - 1 bytes.
  bool text(const char* name, char* out, size_t size);

  bool failed() const { return failed_; }
  // A RangeError about one argument.
  void refuse(const char* name, const char* why);

 private:
  napi_value next();
  static constexpr napi_typedarray_type kindOf(uint8_t) { return napi_uint8_array; }
  static constexpr napi_typedarray_type kindOf(uint16_t) { return napi_uint16_array; }
  static constexpr napi_typedarray_type kindOf(uint32_t) { return napi_uint32_array; }
  static constexpr napi_typedarray_type kindOf(int32_t) { return napi_int32_array; }
  static constexpr napi_typedarray_type kindOf(double) { return napi_float64_array; }
  void* typedArray(const char* name, napi_typedarray_type kind, const char* kindName, size_t* count);
  void expect(const char* name, const char* what);

  static constexpr size_t kMost = 20;
  napi_env env_;
  napi_value values_[kMost] = {};
  size_t count_ = kMost;
  size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace xueliang
