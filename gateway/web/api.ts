/**
 * The contract between the box and its pages: types only, no code, the same file on both sides.
 *
 * Every address begins with `/api/v1`. Bodies are JSON unless said otherwise; times are wall-clock milliseconds
 * (`…Ms`), coordinates are 0..1 of the picture. Every call that changes something carries the header `x-csrf-token`
 * with the value of `SessionAnswer.csrf`. Every answer with a status of 400 and more is a `Problem`.
 *
 * Roles: a viewer looks, a technician also draws, marks and tests, an admin also changes cameras, users, network, uplinks
 * and the config text.
 */
export type * from "./api/problem.ts";
export type * from "./api/session.ts";
export type * from "./api/box.ts";
export type * from "./api/cameras.ts";
export type * from "./api/rules.ts";
export type * from "./api/measures.ts";
export type * from "./api/rehearsal.ts";
export type * from "./api/events.ts";
export type * from "./api/config.ts";
export type * from "./api/live.ts";
