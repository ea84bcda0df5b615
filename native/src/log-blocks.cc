#include "log-blocks.h"

#include <cstring>

namespace xueliang {
namespace {

constexpr uint32_t kMark = 0x4b424c58;  // "XLBK"
constexpr size_t kHeadBytes = 12, kLeastBody = 8, kMostBody = 4 * 1024 * 1024;
constexpr size_t kSlices = 16;

// Row k, place b: the CRC of byte b with k zero bytes behind it, so that sixteen bytes are taken in at once.
struct Tables {
  uint32_t rows[kSlices][256];
};

constexpr Tables makeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    tables.rows[0][byte] = crc;
  }
  for (size_t k = 1; k < kSlices; k++)
    for (size_t byte = 0; byte < 256; byte++) {
      const uint32_t before = tables.rows[k - 1][byte];
      tables.rows[k][byte] = before >> 8 ^ tables.rows[0][before & 0xff];
    }
  return tables;
}

constexpr Tables kTables = makeTables();

uint32_t load(const uint8_t* at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

// Four bytes of sixteen, of which `behind` follow.
uint32_t fold(uint32_t word, size_t behind) {
  const auto& rows = kTables.rows;
  return rows[behind + 3][word & 0xff] ^ rows[behind + 2][word >> 8 & 0xff] ^ rows[behind + 1][word >> 16 & 0xff] ^
         rows[behind][word >> 24];
}

}  // namespace

uint32_t crc32(const uint8_t* bytes, size_t size) {
  uint32_t crc = 0xffffffffu;
  for (; size >= kSlices; size -= kSlices, bytes += kSlices)
    crc = fold(crc ^ load(bytes), 12) ^ fold(load(bytes + 4), 8) ^ fold(load(bytes + 8), 4) ^ fold(load(bytes + 12), 0);
  for (; size > 0; size--, bytes++) crc = crc >> 8 ^ kTables.rows[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}

size_t wholeBlocks(const uint8_t* bytes, size_t size, size_t at, uint32_t* spans, size_t room) {
  size_t written = 0;
  while (written + 2 <= room && at <= size && size - at >= kHeadBytes && load(bytes + at) == kMark) {
    const size_t length = load(bytes + at + 4), from = at + kHeadBytes;
    if (length < kLeastBody || length > kMostBody || length > size - from) break;
    if (crc32(bytes + from, length) != load(bytes + at + 8)) break;
    spans[written] = static_cast<uint32_t>(from);
    spans[written + 1] = static_cast<uint32_t>(from + length);
    written += 2;
    at = from + length;
  }
  return written;
}

}  // namespace xueliang
