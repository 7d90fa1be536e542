import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Debian's kernels, by the release that brings them. */
export const SUITES = { "5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie" } as const;
export type Series = keyof typeof SUITES;

const PROGRAMS = {
  "qemu-system-x86_64": "qemu-system-x86",
  busybox: "busybox-static",
  cpio: "cpio",
  depmod: "kmod",
  zstd: "zstd",
  "dpkg-deb": "dpkg",
} as const;
/** What it takes to find the machine's root again. */
const MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"];
/** An emulated timer may be late: that is no broken one (Documentation/admin-guide/kernel-parameters.txt). */
const APPEND = "console=ttyS0 quiet panic=-1 no_timer_check";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MIRROR = "http://deb.debian.org/debian";

export interface Kernel {
  /** `6.1.0-50-amd64`. */
  release: string;
  image: string;
  modules: string;
}

function run(program: string, args: readonly string[], input?: string): string {
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  return execFileSync(program, args, {
    encoding: "utf8",
    input,
    env: { ...process.env, PATH: path },
    maxBuffer: 2 ** 26,
  });
}

export function missingPrograms(): string[] {
  const found = (name: string): boolean => {
    try {
      run("sh", ["-c", `command -v ${name}`]);
      return true;
    } catch {
      return false;
    }
  };
  return Object.entries(PROGRAMS).flatMap(([name, from]) => (found(name) ? [] : [from]));
}

/** Downloads it with an apt of its own, which leaves that of the machine alone, and unpacks it. Only once. */
export function fetchKernel(series: Series, cache: string): Kernel {
  const folder = join(cache, series);
  if (!existsSync(join(folder, "boot"))) {
    const apt = join(cache, `apt-${series}`);
    for (const part of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(apt, part), { recursive: true });
    writeFileSync(join(apt, "status"), "");
    writeFileSync(join(apt, "sources"), `deb [signed-by=${KEYRING}] ${MIRROR} ${SUITES[series]} main\n`);
    const options = [
      ["Dir::Etc::sourcelist", join(apt, "sources")],
      ["Dir::Etc::sourceparts", "/nonexistent"],
      ["Dir::State::lists", join(apt, "lists")],
      ["Dir::State::status", join(apt, "status")],
      ["Dir::Cache", join(apt, "cache")],
      ["APT::Architecture", "amd64"],
    ].flatMap(([key, value]) => ["-o", `${key}=${value}`]);
    run("apt-get", [...options, "-qq", "update"]);
    const name = String.raw`^linux-image-${series.replace(".", String.raw`\.`)}\.[0-9.+a-z-]*-amd64-unsigned$`;
    const names = run("apt-cache", [...options, "search", "--names-only", name])
      .split("\n")
      .map((line) => line.split(" ")[0]!)
      .filter((one) => one !== "" && !/-(?:rt|cloud)-/u.test(one));
    const newest = names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
    if (newest === undefined) throw new Error(`${SUITES[series]} has no kernel ${series}`);
    run("sh", ["-c", 'cd "$1" && shift && apt-get "$@"', "sh", apt, ...options, "-qq", "download", newest]);
    const archive = readdirSync(apt).find((file) => file.endsWith(".deb"))!;
    mkdirSync(folder, { recursive: true });
    run("dpkg-deb", ["-x", join(apt, archive), folder]);
    rmSync(apt, { recursive: true });
  }
  const image = readdirSync(join(folder, "boot")).find((file) => file.startsWith("vmlinuz-"))!;
  const release = image.slice("vmlinuz-".length);
  const base = existsSync(join(folder, "usr/lib/modules")) ? join(folder, "usr") : folder;
  run("depmod", ["-b", base, release]);
  return { release, image: join(folder, "boot", image), modules: join(base, "lib/modules") };
}

/** busybox, `init`, and the modules in the order in which they are to be loaded. @returns where it lies */
export function makeInitrd({ release, modules }: Kernel, scripts: string, cache: string): string {
  const root = join(cache, `initrd-${release}`);
  rmSync(root, { recursive: true, force: true });
  for (const folder of ["bin", "modules"]) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(run("sh", ["-c", "command -v busybox"]).trim(), join(root, "bin/busybox"));
  copyFileSync(join(scripts, "init"), join(root, "init"));
  run("chmod", ["755", join(root, "init"), join(root, "bin/busybox")]);
  const files = MODULES.flatMap((name) =>
    run("modprobe", ["-d", join(modules, "../.."), "-S", release, "--show-depends", name])
      .split("\n")
      .filter((line) => line.startsWith("insmod "))
      .map((line) => line.split(" ")[1]!),
  );
  const order = [...new Set(files)].map((file) => {
    const name = basename(file).replace(/\.(?:xz|zst)$/u, "");
    const unpack = file.endsWith(".xz") ? "xz -dc" : file.endsWith(".zst") ? "zstd -qdc" : "cat";
    run("sh", ["-c", `${unpack} "$1" >"$2"`, "sh", file, join(root, "modules", name)]);
    return name;
  });
  writeFileSync(join(root, "modules/order"), order.map((name) => `${name}\n`).join(""));
  const initrd = join(cache, `initrd-${release}.gz`);
  run("sh", ["-c", 'cd "$1" && find . | cpio --quiet -o -H newc | gzip -1 >"$2"', "sh", root, initrd]);
  rmSync(root, { recursive: true });
  return initrd;
}

export interface Boot {
  kernel: Kernel;
  initrd: string;
  checkout: string;
  out: string;
  accelerator: string;
  processors: number;
  limitMs: number;
}

/** Resolves when the machine has ended, or its time is over. */
export async function boot({ kernel, initrd, checkout, out, accelerator, processors, limitMs }: Boot): Promise<void> {
  const share = (tag: string, path: string, readonly: boolean): string[] => [
    "-virtfs",
    `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap${readonly ? ",readonly=on" : ""}`,
  ];
  const args = [
    "-19",
    "qemu-system-x86_64",
    ...`-accel ${accelerator} -cpu max -smp ${processors} -m 6G -nic none -nographic -no-reboot`.split(" "),
    "-kernel",
    kernel.image,
    "-initrd",
    initrd,
    "-append",
    APPEND,
    ...share("root", "/", true),
    ...share("modules", kernel.modules, true),
    ...share("checkout", checkout, true),
    ...share("out", out, false),
  ];
  const machine = spawn("nice", args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => void machine.kill("SIGKILL");
  const timer = setTimeout(kill, limitMs);
  const leave = (): void => process.exit(1);
  process.once("exit", kill);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, leave);
  let console = "";
  for (const stream of [machine.stdout, machine.stderr])
    stream.on("data", (piece: Buffer) => (console = (console + piece.toString("latin1")).slice(-100_000)));
  await new Promise((resolve) => machine.once("close", resolve));
  clearTimeout(timer);
  process.off("exit", kill);
  for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, leave);
  writeFileSync(join(out, "console.txt"), console);
}
