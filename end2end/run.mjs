// Runs the browser tests: a house of its own on free ports, counterparts of other makes beside it, then node's runner.
//
//   PROGRAMS=target/debug PYTHON=target/counterparts/bin/python TARGET=target node end2end/run.mjs [tests/some.test.mjs…]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { says, start, stopAll } from "./support/processes.mjs";
import { run } from "./support/run.mjs";
import { open, plan } from "./support/setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const foreign = "foreign_mail.test.mjs";
const everyPage = "access.test.mjs";
const apart = [foreign, everyPage];
const every = readdirSync(path.join(here, "tests")).filter((name) => name.endsWith(".test.mjs") && !apart.includes(name)).sort();
const chosen = process.argv.slice(2).map((file) => path.basename(file));

/** The identity provider of another make. */
async function otherIdp(house) {
  const program = start("pysaml2", house.python, [
    path.join(house.counterparts, "idp.py"), "--port", String(house.port.otherIdp),
    "--home", path.join(house.home, "pysaml2"), "--sp", `${house.web}/saml/metadata`,
  ], { logs: house.logs });
  await says(program, "ready");
}

/** The mail server of another make, in the place of ours; busy at first. */
async function otherMailServer(house) {
  const program = start("aiosmtpd", house.python, [
    path.join(house.counterparts, "smtp_server.py"), "--port", String(house.port.otherSmtp), "--into", path.join(house.home, "mail"),
    "--refuse-first", "1", "--cert", path.join(house.pki, "brevlada-tls.crt"), "--key", path.join(house.pki, "brevlada-tls.key"),
  ], { logs: house.logs });
  await says(program, "ready");
}

/** The settings of a house that sends through it. */
const throughIt = async (house) => ({
  BREVLADA__SMTP__URL: `smtp://localhost:${house.port.otherSmtp}?tls=required`,
  BREVLADA__SMTP__CA_FILE: path.join(house.pki, "ca.crt"),
  BREVLADA__SMTP__BOUNCE_ADDRESS: "studs@post.example",
  BREVLADA__NOTICE__RETRY: "1s,1s,1s",
});

/** The settings of a house with a new database in the private cluster. */
async function onPostgres() {
  const url = new URL(process.env.BREVLADA_TEST_POSTGRES);
  await run("psql", [url.href, "--quiet", "--command", "CREATE DATABASE end2end"]);
  url.pathname = "/end2end";
  return { BREVLADA__DATABASE__URL: url.href };
}

/** Builds a house, runs test files against it, takes it away. True when all passed. What is said while another house speaks is told at the end. */
async function inHouse(purpose, files, { settings = async () => ({}), beside = async () => {}, aloud = true } = {}) {
  const house = await plan({ purpose });
  Object.assign(house.environment, await settings(house));
  let good = false;
  try {
    await open(house, () => Promise.all([otherIdp(house), beside(house)]));
    await run(path.join(house.programs, "infrastruktur"), ["demo-mail"], { env: house.environment, cwd: house.home });
    const description = path.join(house.home, "house.json");
    writeFileSync(description, JSON.stringify(house));
    const runner = spawn(
      process.execPath,
      ["--test", "--test-timeout=900000", "--test-concurrency=1", "--test-reporter=spec", ...files.map((name) => path.join(here, "tests", name))],
      { env: { ...process.env, HOUSE: description }, stdio: ["inherit", aloud ? "inherit" : "pipe", "inherit"] },
    );
    const said = aloud ? "" : await text(runner.stdout);
    good = (runner.exitCode ?? (await once(runner, "exit"))[0]) === 0;
    console.log(said);
  } catch (problem) {
    console.error(problem.message);
  } finally {
    await stopAll(house.logs);
    if (good) rmSync(house.home, { recursive: true, force: true });
    else console.error(`The house's folder is kept at ${house.home}, its logs at ${house.logs}`);
  }
  return good;
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  process.on(signal, () => stopAll().finally(() => process.exit(code)));
}

/** Every house with the files for it, what takes longest first. The usual files are three houses' work: no story needs another file's. */
function houses() {
  const usual = (third) => every.filter((_, at) => at % 3 === third);
  const all = [
    ["", usual(0), {}],
    ["-b", usual(1), {}],
    ["-c", usual(2), {}],
    ["-postgres", ["holder.test.mjs", "notices.test.mjs", "reading.test.mjs", "settings.test.mjs"], { settings: onPostgres }],
    ["-access", [everyPage], {}],
    ["-mail", [foreign], { settings: throughIt, beside: otherMailServer }],
  ];
  if (process.env.BREVLADA_TEST_POSTGRES) return all;
  console.log("skipped on PostgreSQL: BREVLADA_TEST_POSTGRES names none");
  return all.filter(([purpose]) => purpose !== "-postgres");
}

/** All houses, four at a time. What each says is told when it is done. */
async function all() {
  const waiting = houses();
  let good = true;
  const next = async () => {
    for (let house = waiting.shift(); house; house = waiting.shift()) {
      const [purpose, files, options] = house;
      console.log(`house${purpose}: ${files.length} files`);
      good = (await inHouse(`end2end${purpose}`, files, { ...options, aloud: false })) && good;
    }
  };
  await Promise.all([next(), next(), next(), next()]);
  return good;
}

async function only(files) {
  const usual = files.filter((name) => name !== foreign);
  let good = usual.length === 0 || (await inHouse("end2end", usual));
  if (files.includes(foreign)) {
    good = (await inHouse("end2end-mail", [foreign], { settings: throughIt, beside: otherMailServer })) && good;
  }
  return good;
}

process.exit((await (chosen.length ? only(chosen) : all())) ? 0 : 1);
