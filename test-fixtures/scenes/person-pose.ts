/** How people hold themselves: joints of standing, sitting, squatting, bending and walking bodies. */
import type { Vec3 } from "./vector.ts";

/** What somebody is doing. */
export interface PersonPose {
  readonly at: Vec3;
  readonly yaw: number;
  readonly kind: "stand" | "sit" | "squat" | "walk" | "bend" | "wade";
  /** Seconds of walking, or any number that moves the body a little. */
  readonly phase: number;
  readonly hands: "hang" | "rod" | "hold" | "lap" | "shoulder";
}

interface Skeleton {
  readonly pelvis: Vec3;
  readonly neck: Vec3;
  readonly head: Vec3;
  readonly knees: readonly [Vec3, Vec3];
  readonly feet: readonly [Vec3, Vec3];
}

/** Joints in body heights: sideways, up, forward. */
export function skeletonOf(pose: PersonPose): Skeleton {
  const sway = Math.sin(pose.phase * 0.9) * 0.006;
  switch (pose.kind) {
    case "sit":
      return {
        pelvis: [0, 0.27, 0],
        neck: [sway, 0.57, 0.05],
        head: [sway, 0.665, 0.075],
        knees: [
          [-0.08, 0.28, 0.25],
          [0.08, 0.29, 0.25],
        ],
        feet: [
          [-0.08, 0.02, 0.27],
          [0.09, 0.02, 0.3],
        ],
      };
    case "squat":
      return {
        pelvis: [0, 0.15, -0.02],
        neck: [sway, 0.42, 0.11],
        head: [sway, 0.51, 0.15],
        knees: [
          [-0.11, 0.27, 0.17],
          [0.11, 0.26, 0.17],
        ],
        feet: [
          [-0.08, 0.02, 0.05],
          [0.08, 0.02, 0.06],
        ],
      };
    case "bend":
      return {
        pelvis: [0, 0.5, -0.08],
        neck: [sway, 0.66, 0.2],
        head: [sway, 0.68, 0.3],
        knees: [
          [-0.06, 0.27, 0.02],
          [0.06, 0.27, 0.03],
        ],
        feet: [
          [-0.07, 0.02, 0],
          [0.07, 0.02, 0.02],
        ],
      };
    case "walk": {
      const swing = Math.sin(pose.phase * 5.6);
      const lift = (s: number): number => Math.max(0, s) * 0.06;
      return {
        pelvis: [0, 0.52, 0],
        neck: [0, 0.82, 0.03],
        head: [0, 0.925, 0.045],
        knees: [
          [-0.05, 0.28, 0.13 * swing + 0.03],
          [0.05, 0.28, -0.13 * swing + 0.03],
        ],
        feet: [
          [-0.05, 0.02 + lift(Math.cos(pose.phase * 5.6)), 0.2 * swing - 0.03],
          [0.05, 0.02 + lift(-Math.cos(pose.phase * 5.6)), -0.2 * swing - 0.03],
        ],
      };
    }
    case "stand":
    case "wade":
    default:
      return {
        pelvis: [0, 0.52, 0],
        neck: [sway, 0.82, 0.015],
        head: [sway, 0.925, 0.03],
        knees: [
          [-0.06, 0.28, 0.01],
          [0.065, 0.28, 0.02],
        ],
        feet: [
          [-0.075, 0.02, 0],
          [0.08, 0.02, 0.03],
        ],
      };
  }
}
