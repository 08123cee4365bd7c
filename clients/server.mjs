// Starts the server for a check.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

// How long the demo may take to load, in milliseconds, on a slow and busy machine.
export const loadLimit = 180_000;

// startServer runs the binary on a library of its own and a free port, with further flags, and answers when it serves.
// kill ends it as a crash would, end by a signal, and start has it serve again, at the same address and with the same library.
export async function startServer(binary, ...flags) {
  const data = await mkdtemp(path.join(os.tmpdir(), "vodgraph-clients-"));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}/`;
  let running = run(binary, "--data", data, "--listen", address, ...flags);
  const end = (signal) => {
    running.child.kill(signal);
    return running.ending;
  };
  const stop = async () => {
    await end("SIGTERM");
    await rm(data, { recursive: true, force: true });
  };
  const serves = async () => {
    const deadline = Date.now() + loadLimit;
    while (!(await answers(url))) {
      if (running.ended || Date.now() > deadline) {
        await stop();
        console.error(`The server wrote:\n${running.log}`); // once; what is thrown is reported again for each test
        throw new Error("The server does not serve.");
      }
      await pause(100);
    }
  };
  await serves();
  const start = () => {
    running = run(binary, "--data", data, "--listen", address, ...flags);
    return serves();
  };
  return { url, stop, end, kill: () => end("SIGKILL"), start };
}

// run runs the binary. What comes back has whether it has ended, when it will, and what it wrote.
function run(binary, ...flags) {
  // Settings that stand in the environment are not this server's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VODGRAPH_")));
  const child = spawn(binary, flags, { env });
  const running = { child, log: "", ended: false };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (running.log += text));
  running.ending = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", (error) => resolve((running.log += error))); // it could not be started
  }).then(() => (running.ended = true));
  return running;
}

// answers reports whether a server is there, whatever it answers.
async function answers(url) {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

// freePort asks the system for a port that no one listens on.
async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
