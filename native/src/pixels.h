// Sizes and limits that every kernel shares.
#pragma once
#include <cstddef>
#include <cstdint>

// The kernels are compiled once for any processor and once more, by avx2.cc, for wider ones: each has a namespace of its own.
#ifndef XUELIANG_LANES
#define XUELIANG_LANES baseline
#endif

namespace xueliang {

// Larger pictures are refused at the door, so that no product of two sizes leaves 32 bits.
constexpr int32_t kMaxSide = 16384;

// A picture as decoders give it (yuv420p, limited range): the plane of luma, then U and V of half its width and height,
// rounded up. Packed: no padding between rows or planes.
struct Yuv {
  const uint8_t* bytes;
  int32_t width, height;

  int32_t chromaWidth() const { return (width + 1) / 2; }
  int32_t chromaHeight() const { return (height + 1) / 2; }
  size_t lumaBytes() const { return static_cast<size_t>(width) * height; }
  size_t chromaBytes() const { return static_cast<size_t>(chromaWidth()) * chromaHeight(); }
  size_t size() const { return lumaBytes() + 2 * chromaBytes(); }
};

// Memory that a kernel may use between calls. It grows to the largest picture seen and is freed with its owner.
struct Scratch {
  uint8_t* bytes = nullptr;
  size_t capacity = 0;
};

// At least `size` zero-initialised-once bytes, or null when the machine has none left.
uint8_t* reserve(Scratch& scratch, size_t size);
void release(Scratch& scratch);

}  // namespace xueliang
