/** Connections of a receiver: by the transport's name, and by the box that has shown who it is; pure. */
import type { Header } from "./messages.ts";
import { newSession, type Session } from "./platform-session.ts";

/** Who is connected. */
export class SessionTable {
  readonly #byRid = new Map<string, Session>();
  readonly #byBox = new Map<string, Session>();
  /** Sessions that have not yet shown who they are. */
  halfOpen = 0;

  /** The session of `rid`, a new one when there is none. */
  at(rid: string, nowMs: number): Session {
    const known = this.#byRid.get(rid);
    if (known) return known;
    const session = newSession(rid, nowMs);
    this.#byRid.set(rid, session);
    this.halfOpen += 1;
    return session;
  }

  get(rid: string): Session | undefined {
    return this.#byRid.get(rid);
  }

  /** Whether this is still the session of its connection. */
  holds(session: Session): boolean {
    return this.#byRid.get(session.rid) === session;
  }

  /** The open session that both names stand for. */
  speaking(rid: string, sid: string): Session | null {
    const session = this.#byRid.get(rid);
    return session?.sid === sid && session.state === "open" ? session : null;
  }

  all(): readonly Session[] {
    return [...this.#byRid.values()];
  }

  /** The event socket of `gw`. */
  eventsOf(gw: string): Session | undefined {
    return this.#byBox.get(`${gw}/E`);
  }

  /** Open event sockets, each with what its box said of itself. */
  openEvents(): readonly (Session & { readonly hello: Header<"HELLO"> })[] {
    return [...this.#byBox.values()].filter(
      (s): s is Session & { readonly hello: Header<"HELLO"> } => s.state === "open" && s.hello?.sock === "E",
    );
  }

  /** Gives `session` the place of its box; returns the one that had it. */
  place(session: Session, hello: Header<"HELLO">): Session | null {
    const key = `${hello.gw}/${hello.sock}`;
    const older = this.#byBox.get(key);
    if (older && older !== session) this.forget(older);
    this.#byBox.set(key, session);
    return older && older !== session ? older : null;
  }

  forget(session: Session): void {
    if (this.holds(session)) {
      this.#byRid.delete(session.rid);
      if (session.state !== "open") this.halfOpen -= 1;
    }
    const key = session.hello ? `${session.hello.gw}/${session.hello.sock}` : "";
    if (this.#byBox.get(key) === session) this.#byBox.delete(key);
  }
}
