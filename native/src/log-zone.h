// Places in a track log's picture and the zones they lie in: gateway/analysis/geometry.ts and gateway/analysis/zones/zone.ts.
#pragma once
#include <cmath>

#include "arguments.h"

namespace xueliang {

constexpr size_t kPointBytes = 16;
constexpr double kBoxSteps = 40000, kBoxOffset = 10000;
// More points than a plain frame has.
constexpr size_t kMostPoints = 255;
// Zones that one job knows, at most, and numbers by label.
constexpr size_t kMostZones = 32, kLabels = 256;
// Confirmed and lost, as bits by number of the state.
constexpr int32_t kCounting = 6;
constexpr int32_t kEnded = 3;
// An entry has tracks that a rule looks at.
constexpr uint8_t kSights = 5, kSight = 1;
// What lies on an edge counts as inside: by so much, and the box around it by so much more.
constexpr double kHair = 1e-12, kBoundsHair = 1e-9, kTouch = 1e-9;
enum Share : uint8_t { none, some, all };

// Which point of a box has to lie in the zone.
enum class Anchor : int32_t { bottom, center, any };
inline Anchor anchorOf(double number) { return number == 0 ? Anchor::bottom : number == 1 ? Anchor::center : Anchor::any; }

inline int32_t word(const uint8_t* at) { return at[0] | at[1] << 8; }
inline double least(double a, double b) { return a < b ? a : b; }
inline double most(double a, double b) { return a < b ? b : a; }
inline double place(double steps) { return (steps - kBoxOffset) / kBoxSteps; }
inline double clamp(double value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

struct Spot {
  double x, y;
};

struct Box {
  double x, y, width, height;
  double farX() const { return x + width; }
  double farY() const { return y + height; }
  double middle() const { return x + width / 2; }
};

// Fields of a point: gateway/analysis/track-log/points.ts.
inline uint32_t slotOf(const uint8_t* point) { return word(point) & 0x3fff; }
inline bool isSeen(const uint8_t* point) { return (word(point) & 0x4000) != 0; }
inline int32_t scoreOf(const uint8_t* point) { return word(point + 2) & 0x3fff; }
inline int32_t stateOf(const uint8_t* point) { return point[3] >> 6; }
inline int32_t heightOf(const uint8_t* point) { return word(point + 10); }
inline Box boxOf(const uint8_t* point) {
  return {place(word(point + 4)), place(word(point + 6)), word(point + 8) / kBoxSteps, word(point + 10) / kBoxSteps};
}

class Polygon {
 public:
  Polygon() = default;
  explicit Polygon(Cells<const double> numbers) : numbers_(numbers) {}
  size_t corners() const { return numbers_.count / 2; }
  Spot corner(size_t i) const { return {numbers_[2 * i], numbers_[2 * i + 1]}; }

  // `contains` of gateway/analysis/geometry.ts.
  bool contains(double x, double y) const {
    bool inside = false;
    for (size_t i = 0, j = corners() - 1; i < corners(); j = i, i++) {
      const Spot a = corner(i), b = corner(j);
      if (a.y > y + kHair ? b.y > y + kHair : a.y < y - kHair && b.y < y - kHair) continue;
      if (onEdge(a, b, x, y)) return true;
      if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside;
  }

  // Whether an upright box lies wholly within, wholly beside, or neither for sure: `shareIn` of gateway/analysis/geometry.ts.
  Share share(double x, double y, double farX, double farY) const {
    if (x < 0 || y < 0 || farX > 1 || farY > 1) return some;
    for (size_t i = 0, j = corners() - 1; i < corners(); j = i, i++)
      if (meets(corner(i), corner(j), x, y, farX, farY)) return some;
    return contains(x, y) ? all : none;
  }

 private:
  static bool onEdge(Spot a, Spot b, double x, double y) {
    const double cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    if (std::fabs(cross) > kHair) return false;
    return x >= least(a.x, b.x) - kHair && x <= most(a.x, b.x) + kHair && y >= least(a.y, b.y) - kHair &&
           y <= most(a.y, b.y) + kHair;
  }

  static bool meets(Spot a, Spot b, double x, double y, double farX, double farY) {
    if ((a.x < x && b.x < x) || (a.x > farX && b.x > farX)) return false;
    if ((a.y < y && b.y < y) || (a.y > farY && b.y > farY)) return false;
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double first = dx * (y - a.y) - dy * (x - a.x), second = dx * (y - a.y) - dy * (farX - a.x);
    const double third = dx * (farY - a.y) - dy * (x - a.x), fourth = dx * (farY - a.y) - dy * (farX - a.x);
    return std::fabs(first) < kTouch || !(first * second > 0 && first * third > 0 && first * fourth > 0);
  }

  Cells<const double> numbers_;
};

struct Zone {
  Anchor anchor;
  // The box around the polygon.
  double x, y, width, height;
  Polygon polygon;

  bool inside(const Box& box) const {
    if (anchor == Anchor::any) return touches(box);
    return isIn(clamp(box.middle()), clamp(anchor == Anchor::bottom ? box.farY() : box.y + box.height / 2));
  }

  bool isIn(double atX, double atY) const {
    if (atX < x - kBoundsHair || atX > x + width + kBoundsHair) return false;
    if (atY < y - kBoundsHair || atY > y + height + kBoundsHair) return false;
    return polygon.contains(atX, atY);
  }

 private:
  bool touches(const Box& box) const {
    const double farX = box.farX(), farY = box.farY();
    const Spot spots[] = {
        {box.x, box.y}, {farX, box.y}, {box.x, farY}, {farX, farY}, {box.middle(), box.y + box.height / 2}};
    for (const Spot& spot : spots)
      if (polygon.contains(spot.x, spot.y)) return true;
    for (size_t i = 0; i < polygon.corners(); i++) {
      const Spot p = polygon.corner(i);
      if (p.x >= box.x && p.x <= farX && p.y >= box.y && p.y <= farY) return true;
    }
    return false;
  }
};

// A rule, by the zones it knows, as bits: its own, and those that have the same rule.
struct Water {
  uint32_t own, others;
};

}  // namespace xueliang
