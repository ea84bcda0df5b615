// Finds the whole blocks of a track log. The layout of the bytes is told in gateway/analysis/track-log/block-format.ts.
#pragma once
#include <cstddef>
#include <cstdint>

namespace xueliang {

// CRC-32 as zlib has it: reflected, polynomial 0xedb88320.
uint32_t crc32(const uint8_t* bytes, size_t size);

// Writes from and end of the bodies of blocks that lie one after the other from `at` on, in whole pairs, as many as `spans` has
// room for. Returns the numbers written. Ends before the first place where there is no whole block with the right checksum.
size_t wholeBlocks(const uint8_t* bytes, size_t size, size_t at, uint32_t* spans, size_t room);

}  // namespace xueliang
