// The figures: what brevlada does, beside what the machine can do, measured in the same run.
//
//   PROGRAMS=target/release TARGET=target node benches/run.mjs [--quick] [--only delivery|pages|export|first|search …]
//
// deliverSecure: requests of some 12 kB (6 kB of text) over 32 kept-alive mutual-TLS connections, the load on the same cores, SQLite with full
// sync. Then the inbox page with 1,000 and with 100,000 letters in the box, and what the first page weighs on the wire.
// At last, in a mailbox of its own, search with 1,000, 10,000, 100,000 and 1,000,000 letters, and what indexing a letter costs.
import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stopAll } from "../end2end/support/processes.mjs";
import { run } from "../end2end/support/run.mjs";
import { open, plan } from "../end2end/support/setup.mjs";

const quick = process.argv.includes("--quick");
const only = process.argv.includes("--only") ? process.argv.slice(process.argv.indexOf("--only") + 1) : [];
const wanted = (part) => only.length === 0 || only.includes(part);
const letters = quick ? 1_000 : 20_000;
const boxes = quick ? [100, 2_000] : [1_000, 100_000];
const searched = quick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
const connections = 32;
const size = 6_000;
const views = quick ? 200 : 1_000;

const house = await plan({
  purpose: "bench",
  // The load comes from one organisation, which otherwise would have a share of the places only.
  settings: { BREVLADA__LOG__LEVEL: "warn", BREVLADA__SERVICE__MAX_IN_FLIGHT_OF_ONE: String(connections) },
});
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

let closeBrowser = () => {};
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

/** Letters delivered so far. */
let delivered = 0;

/** Delivers many letters; gives the rate, the percentiles and what it cost. */
async function load(mailbox, count) {
  const before = cpu(mailbox.child.pid);
  const told = JSON.parse((await infrastruktur(
    "load", "--count", String(count), "--connections", String(connections), "--size", String(size), "--json",
  )).trim().split("\n").pop());
  delivered += count;
  return { ...told, cpu: (cpu(mailbox.child.pid) - before) / count };
}

/** Waits until what follows a delivery has been done: notices, and the index of search. */
async function settled(mailbox) {
  for (let before = cpu(mailbox.child.pid), quiet = 0; quiet < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = cpu(mailbox.child.pid);
    quiet = now - before > 10 ? 0 : quiet + 1;
    before = now;
  }
}

/** CPU of the server for one view of each of some pages, in milliseconds, and how long it took on the wire. */
async function viewing(mailbox, cookie, addresses, count = views) {
  const get = async (address) => {
    const answer = await fetch(`${house.web}${address}`, { headers: { cookie }, redirect: "manual" });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`);
    return body;
  };
  for (let warm = 0; warm < 20; warm += 1) await get(addresses[warm % addresses.length]);
  const before = cpu(mailbox.child.pid);
  const times = [];
  for (let view = 0; view < count; view += 1) {
    const began = performance.now();
    await get(addresses[view % addresses.length]);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { cpu: (cpu(mailbox.child.pid) - before) / count, p50: times[count >> 1], p99: times[Math.floor(count * 0.99)] };
}

/** Questions of each kind, in the filler's own language: words in most letters, in some of a hundred, in some of ten thousand. */
const questions = {
  "two common words": ["lal+jan", "jan+bel", "lal+bel"],
  "two words in some letters": ["borsal+pån", "pil+borsal", "pån+pil"],
  "two words, one rare": ["lal+balpar", "jan+dalber", "bel+balpar"],
  "a part of a word": ["orsal", "arpil", "elban"],
  "a number, or a part of it": ["123456", "OCR+7654", "471147"],
  "a phrase": ['"lal+jan"', '"jan+bel"', '"dal+pil"'],
};

/** Fills Nils' mailbox up to each size, indexes it, and searches in it. */
async function searching(mailbox, cookie) {
  const rows = [];
  const costs = [];
  const fill = path.join(house.programs, "examples/fill");
  const tool = (program, ...args) => run(program, args, { env: house.environment, cwd: house.home, timeout: 7_200_000 });
  const pki = (name) => path.join(house.pki, name);
  let filled = 0;
  for (const size of searched) {
    const before = cpu(mailbox.child.pid);
    // The server indexes while they are filled in, and goes on for a while.
    await tool(fill, "195407209831", String(size - filled), pki("162021004748.crt"), pki("162021004748.key"));
    for (;;) {
      const told = await tool(path.join(house.programs, "brevlada"), "search", "status");
      if (told.includes("Every letter is indexed.")) break;
      // A session would run idle meanwhile.
      await fetch(`${house.web}/inkorg`, { headers: { cookie } });
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
    await settled(mailbox);
    costs.push([`${number(filled)} to ${number(size)}`, number((cpu(mailbox.child.pid) - before) / (size - filled), 2)]);
    console.error(costs.at(-1).join("  "));
    filled = size;
    for (const [kind, asked] of Object.entries(questions)) {
      const seen = await viewing(mailbox, cookie, asked.map((q) => `/sok?q=${q}`), quick ? 30 : 100);
      rows.push([number(size), kind, number(seen.cpu, 2), number(seen.p50, 2), number(seen.p99, 2)]);
      console.error(rows.at(-1).join("  "));
    }
  }
  console.log();
  table(["letters", "search for", "CPU of brevlada, ms", "p50 on the wire, ms", "p99"], rows);
  console.log();
  table(["indexing, letters in the mailbox", "CPU of brevlada, ms a letter"], costs);
}

/** Logs somebody in with a real browser; gives the session and what the first view of the inbox weighs. */
async function firstLoad(who) {
  process.env.HOUSE = path.join(house.home, "house.json");
  writeFileSync(process.env.HOUSE, JSON.stringify(house));
  const { close, login, visitor, words } = await import("../end2end/support/browser.mjs");
  const { people } = await import("../end2end/support/house.mjs");
  const person = await visitor();
  await login(person.page, people[who]);
  if (new URL(person.page.url()).pathname === "/villkor") {
    await person.page.getByLabel(words.sv.terms.agree).check();
    await person.page.getByRole("button", { name: words.sv.terms.open, exact: true }).click();
    await person.page.waitForURL(/\/inkorg/);
  }
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
  await Promise.all([person.done(), fresh.done()]);
  closeBrowser = close;
  return { cookies, bytes };
}

/** Has everything in the box made into one file; gives letters a second, and what it cost. */
async function exported(mailbox, cookie) {
  const ask = (address, options = {}) => fetch(`${house.web}${address}`, {
    redirect: "manual", ...options, headers: { cookie, accept: "text/html", origin: house.web, ...options.headers },
  });
  const before = cpu(mailbox.child.pid);
  const began = performance.now();
  await ask("/api/export/borja", { method: "POST", body: new URLSearchParams() });
  for (;;) {
    const page = await (await ask("/installningar/export")).text();
    const file = page.match(/\/hamta\/allt\/[0-9a-f-]+/);
    if (file) {
      const seconds = (performance.now() - began) / 1000;
      const cost = cpu(mailbox.child.pid) - before;
      const letters = delivered;
      const answer = await ask(file[0]);
      let bytes = 0;
      const fetching = performance.now();
      for await (const part of answer.body) bytes += part.length;
      return { letters, seconds, cost, bytes, fetched: (performance.now() - fetching) / 1000 };
    }
    if (performance.now() - began > 1_800_000) throw new Error("the export does not get ready");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The pages of a big box, each by an order of its own. */
const orders = {
  "newest first": "/inkorg",
  "unread first": "/inkorg?ordning=olasta-forst",
  "by sender": "/inkorg?ordning=avsandare",
  "by subject": "/inkorg?ordning=amne",
};

/** A row of the table of pages. */
function viewed(box, order, view) {
  return [`${number(box)} letters, ${order}`, number(view.cpu, 2), number(view.p50, 2), number(view.p99, 2)];
}

/** What the machine can do by itself, so that the figures can be told from its limits. */
const machine = { ...rsa(), commits: commits() };

/** deliverSecure, after some thousand have warmed it up. */
async function delivery(mailbox) {
  const told = await load(mailbox, letters);
  table(["deliverSecure", "measured", "aim", "the machine's own limit"], [
    ["deliveries a second", number(told.per_second), "1,000",
      `${number(machine.verify)} RSA-2048 verifications a second on a core (OpenSSL); a delivery takes two`],
    ["p50, ms", number(told.p50_ms, 1), "", `${number(1000 / machine.commits, 2)} for one durable commit`],
    ["p99, ms", number(told.p99_ms, 1), "", ""],
    ["CPU of brevlada, ms each", number(told.cpu, 2), "", `${number(2000 / machine.verify, 2)} for two verifications`],
    ["deliveries for one durable commit", number(told.per_second / machine.commits, 2), "",
      `${number(machine.commits)} durable commits a second, one after the other`],
    ["bytes of a request", number(told.request_bytes), "", ""],
    ["most memory, MB", number(memory(mailbox.child.pid).most), "200", ""],
  ]);
  console.log();
}

/** The inbox at two sizes, and the orders of the large one. */
async function pages(mailbox, cookies) {
  await settled(mailbox);
  const small = await viewing(mailbox, cookies, ["/inkorg"]);
  const rows = [viewed(boxes[0], "newest first", small)];
  await load(mailbox, boxes[1] - boxes[0]);
  await settled(mailbox);
  let large;
  for (const [order, address] of Object.entries(orders)) {
    const view = await viewing(mailbox, cookies, [address]);
    large ??= view;
    rows.push(viewed(boxes[1], order, view));
  }
  table(["inbox, aim 1 ms", "CPU of brevlada, ms", "p50 on the wire, ms", "p99"], rows);
  console.log(`\nThe large box costs ${number(large.cpu / small.cpu, 2)} times the small one.\n`);
}

/** Everything in the box as one file. */
async function exporting(mailbox, cookies) {
  const file = await exported(mailbox, cookies);
  table(["export of everything", "measured", "the machine's own limit"], [
    ["letters a second", number(file.letters / file.seconds),
      `${number(machine.verify / 2)} by verifying two signatures each on one core (OpenSSL)`],
    ["CPU of brevlada, ms a letter", number(file.cost / file.letters, 2), ""],
    ["MB of the file", number(file.bytes / 1e6), ""],
    ["MB a second when it is fetched", number(file.bytes / 1e6 / file.fetched), ""],
    ["most memory, MB", number(memory(mailbox.child.pid).most), ""],
  ]);
  console.log();
}

/** What a first visit weighs. */
function first(bytes) {
  const total = Object.values(bytes).reduce((sum, part) => sum + part, 0);
  table(["first load of the inbox", "kB on the wire", "aim"], [
    ...Object.entries(bytes).map(([kind, part]) => [kind.toLowerCase(), number(part / 1000, 1), ""]),
    ["all", number(total / 1000, 1), "150"],
  ]);
  console.log();
}

async function bench() {
  console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB\n`);
  const { mailbox } = await open(house);
  // Fills the small box, which also warms everything up.
  await load(mailbox, boxes[0]);
  const { cookies, bytes } = await firstLoad("tolvan");
  if (wanted("first")) first(bytes);
  if (wanted("pages")) await pages(mailbox, cookies);
  if (wanted("delivery")) await delivery(mailbox);
  if (wanted("export")) await exporting(mailbox, cookies);
  if (wanted("search")) await searching(mailbox, (await firstLoad("nils")).cookies);
}

let status = 1;
try {
  await bench();
  status = 0;
} catch (problem) {
  console.error(problem);
} finally {
  await closeBrowser();
  await stopAll();
  rmSync(house.home, { recursive: true, force: true });
}
process.exit(status);
