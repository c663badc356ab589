// Runs the browser tests: a house of its own on free ports, counterparts of other makes beside it, then node's runner.
//
//   PROGRAMS=target/debug PYTHON=target/counterparts/bin/python TARGET=target node end2end/run.mjs [tests/some.test.mjs…]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { says, start, stopAll } from "./support/processes.mjs";
import { run } from "./support/run.mjs";
import { open, plan } from "./support/setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const house = await plan({ purpose: "end2end" });

/** The identity provider of another make. */
async function otherIdp() {
  const program = start("pysaml2", house.python, [
    path.join(house.counterparts, "idp.py"), "--port", String(house.port.otherIdp),
    "--home", path.join(house.home, "pysaml2"), "--sp", `${house.web}/saml/metadata`,
  ], { logs: house.logs });
  await says(program, "ready");
}

async function tests() {
  await open(house, otherIdp);
  await run(path.join(house.programs, "infrastruktur"), ["demo-mail"], { env: house.environment, cwd: house.home });

  const description = path.join(house.home, "house.json");
  writeFileSync(description, JSON.stringify(house));
  const chosen = process.argv.slice(2);
  const files = chosen.length
    ? chosen.map((file) => path.resolve(file))
    : readdirSync(path.join(here, "tests")).filter((name) => name.endsWith(".test.mjs")).sort()
        .map((name) => path.join(here, "tests", name));
  const runner = spawn(
    process.execPath,
    ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files],
    { env: { ...process.env, HOUSE: description }, stdio: "inherit" },
  );
  const [status] = await once(runner, "exit");
  return status ?? 1;
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  process.on(signal, () => stopAll().finally(() => process.exit(code)));
}

let status = 1;
try {
  status = await tests();
} catch (problem) {
  console.error(problem.message);
} finally {
  await stopAll();
  if (status === 0) rmSync(house.home, { recursive: true, force: true });
  else console.error(`The house's folder is kept at ${house.home}, its logs at ${house.logs}`);
}
process.exit(status);
