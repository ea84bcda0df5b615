// Resizes a region of a yuv420p or rgb24 picture into a rectangle of an rgb24 one.
#pragma once
#include "pixels.h"

namespace xueliang {

// How the source's colours are written; rgb24 has three bytes a pixel in one plane.
enum class Colours { bt601, bt709, rgb24 };

// Every rectangle lies inside its picture; the caller has checked that.
struct LetterboxJob {
  Yuv source;
  Colours colours;
  int32_t regionX, regionY, regionWidth, regionHeight;
  uint8_t* target;
  int32_t targetWidth, targetHeight;
  int32_t innerX, innerY, innerWidth, innerHeight;  // where the region lands; the rest is padding
  uint8_t pad[3];
  bool area;
  bool swapRedBlue;
};

// Which source samples make one target sample along one axis, and how much each weighs.
struct AxisTable {
  int32_t sourceLength = 0, targetLength = 0;
  bool area = false;
  int32_t taps = 0;           // of each target sample; even
  int32_t* start = nullptr;   // [targetLength]
  int16_t* weight = nullptr;  // [targetLength * taps], each row sums to 16384
  // Where the two taps of a target sample lie in a vector of eight samples that begins with the first one of its four;
  // four bytes each. Null where they do not fit in.
  uint8_t* order = nullptr;
  Scratch memory;
};

constexpr int kAxisTables = 16;

struct LetterboxScratch {
  AxisTable tables[kAxisTables];
  int nextTable = 0;
  Scratch rows;
};

}  // namespace xueliang

namespace xueliang::XUELIANG_LANES {

// False when memory ran out; nothing else can go wrong.
bool letterbox(const LetterboxJob& job, LetterboxScratch& scratch);
void release(LetterboxScratch& scratch);

}  // namespace xueliang::XUELIANG_LANES
