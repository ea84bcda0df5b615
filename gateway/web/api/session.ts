/** Who is there, and the first minutes of a box. */

/** viewer: looks; technician: draws, marks, tests; admin: everything. */
export type Role = "viewer" | "technician" | "admin";

/**
 * `GET /session` (open to all), `POST /session` with `Login`, `DELETE /session` (log out).
 * POST refuses with 403 `WEB_LOGIN_WRONG`, 429 `WEB_LOCKED` (with `waitSec`), 503 `WEB_BUSY`.
 */
export interface SessionAnswer {
  /** set-up: no password yet, ask for the one-time code; login: ask for a password; in: welcome. */
  readonly state: "set-up" | "login" | "in";
  /** Null unless `in`, or in set-up after the code. */
  readonly user: string | null;
  readonly role: Role | null;
  /** A screen that came by its link: it sees the live view and nothing else. */
  readonly isScreen: boolean;
  /** To be sent as header `x-csrf-token`; null when nobody is logged in. */
  readonly csrf: string | null;
  /** Language of the site, for visitors who chose none. */
  readonly language: "zh" | "en";
  /** Milliseconds until this address may try again; 0 when it may now. For the visible timer. */
  readonly lockedMs: number;
  /** Only in set-up: the code was redeemed in this browser, go on with `GET /setup`. */
  readonly codeRedeemed: boolean;
  readonly version: string;
}

/** Body of `POST /session`. `user` may be left out where there is only one user. */
export interface Login {
  readonly user?: string;
  readonly password: string;
}

/** Body of `PUT /session/password`: a user's own. Answers 204. 403 `WEB_LOGIN_WRONG`, 400 `WEB_PASSWORD_SHORT`. */
export interface PasswordChange {
  readonly old: string;
  readonly new: string;
}

/** `GET /users` (admin): `readonly User[]`. `DELETE /users/NAME`: 204; the last admin cannot be removed (409). */
export interface User {
  readonly name: string;
  readonly role: Role;
  /** The only cameras that a viewer sees; null: all of them. The other roles see all. */
  readonly cameras: readonly string[] | null;
  readonly createdMs: number;
  readonly lastSeenMs: number | null;
}

/** Body of `POST /users` (admin), answers `User`. Body of `PATCH /users/NAME` with any of role, password, cameras. */
export interface NewUser {
  readonly name: string;
  readonly role: Role;
  /** 8 to 256 characters. */
  readonly password: string;
  readonly cameras?: readonly string[] | null;
}

/** Body of `POST /setup/code` (open while in set-up); answers `SessionAnswer`. 403 `WEB_CODE_WRONG`, `WEB_CODE_EXPIRED`. */
export interface SetupCode {
  readonly code: string;
}

/** `GET /setup`, after the code. */
export interface SetupState {
  /** What is still to be asked: `site` only when there is no config yet. */
  readonly needs: readonly ("password" | "site")[];
  /** Filled in for the technician. */
  readonly suggested: {
    readonly siteId: string;
    readonly siteName: string;
    readonly timezone: string;
    readonly language: "zh" | "en";
  };
  readonly boxMs: number;
}

/**
 * Body of `POST /setup/finish`; answers `SessionAnswer` with state `in` once the box runs with the new config.
 * The wizard then goes on with the calls of a logged-in admin: clock, camera test, camera, model, first zone.
 */
export interface SetupFinish {
  /** `admin` when left out. */
  readonly user?: string;
  readonly password: string;
  /** Needed when `SetupState.needs` has `site`. */
  readonly site?: {
    readonly id?: string;
    readonly name: string;
    readonly timezone?: string;
    readonly language?: "zh" | "en";
  };
}

/** `GET /tokens` (admin, people only): `readonly AccessToken[]`. `DELETE /tokens/ID`: 204, and it opens nothing from then on. */
export interface AccessToken {
  readonly id: string;
  readonly name: string;
  /**
   * api: a program, which sends `Authorization: Bearer SECRET` and needs neither cookie nor CSRF header; it may do what its
   * role may, but for people and tokens. screen: a browser that opened its link, and sees the live view alone.
   */
  readonly kind: "api" | "screen";
  readonly role: Role;
  /** The only cameras it sees; null: all of them. */
  readonly cameras: readonly string[] | null;
  readonly createdMs: number;
  readonly createdBy: string;
  /** Since the start of the box. */
  readonly lastSeenMs: number | null;
}

/** Body of `POST /tokens`; answers `IssuedToken`. 409 `WEB_USER_EXISTS` when the name is taken or there are 32. */
export interface NewToken {
  readonly name: string;
  readonly kind: "api" | "screen";
  /** A screen is a viewer, whatever this says. */
  readonly role?: Role;
  readonly cameras?: readonly string[] | null;
}

/** The only answer that ever holds the secret. */
export interface IssuedToken {
  readonly token: AccessToken;
  readonly secret: string;
  /** The address to open on the screen, and the same as a code for its camera; null for programs. */
  readonly link: string | null;
  readonly qr: QrPath | null;
}

/** A QR code as the data of one SVG path, a unit a module, its quiet border included. */
export interface QrPath {
  readonly size: number;
  readonly path: string;
}
