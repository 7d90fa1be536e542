import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those that it lies in, unless it is there. Not with mkdir's `recursive`: Node's then never ends
 * below a folder like /proc, where making one is refused with ENOENT.
 * @throws the errno's error
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const there = await stat(folder).catch(() => null);
  if (there?.isDirectory() === true) return;
  if (there !== null) throw new Error(`${folder} is no folder`);
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), mode);
  await mkdir(folder, mode).catch((error: NodeJS.ErrnoException) => {
    // Another run may have been quicker.
    if (error.code !== "EEXIST") throw error;
  });
}
