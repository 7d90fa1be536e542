import { EventEmitter } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { isForeground, ProcessTerminal } from "../../src/screen/terminal.js";
import { temporaryFolder } from "../support/temporary.js";

class Process extends EventEmitter {
  readonly pid = 1;
  readonly kill = vi.fn<(pid: number, signal: NodeJS.Signals) => boolean>(() => true);
}

function terminalOn(file: string): { terminal: ProcessTerminal; stream: EventEmitter; process: Process; fd: number } {
  const stream = Object.assign(new EventEmitter(), { getWindowSize: (): [number, number] => [100, 30] });
  const [process, fd] = [new Process(), openSync(file, "a")];
  return { terminal: new ProcessTerminal({ fd, stream, owner: process }), stream, process, fd };
}

describe("the terminal of the process", () => {
  test("takes what it is given, and knows its size", () => {
    const file = join(temporaryFolder(), "tty");
    const { terminal, fd } = terminalOn(file);
    terminal.write(Buffer.from("one "));
    expect(terminal.offer(Buffer.from("two"))).toBe(3);
    expect(readFileSync(file, "utf8")).toContain("two");
    expect(terminal.size).toEqual({ columns: 100, rows: 30 });
    closeSync(fd);
    // Gone: nothing is owed to it, and nothing fails.
    terminal.write(Buffer.from("three"));
  });

  test("tells of every way out, and listens to nothing any more in the end", () => {
    const { terminal, stream, process, fd } = terminalOn(join(temporaryFolder(), "tty"));
    const listener = { resized: vi.fn(), left: vi.fn(), returned: vi.fn() };
    const end = terminal.listen(listener);
    stream.emit("resize");
    expect(listener.resized).toHaveBeenCalledOnce();
    process.emit("exit");
    process.emit("uncaughtExceptionMonitor");
    expect(listener.left).toHaveBeenCalledTimes(2);
    expect(process.kill).not.toHaveBeenCalled();
    end();
    expect([...stream.eventNames(), ...process.eventNames()]).toEqual([]);
    closeSync(fd);
  });

  test("on Ctrl-Z is given back before the process stops by the signal's own action, and once more on the next", () => {
    const { terminal, process, fd } = terminalOn(join(temporaryFolder(), "tty"));
    const order: string[] = [];
    const end = terminal.listen({
      resized: () => {},
      left: () => order.push("left"),
      returned: () => order.push("returned"),
    });
    process.kill.mockImplementation((_pid, signal) => {
      // A listener of ours would keep it from stopping.
      order.push(`${signal}, ${process.listenerCount("SIGTSTP")} listeners`);
      return true;
    });
    for (const _ of [1, 2]) {
      process.emit("SIGTSTP");
      process.emit("SIGCONT");
    }
    const once = ["left", "SIGTSTP, 0 listeners", "returned"];
    expect(order).toEqual([...once, ...once]);
    end();
    expect(process.eventNames()).toEqual([]);
    closeSync(fd);
  });

  test("on Ctrl-\\ is given back before the process ends by the signal's own action", () => {
    const { terminal, process, fd } = terminalOn(join(temporaryFolder(), "tty"));
    const order: string[] = [];
    process.kill.mockImplementation((_pid, signal) => {
      order.push(`${signal}, ${process.listenerCount("SIGQUIT")} listeners`);
      return true;
    });
    const end = terminal.listen({ resized: () => {}, left: () => order.push("left"), returned: () => {} });
    process.emit("SIGQUIT");
    expect(order).toEqual(["left", "SIGQUIT, 0 listeners"]);
    end();
    closeSync(fd);
  });

  test("goes on where the kernel refuses to stop a process that nobody could continue", async () => {
    const { terminal, process, fd } = terminalOn(join(temporaryFolder(), "tty"));
    const listener = { resized: vi.fn(), left: vi.fn(), returned: vi.fn() };
    const end = terminal.listen(listener);
    process.emit("SIGTSTP");
    await vi.waitFor(() => expect(listener.returned).toHaveBeenCalledOnce());
    end();
    closeSync(fd);
  });
});

test.each([
  ["7 (node) S 1 7 7 34816 7 4194304 1", true],
  ["7 (node) S 1 7 5 34816 5 4194304 1", false],
  ["7 (a) b) (c) S 1 7 5 34816 5 4194304 1", false],
  // Without a terminal that controls it.
  ["7 (node) S 1 7 7 0 -1 4194304 1", true],
  ["", true],
])("%j is in the foreground: %j", (stat, foreground) => {
  expect(isForeground(stat)).toBe(foreground);
});
