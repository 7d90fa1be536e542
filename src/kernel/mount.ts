import { libc } from "./libc.js";

/** include/uapi/linux/mount.h */
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_BIND = 4_096;
export const MS_REC = 16_384;

/**
 * mount(2), in the mount namespace of this process.
 * @param data options of the kind of file system, `mode=755`
 * @throws LibcUnavailableError; an Error that names the errno
 */
export function mount(source: string, target: string, kind: string, flags: number, data = ""): void {
  const { func, errno, nameOfErrno } = libc();
  const call = func(
    "int mount(const char *source, const char *target, const char *kind, unsigned long flags, const char *data)",
  ) as (source: string, target: string, kind: string, flags: number, data: string) => number;
  if (call(source, target, kind, flags, data) === 0) return;
  throw new Error(`${kind === "" ? source : kind} could not be mounted on ${target}: ${nameOfErrno(errno())}`);
}
