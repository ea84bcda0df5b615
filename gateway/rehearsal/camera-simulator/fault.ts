/** What a simulated camera can be made to do wrong, while it runs. */

/** The ways in which cameras fail in the field. */
export type Fault =
  | { readonly kind: "none" }
  /** Nothing leaves any more, neither media nor answers; the connection stays open. */
  | { readonly kind: "freeze" }
  /** Answers, but sends no media. */
  | { readonly kind: "mute" }
  /** Connections are closed, now and whenever a new one starts to play. */
  | { readonly kind: "cut" }
  /** One transport is refused with 461. */
  | { readonly kind: "refuse-tcp" }
  | { readonly kind: "refuse-udp" }
  /** Every request is answered with this status, for example 401, 403, 404, 453, 503. */
  | { readonly kind: "status"; readonly status: number }
  /** Answers like a web server. */
  | { readonly kind: "http" }
  | { readonly kind: "audio-only" }
  /** Offers a codec that the gateway does not decode. */
  | { readonly kind: "foreign-codec" }
  | { readonly kind: "redirect"; readonly to: string }
  /** This share of packets, 0..1, is not sent. */
  | { readonly kind: "loss"; readonly share: number }
  /** One picture every so many seconds. */
  | { readonly kind: "dribble"; readonly seconds: number }
  /** The camera's clock jumps once by so many seconds. */
  | { readonly kind: "clock-jump"; readonly seconds: number };

/** A camera that works. */
export const noFault: Fault = { kind: "none" };
