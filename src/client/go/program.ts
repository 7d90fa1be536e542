import { buildGo } from "../../go-toolchain.js";
import type { GoProgram } from "../../scenario/types.js";
import { ownFile } from "../../places.js";

const SOURCE = ownFile("src/client/go");

/** The client's part in Go. @throws BenchError `tool-missing` */
export function buildGoClient(cacheFolder: string, onBuild?: (title: string) => void): Promise<GoProgram> {
  return buildGo(
    { folder: SOURCE, name: "client", title: "the Go client", instead: "take another client: --client undici" },
    cacheFolder,
    onBuild,
  );
}
