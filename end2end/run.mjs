// Runs the browser tests: a house of its own on free ports, counterparts of other makes beside it, then node's runner.
//
//   PROGRAMS=target/debug PYTHON=target/counterparts/bin/python TARGET=target node end2end/run.mjs [tests/some.test.mjs…]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { answers, freePort, says, start, stopAll } from "./support/processes.mjs";
import { run } from "./support/run.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const top = path.dirname(here);
const target = path.resolve(process.env.TARGET ?? path.join(top, "target"));
const programs = path.resolve(process.env.PROGRAMS ?? path.join(target, "debug"));
const python = process.env.PYTHON ?? path.join(target, "counterparts/bin/python");

const home = mkdtempSync(path.join(os.tmpdir(), "brevlada-end2end-"));
const logs = path.join(target, "test/end2end");
const shots = path.join(target, "shots");
rmSync(logs, { recursive: true, force: true });
for (const folder of [logs, shots]) mkdirSync(folder, { recursive: true });

const names = ["web", "service", "ops", "far", "idp", "catcher", "smtp", "sms", "otherIdp", "otherSmtp"];
const port = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()])));

// Everything a test may want to know of the house that it is run against.
const house = {
  home,
  top,
  target,
  programs,
  python,
  shots,
  counterparts: path.join(here, "counterparts"),
  pki: path.join(home, "pki"),
  database: path.join(home, "brevlada.db"),
  web: `http://localhost:${port.web}`,
  service: `https://localhost:${port.service}/service/v3`,
  ops: `http://127.0.0.1:${port.ops}`,
  idp: `http://localhost:${port.idp}`,
  otherIdp: `http://localhost:${port.otherIdp}`,
  catcher: `http://localhost:${port.catcher}`,
  far: `https://localhost:${port.far}`,
  contracts: [process.env.CONTRACTS, path.join(top, "../shared/contracts")].find((at) => at && existsSync(at)),
  environment: {
    INFRASTRUKTUR__PKI__DIR: path.join(home, "pki"),
    INFRASTRUKTUR__REGISTER__LISTEN: `127.0.0.1:${port.far}`,
    INFRASTRUKTUR__REGISTER__DATABASE: `sqlite:${path.join(home, "far.db")}`,
    INFRASTRUKTUR__REGISTER__OPERATOR_ADDRESS: `https://localhost:${port.service}/service/v3`,
    INFRASTRUKTUR__REGISTER__OPERATOR_PAGE: `http://localhost:${port.web}`,
    INFRASTRUKTUR__IDP__LISTEN: `127.0.0.1:${port.idp}`,
    INFRASTRUKTUR__IDP__SP_METADATA: `http://localhost:${port.web}/saml/metadata`,
    INFRASTRUKTUR__CATCHER__LISTEN: `127.0.0.1:${port.catcher}`,
    INFRASTRUKTUR__CATCHER__SMTP_LISTEN: `127.0.0.1:${port.smtp}`,
    INFRASTRUKTUR__CATCHER__SMS_LISTEN: `127.0.0.1:${port.sms}`,
    INFRASTRUKTUR__SENDING__RECIPIENT_URL: `https://localhost:${port.far}/recipient/v3`,
    BREVLADA__WEB__LISTEN: `127.0.0.1:${port.web}`,
    BREVLADA__WEB__PUBLIC_URL: `http://localhost:${port.web}`,
    BREVLADA__WEB__SITE_ROOT: path.join(top, "site"),
    BREVLADA__SERVICE__LISTEN: `127.0.0.1:${port.service}`,
    BREVLADA__SERVICE__PUBLIC_URL: `https://localhost:${port.service}/service/v3`,
    BREVLADA__SERVICE__CERT_FILE: path.join(home, "pki/brevlada.crt"),
    BREVLADA__SERVICE__KEY_FILE: path.join(home, "pki/brevlada.key"),
    BREVLADA__OPS__LISTEN: `127.0.0.1:${port.ops}`,
    BREVLADA__DATABASE__URL: `sqlite:${path.join(home, "brevlada.db")}`,
    BREVLADA__KEYS__MASTER_FILE: path.join(home, "master.toml"),
    BREVLADA__TRUST__CLIENT_CA_FILE: path.join(home, "pki/ca.crt"),
    BREVLADA__TRUST__SIGNING_CA_FILE: path.join(home, "pki/ca.crt"),
    BREVLADA__REGISTER__RECIPIENT_URL: `https://localhost:${port.far}/recipient/v3`,
    BREVLADA__REGISTER__AUTHORITY_URL: `https://localhost:${port.far}/authority`,
    BREVLADA__REGISTER__CERT_FILE: path.join(home, "pki/brevlada.crt"),
    BREVLADA__REGISTER__KEY_FILE: path.join(home, "pki/brevlada.key"),
    BREVLADA__REGISTER__CA_FILE: path.join(home, "pki/ca.crt"),
    BREVLADA__SAML__IDP_METADATA: `http://localhost:${port.idp}/metadata,http://localhost:${port.otherIdp}/metadata`,
    BREVLADA__SMTP__URL: `smtp://127.0.0.1:${port.smtp}`,
    BREVLADA__SMS__URL: `http://127.0.0.1:${port.sms}/a1/sms`,
    BREVLADA__LOG__FORMAT: "json",
  },
};

async function tests() {
  const env = house.environment;
  const options = { env, cwd: home, logs };
  const infrastruktur = path.join(programs, "infrastruktur");
  const brevlada = path.join(programs, "brevlada");

  await run(infrastruktur, ["pki"], { env, cwd: home });
  const around = start("infrastruktur", infrastruktur, ["serve"], options);
  const other = start("pysaml2", python, [
    path.join(house.counterparts, "idp.py"), "--port", String(port.otherIdp),
    "--home", path.join(home, "pysaml2"), "--sp", `${house.web}/saml/metadata`,
  ], options);
  await Promise.all([answers(around, `${house.idp}/metadata`), says(other, "ready")]);
  const mailbox = start("brevlada", brevlada, ["serve"], options);
  await answers(mailbox, `${house.ops}/readyz`);
  await run(infrastruktur, ["demo-mail"], { env, cwd: home });

  const description = path.join(home, "house.json");
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

let status = 1;
try {
  status = await tests();
} catch (problem) {
  console.error(problem.message);
} finally {
  await stopAll();
  if (status === 0) rmSync(home, { recursive: true, force: true });
  else console.error(`The house's folder is kept at ${home}, its logs at ${logs}`);
}
process.exit(status);
