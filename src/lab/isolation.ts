import { BenchError } from "../errors.js";
import { Holder } from "./holder.js";

export type WantedIsolation = "auto" | "namespace" | "none";

export interface Isolation {
  isolation: "namespace" | "none";
  /** Why there is none although it was wanted; null otherwise. */
  lack: BenchError | null;
}

/**
 * Tries, by really making namespaces and writing a sysctl in them, whether a lab can be had.
 * @throws BenchError `isolation-not-permitted` or `tool-missing` when `namespace` was asked for and cannot be had
 */
export async function decideIsolation(wanted: WantedIsolation): Promise<Isolation> {
  if (wanted === "none") return { isolation: "none", lack: null };
  try {
    await tryNamespaces();
    return { isolation: "namespace", lack: null };
  } catch (error) {
    if (wanted === "namespace" || !(error instanceof BenchError)) throw error;
    return { isolation: "none", lack: error };
  }
}

/** Makes the namespaces that every lab begins with, and lets them go. @throws BenchError */
export async function tryNamespaces(): Promise<void> {
  if (process.platform !== "linux")
    throw new BenchError(
      "isolation-not-permitted",
      `network namespaces are Linux's alone, and this is ${process.platform}`,
      "Run it on Linux for isolated and comparable figures; --isolation none runs on loopback.",
    );
  const holder = await Holder.open();
  await holder.finish([]);
}
