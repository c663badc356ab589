// The figures: what brevlada does, beside what the machine can do, measured in the same run.
//
//   PROGRAMS=target/release TARGET=target node benches/run.mjs [--quick]
//
// deliverSecure: requests of some 12 kB (6 kB of text) over 32 kept-alive mutual-TLS connections, the load on the same cores, SQLite with full
// sync. Then the inbox page with 1,000 and with 100,000 letters in the box, and what the first page weighs on the wire.
import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stopAll } from "../end2end/support/processes.mjs";
import { run } from "../end2end/support/run.mjs";
import { open, plan } from "../end2end/support/setup.mjs";

const quick = process.argv.includes("--quick");
const letters = quick ? 1_000 : 20_000;
const boxes = quick ? [100, 2_000] : [1_000, 100_000];
const connections = 32;
const size = 6_000;
const views = quick ? 200 : 1_000;

const house = await plan({ purpose: "bench", settings: { BREVLADA__LOG__LEVEL: "warn" } });
const infrastruktur = (...args) => run(path.join(house.programs, "infrastruktur"), args, {
  env: house.environment, cwd: house.home, timeout: 1_800_000,
});

/** RSA-2048 verifications and signatures a second on one core, by OpenSSL. */
function rsa() {
  const told = execFileSync("openssl", ["speed", "-mr", "-seconds", quick ? "1" : "3", "rsa2048"], {
    encoding: "utf8", stdio: ["ignore", "pipe", "ignore"],
  });
  const fields = told.match(/^\+F2:.*$/m)[0].split(":");
  // +F2:index:bits:seconds a signature:seconds a verification (or the rates, by version)
  const rate = (value) => (Number(value) < 1 ? 1 / Number(value) : Number(value));
  return { sign: rate(fields[3]), verify: rate(fields[4]) };
}

/** Durable commits a second: 4 kB written and synced, one after the other, where the database lies. */
function commits() {
  const file = path.join(house.home, "fsync");
  const handle = openSync(file, "w");
  const page = Buffer.alloc(4096, 1);
  const until = performance.now() + (quick ? 500 : 3_000);
  let count = 0;
  const began = performance.now();
  while (performance.now() < until) {
    writeSync(handle, page);
    fdatasyncSync(handle);
    count += 1;
  }
  const seconds = (performance.now() - began) / 1000;
  closeSync(handle);
  rmSync(file);
  return count / seconds;
}

const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** CPU that a process has used, in milliseconds. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

/** Memory of a process in MB: now, and at its most. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024;
  return { now: of("VmRSS"), most: of("VmHWM") };
}

const number = (value, digits = 0) => value.toLocaleString("en-GB", {
  minimumFractionDigits: digits, maximumFractionDigits: digits,
});

/** Prints a table in Markdown. */
function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => String(row[column]).length)));
  const line = (row) => `| ${row.map((cell, column) => String(cell).padEnd(widths[column])).join(" | ")} |`;
  console.log([line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n"));
}

/** Delivers many letters; gives the rate, the percentiles and what it cost. */
async function load(mailbox, count, ...more) {
  const before = cpu(mailbox.child.pid);
  const told = JSON.parse((await infrastruktur(
    "load", "--count", String(count), "--connections", String(connections), "--size", String(size), "--json", ...more,
  )).trim().split("\n").pop());
  return { ...told, cpu: (cpu(mailbox.child.pid) - before) / count };
}

/** CPU of the server for one view of the inbox, in milliseconds, and how long it took on the wire. */
async function inbox(mailbox, cookie) {
  const get = async () => {
    const answer = await fetch(`${house.web}/inkorg`, { headers: { cookie }, redirect: "manual" });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`the inbox answered ${answer.status}`);
    return body.length;
  };
  for (let warm = 0; warm < 20; warm += 1) await get();
  const before = cpu(mailbox.child.pid);
  const times = [];
  for (let view = 0; view < views; view += 1) {
    const began = performance.now();
    await get();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { cpu: (cpu(mailbox.child.pid) - before) / views, p50: times[views >> 1], p99: times[Math.floor(views * 0.99)] };
}

/** Logs Tolvan in with a real browser; gives the session and what the first view of the inbox weighs. */
async function firstLoad() {
  process.env.HOUSE = path.join(house.home, "house.json");
  writeFileSync(process.env.HOUSE, JSON.stringify(house));
  const { close, login, visitor } = await import("../end2end/support/browser.mjs");
  const { people } = await import("../end2end/support/house.mjs");
  const person = await visitor();
  await login(person.page, people.tolvan);
  const cookies = (await person.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const fresh = await visitor();
  await fresh.context.addCookies(await person.context.cookies());
  const wire = await fresh.context.newCDPSession(fresh.page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: false });
  const kinds = new Map();
  const bytes = {};
  wire.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "other";
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  await fresh.page.goto("/inkorg", { waitUntil: "networkidle" });
  await close();
  return { cookies, bytes };
}

/** A row of the table of pages. */
function viewed(box, view) {
  return [`inbox with ${number(box)} letters`, number(view.cpu, 2), "1", number(view.p50, 2), number(view.p99, 2)];
}

async function bench() {
  console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB\n`);
  const machine = { ...rsa(), commits: commits() };
  const { mailbox } = await open(house);
  const { pid } = mailbox.child;

  // Fills the small box, which also warms everything up.
  await load(mailbox, boxes[0]);
  const { cookies, bytes } = await firstLoad();
  const small = await inbox(mailbox, cookies);

  const delivered = await load(mailbox, letters);
  const most = memory(pid).most;
  table(["deliverSecure", "measured", "aim", "the machine's own limit"], [
    ["deliveries a second", number(delivered.per_second), "1,000",
      `${number(machine.verify)} RSA-2048 verifications a second on a core (OpenSSL); a delivery takes two`],
    ["p50, ms", number(delivered.p50_ms, 1), "", `${number(1000 / machine.commits, 2)} for one durable commit`],
    ["p99, ms", number(delivered.p99_ms, 1), "", ""],
    ["CPU of brevlada, ms each", number(delivered.cpu, 2), "", `${number(2000 / machine.verify, 2)} for two verifications`],
    ["deliveries for one durable commit", number(delivered.per_second / machine.commits, 2), "",
      `${number(machine.commits)} durable commits a second, one after the other`],
    ["bytes of a request", number(delivered.request_bytes), "", ""],
    ["most memory, MB", number(most), "200", ""],
  ]);
  console.log();

  await load(mailbox, boxes[1] - boxes[0] - letters);
  const large = await inbox(mailbox, cookies);
  table(["page", "CPU of brevlada, ms", "aim", "p50 on the wire, ms", "p99"],
    [viewed(boxes[0], small), viewed(boxes[1], large)]);
  console.log(`\nThe large box costs ${number(large.cpu / small.cpu, 2)} times the small one.\n`);

  const total = Object.values(bytes).reduce((sum, part) => sum + part, 0);
  table(["first load of the inbox", "kB on the wire", "aim"], [
    ...Object.entries(bytes).map(([kind, part]) => [kind.toLowerCase(), number(part / 1000, 1), ""]),
    ["all", number(total / 1000, 1), "150"],
  ]);
}

let status = 1;
try {
  await bench();
  status = 0;
} catch (problem) {
  console.error(problem);
} finally {
  await stopAll();
  rmSync(house.home, { recursive: true, force: true });
}
process.exit(status);
