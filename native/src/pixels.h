// Sizes and limits that every kernel shares.
#pragma once
#include <cstddef>
#include <cstdint>

namespace xueliang {

// Larger pictures are refused at the door, so that no product of two sizes leaves 32 bits.
constexpr int32_t kMaxSide = 16384;

// Memory that a kernel may use between calls. It grows to the largest picture seen and is freed with its owner.
struct Scratch {
  uint8_t* bytes = nullptr;
  size_t capacity = 0;
};

// At least `size` zero-initialised-once bytes, or null when the machine has none left.
uint8_t* reserve(Scratch& scratch, size_t size);
void release(Scratch& scratch);

}  // namespace xueliang
