// Resizes a region of an rgb24 picture into a rectangle of another one.
#pragma once
#include "pixels.h"

namespace xueliang {

// Every rectangle lies inside its picture; the caller has checked that.
struct LetterboxJob {
  const uint8_t* source;
  int32_t sourceWidth, sourceHeight;
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
  int32_t taps = 0;     // even; unused taps weigh nothing
  int32_t* start = nullptr;   // [targetLength]
  int16_t* weight = nullptr;  // [targetLength * taps], each row sums to 16384
  Scratch memory;
};

constexpr int kAxisTables = 16;

struct LetterboxScratch {
  AxisTable tables[kAxisTables];
  int nextTable = 0;
  Scratch row;
};

// False when memory ran out; nothing else can go wrong.
bool letterbox(const LetterboxJob& job, LetterboxScratch& scratch);
void release(LetterboxScratch& scratch);

}  // namespace xueliang
