/** The stores of a platform as tests use them: opened, copied, put back, crashed, whatever is behind them. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSink } from "../../../platform/sinks/open-sink.ts";
import type { PlatformSink } from "../../../platform/sink.ts";
import { Database } from "../../database/database.ts";
import { platformMigrations } from "../endurance/oracle.ts";
import { natsProgram, startNats } from "./nats-server.ts";
import { postgresPrograms, startPostgres, type PostgresServer } from "./postgres-server.ts";

/** One empty store. */
export interface TestStore extends AsyncDisposable {
  /** As `openSink` takes it. */
  readonly address: string;
  open(): Promise<PlatformSink>;
  /** Keeps a copy of everything; nobody is connected meanwhile. */
  backup(): Promise<void>;
  restore(): Promise<void>;
  /** The server dies and comes back; null: there is none. */
  readonly crash: (() => Promise<void>) | null;
  /** From now on nothing can be inserted into this table; returns how that ends. Null: it has no tables. */
  readonly spoil: ((table: string) => Promise<() => Promise<void>>) | null;
}

/** Kinds of stores, and whether this machine has them. */
export const storeKinds = [
  ["sqlite", true],
  ["postgres", postgresPrograms !== null],
  ["jetstream", natsProgram !== null],
] as const;
/** Name of a kind. */
export type StoreKind = (typeof storeKinds)[number][0];

for (const [kind, there] of storeKinds)
  if (!there) console.warn(`skipped: tests of the ${kind} store need its server (Debian: postgresql, nats-server)`);

/** Stores for one test file; the PostgreSQL server is started once and shared. */
export class TestStores implements AsyncDisposable {
  #postgres: Promise<PostgresServer> | null = null;
  #databases = 0;

  async make(kind: StoreKind): Promise<TestStore> {
    if (kind === "sqlite") return sqliteStore();
    if (kind === "jetstream") return jetstreamStore();
    this.#postgres ??= startPostgres();
    this.#databases += 1;
    return postgresStore(await this.#postgres, `db${this.#databases}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#postgres)?.[Symbol.asyncDispose]();
  }
}

function sqliteStore(): TestStore {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  const path = join(folder, "platform.db");
  const address = `sqlite:${path}`;
  const copy = (from: string, to: string): void => {
    for (const tail of ["", "-wal", "-shm"]) {
      rmSync(`${to}${tail}`, { force: true });
      if (existsSync(`${from}${tail}`)) copyFileSync(`${from}${tail}`, `${to}${tail}`);
    }
  };
  return {
    address,
    open: () => openSink(address, Date.now()),
    backup: async () => {
      copy(path, join(folder, "copy.db"));
      return Promise.resolve();
    },
    restore: async () => {
      copy(join(folder, "copy.db"), path);
      return Promise.resolve();
    },
    crash: null,
    spoil: async (table) => {
      using database = await Database.open(path, { migrations: platformMigrations, maxMegabytes: 1_000_000 });
      database.run(
        `CREATE TRIGGER spoiled BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'nothing goes in here'); END`,
      );
      return async () => {
        using again = await Database.open(path, { migrations: platformMigrations, maxMegabytes: 1_000_000 });
        again.run("DROP TRIGGER spoiled");
      };
    },
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function postgresStore(server: PostgresServer, name: string): Promise<TestStore> {
  await server.create(name);
  const address = server.url(name);
  return {
    address,
    open: () => openSink(address, Date.now()),
    backup: () => server.create(`${name}_copy`, name),
    restore: async () => {
      await server.drop(name);
      await server.create(name, `${name}_copy`);
    },
    crash: () => server.crash(),
    spoil: async (table) => {
      await server.psql(
        name,
        `CREATE OR REPLACE FUNCTION xueliang.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing goes in here'; END $$;
         CREATE TRIGGER spoiled BEFORE INSERT ON xueliang.${table} FOR EACH ROW EXECUTE FUNCTION xueliang.refuse()`,
      );
      return async () => {
        await server.psql(name, `DROP TRIGGER spoiled ON xueliang.${table}`);
      };
    },
    [Symbol.asyncDispose]: async () => server.drop(name),
  };
}

async function jetstreamStore(): Promise<TestStore> {
  const server = await startNats();
  return {
    address: server.url,
    open: () => openSink(server.url, Date.now()),
    backup: () => server.backup(),
    restore: () => server.restore(),
    crash: () => server.crash(),
    spoil: null,
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  };
}
