#include "pixels.h"

#include <cstdlib>

namespace xueliang {

uint8_t* reserve(Scratch& scratch, size_t size) {
  if (size <= scratch.capacity) return scratch.bytes;
  // Zeroed: taps of weight nothing may read the padding, and a sanitizer must not call that an accident.
  auto* grown = static_cast<uint8_t*>(calloc(1, size));
  if (grown == nullptr) return nullptr;
  free(scratch.bytes);
  scratch.bytes = grown;
  scratch.capacity = size;
  return grown;
}

void release(Scratch& scratch) {
  free(scratch.bytes);
  scratch = Scratch{};
}

}  // namespace xueliang
