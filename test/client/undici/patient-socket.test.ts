import { once } from "node:events";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { type PatientSocket, patientSocket } from "../../../src/client/undici/patient-socket.js";
import { OK, startServer } from "../servers.js";

/** A connected socket that has asked for something. */
async function ask(answer: (socket: Socket) => void): Promise<PatientSocket> {
  const server = await startServer((request) => answer(request.socket));
  const socket = patientSocket(new Socket());
  socket.on("error", () => {});
  socket.connect(server.target.port, server.target.host);
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\n\r\n");
  return socket;
}

async function closeOf(socket: Socket): Promise<void> {
  // Not once(): that rejects when an error comes first.
  if (!socket.closed) await new Promise((resolve) => socket.on("close", resolve));
}

describe("destroy()", () => {
  test("closes at once while the socket is not patient", async () => {
    const socket = await ask(() => {});
    socket.destroy();
    expect(socket.destroyed).toBe(true);
    await closeOf(socket);
  });

  test("waits for the server's FIN while it is", async () => {
    const socket = await ask((server) => {
      server.write(OK);
      setTimeout(() => server.end(), 30);
    });
    await once(socket, "readable");
    socket.patient = true;
    socket.destroy();
    expect([socket.destroyed, socket.waiting]).toEqual([false, true]);
    await closeOf(socket);
    expect(socket.readableEnded).toBe(true);
  });

  test("waits through bytes that nobody reads any more", async () => {
    const socket = await ask((server) => {
      server.write(OK);
      setTimeout(() => server.write("more"), 10);
      setTimeout(() => server.end("and more"), 20);
    });
    socket.patient = true;
    socket.destroy();
    await closeOf(socket);
    expect(socket.readableEnded).toBe(true);
  });

  test("keeps the error that it was given", async () => {
    const socket = await ask((server) => server.end());
    socket.patient = true;
    const reason = new Error("reset");
    socket.destroy(reason);
    await closeOf(socket);
    expect(socket.errored).toBe(reason);
  });

  test("gives up when the server never closes", async () => {
    const socket = await ask(() => {});
    socket.patient = true;
    socket.destroy();
    await closeOf(socket);
    expect(socket.readableEnded).toBe(false);
  });

  test("does not wait after a reset", async () => {
    const socket = await ask((server) => server.resetAndDestroy());
    socket.patient = true;
    socket.resume();
    await closeOf(socket);
    expect(socket.errored).toMatchObject({ code: "ECONNRESET" });
    expect(socket.waiting).toBe(false);
  });

  test("is free of its wait by a reset", async () => {
    const socket = await ask((server) => setTimeout(() => server.resetAndDestroy(), 20));
    socket.patient = true;
    socket.destroy();
    await closeOf(socket);
    expect(socket.errored).toMatchObject({ code: "ECONNRESET" });
  });

  test("may be called again while it waits", async () => {
    const socket = await ask((server) => setTimeout(() => server.end(), 20));
    socket.patient = true;
    socket.destroy();
    socket.destroy();
    expect(socket.destroyed).toBe(false);
    await closeOf(socket);
    expect(socket.readableEnded).toBe(true);
  });
});
