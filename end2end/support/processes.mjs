// Programs that the tests start: each waited for, each ended, none left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const running = [];
const given = new Set();

/** A port that was free a moment ago; never the same twice, for several houses may be planned at once. */
export async function freePort() {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}

/** Starts a program; its words go to a file in `logs`. */
export function start(name, command, args, { env = {}, cwd, logs }) {
  const file = path.join(logs, `${name}.log`);
  const log = openSync(file, "w");
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ["ignore", log, log] });
  closeSync(log);
  const program = { name, child, file, logs, ended: once(child, "exit") };
  child.on("error", (error) => (program.error = error));
  running.push(program);
  return program;
}

/** Waits until an address answers with 200, and says why if it never does. */
export async function answers(program, url, seconds = 60) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    if (program.error || program.child.exitCode !== null || Date.now() > until) {
      const said = readFileSync(program.file, "utf8").split("\n").slice(-25).join("\n");
      throw new Error(`${program.name} does not answer at ${url}. ${program.error ?? ""} It said:\n${said}`);
    }
    await sleep(100);
  }
}

/** Waits until a program has said a word on its output. */
export async function says(program, word, seconds = 30) {
  const until = Date.now() + seconds * 1000;
  while (!readFileSync(program.file, "utf8").includes(word)) {
    if (program.error || program.child.exitCode !== null || Date.now() > until) {
      throw new Error(`${program.name} did not say ${word}:\n${readFileSync(program.file, "utf8")}`);
    }
    await sleep(50);
  }
}

/** Ends one program, kindly first. */
export async function stop(program) {
  if (program.child.exitCode === null && program.child.signalCode === null) {
    program.child.kill("SIGTERM");
    const late = setTimeout(() => program.child.kill("SIGKILL"), 15_000);
    await program.ended;
    clearTimeout(late);
  }
}

/** Ends everything, or what has its logs in one folder: the last first. */
export async function stopAll(logs) {
  const ending = running.filter((program) => !logs || program.logs === logs);
  for (const program of ending.reverse()) {
    running.splice(running.indexOf(program), 1);
    await stop(program);
  }
}
