/** What an outbox tells of: nothing goes silently. */

/** Rows that were given up, and why. `eventId`: the only one, when it is one. */
export interface GivenUp {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly eventId: string | null;
}

/** An event that the platform put aside as unusable, and why. */
export interface Rejected {
  readonly eventId: string | null;
  readonly detail: string;
}

/** Told of rows that will never count as delivered: nothing goes silently. */
export interface OutboxListener {
  readonly givenUp?: (given: GivenUp) => void;
  readonly rejected?: (rejected: Rejected) => void;
}
