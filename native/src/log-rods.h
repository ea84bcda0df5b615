// Who could hold which rod, and whom a rod brings into a zone: gateway/analysis/zones/nearness.ts, angling.ts and company.ts.
#pragma once
#include "log-zone.h"

namespace xueliang {

// Limits in the log's own steps.
struct Limits {
  int32_t leastScore, leastHeight, greatestHeight;
  double minArea;

  // `counts` of zone.ts, but for the label.
  bool count(const uint8_t* point) const {
    if ((kCounting >> stateOf(point) & 1) == 0 || scoreOf(point) < leastScore) return false;
    if (heightOf(point) < leastHeight || heightOf(point) > greatestHeight) return false;
    if (minArea <= 0) return true;
    const Box box = boxOf(point);
    return box.width * box.height >= minArea;
  }
};

inline double beyond(double a, double lengthA, double b, double lengthB) {
  const double gap = a < b ? b - a - lengthA : a - b - lengthB;
  return gap > 0 ? gap : 0;
}

// The root of a square is exact: what is beside, above or below needs none.
inline double length(double dx, double dy) { return dx == 0 ? dy : dy == 0 ? dx : std::sqrt(dx * dx + dy * dy); }

inline double distance(double x, double y, const Box& box, double aspect) {
  return length(beyond(x, 0, box.x, box.width) * aspect, beyond(y, 0, box.y, box.height));
}

inline double gapBetween(const Box& a, const Box& b, double aspect) {
  return length(beyond(a.x, a.width, b.x, b.width) * aspect, beyond(a.y, a.height, b.y, b.height));
}

// How far the two lower corners of a rod are from a person, in picture heights: one of them is its butt.
struct Butt {
  double left, right;
  double nearer() const { return least(left, right); }
};

inline Butt buttOf(const Box& rod, const Box& person, double aspect) {
  const double y = rod.farY();
  return {distance(rod.x, y, person, aspect), distance(rod.farX(), y, person, aspect)};
}

// Whether a rod's butt is surely further from a person than so many of his heights: most are, and need no root.
inline bool isFar(const Box& rod, const Box& person, double reach, double aspect) {
  constexpr double kRounding = 1 + 1e-9;
  const double far = reach * person.height * kRounding;
  if (beyond(rod.farY(), 0, person.y, person.height) > far) return true;
  const double left = beyond(rod.x, 0, person.x, person.width), right = beyond(rod.farX(), 0, person.x, person.width);
  return least(left, right) * aspect > far;
}

// Share of the smaller of two boxes that lies in the other.
inline double overlap(const Box& a, const Box& b) {
  const double width = least(a.farX(), b.farX()) - most(a.x, b.x), height = least(a.farY(), b.farY()) - most(a.y, b.y);
  const double smaller = least(a.width * a.height, b.width * b.height);
  return width <= 0 || height <= 0 || smaller <= 0 ? 0 : width * height / smaller;
}

// How near a rod has to be to somebody, and he to a zone, for it to bring him in.
struct Reach {
  double rodReach, aspect;

  // `isAtEdge` of angling.ts, but for other zones.
  bool isAtEdge(const Zone& zone, const Box& person) const {
    const Spot feet = {person.middle(), person.farY()};
    const double far = rodReach * person.height;
    return distance(feet.x, feet.y, {zone.x, zone.y, zone.width, zone.height}, aspect) <= far && isNear(zone.polygon, feet, far);
  }

  // Whether a rod is in somebody's reach; then `tip` is its far end. The rest of `reachesIn` of angling.ts is `isIn`.
  bool reaches(const Box& person, const Box& rod, Spot& tip) const {
    if (person.height <= 0 || isFar(rod, person, rodReach, aspect)) return false;
    const Butt butt = buttOf(rod, person, aspect);
    tip = {butt.left <= butt.right ? rod.farX() : rod.x, rod.y};
    return butt.nearer() / person.height <= rodReach;
  }

  static bool isIn(const Zone& zone, const Box& rod, Spot tip) {
    return zone.isIn(rod.middle(), rod.y + rod.height / 2) || zone.isIn(tip.x, tip.y);
  }

 private:
  // `isNearPolygon` of nearness.ts.
  bool isNear(const Polygon& polygon, Spot spot, double far) const {
    if (polygon.contains(spot.x, spot.y)) return true;
    constexpr double kRounding = 1 + 1e-9;
    const double farY = far * kRounding + kHair, farX = farY / aspect;
    Spot from = polygon.corner(polygon.corners() - 1);
    for (size_t i = 0; i < polygon.corners(); i++) {
      const Spot to = polygon.corner(i);
      const Spot start = from;
      from = to;
      // Most edges are surely further away, and need no division.
      if (spot.y < least(start.y, to.y) - farY || spot.y > most(start.y, to.y) + farY) continue;
      if (spot.x < least(start.x, to.x) - farX || spot.x > most(start.x, to.x) + farX) continue;
      const double dx = (to.x - start.x) * aspect, dy = to.y - start.y;
      const double px = (spot.x - start.x) * aspect, py = spot.y - start.y;
      const double length2 = dx * dx + dy * dy;
      const double share = length2 > 0 ? least(1, most(0, (px * dx + py * dy) / length2)) : 0;
      const double x = px - share * dx, y = py - share * dy;
      if (x * x + y * y <= far * far) return true;
    }
    return false;
  }
};

}  // namespace xueliang
