/** A folder that one process has to itself. The kernel lets it go with the process, whatever ends it: nothing stale is left. */
import { join } from "node:path";
import { makeFolder } from "../runtime/whole-file.ts";
import { databaseError, engine } from "./database.ts";
import { isSqliteError } from "./quarantine.ts";

const name = "in-use.lock";
/** One that is just ending gets so long to let go, ms. */
const patienceMs = 1_000;

/** Holds it until disposed. */
export class HeldFolder implements Disposable {
  readonly #close: () => void;

  private constructor(close: () => void) {
    this.#close = close;
  }

  /** Null: another process has it. @throws DatabaseError DATABASE_IO, DATABASE_UNSAFE */
  static async take(folder: string): Promise<HeldFolder | null> {
    const Engine = await engine();
    const path = join(folder, name);
    try {
      await makeFolder(folder, 0o700);
      const sqlite = new Engine(path, { timeout: patienceMs });
      try {
        // Nothing is ever written: the empty file is only what the lock lies on.
        sqlite.exec("BEGIN EXCLUSIVE");
      } catch (error) {
        sqlite.close();
        throw error;
      }
      return new HeldFolder(() => sqlite.close());
    } catch (error) {
      if (isSqliteError(error) && error.code.startsWith("SQLITE_BUSY")) return null;
      throw databaseError(error, path);
    }
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}
