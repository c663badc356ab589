// A house of its own: a folder, free ports, both programs. For the browser tests and for the benchmarks.
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { answers, freePort, start } from "./processes.mjs";
import { run } from "./run.mjs";

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const target = path.resolve(process.env.TARGET ?? path.join(top, "target"));

/** Chooses ports and a folder; gives everything that a test may want to know. Nothing is started. */
export async function plan({ purpose, settings = {} }) {
  const home = mkdtempSync(path.join(os.tmpdir(), `brevlada-${purpose}-`));
  const logs = path.join(target, "test", purpose);
  const shots = path.join(target, "shots");
  for (const folder of [logs, shots]) mkdirSync(folder, { recursive: true });
  const names = ["web", "service", "ops", "far", "idp", "catcher", "smtp", "sms", "push", "otherIdp", "otherSmtp"];
  const port = {};
  for (const name of names) port[name] = await freePort();
  return {
    home,
    top,
    target,
    logs,
    shots,
    port,
    programs: path.resolve(process.env.PROGRAMS ?? path.join(target, "debug")),
    python: process.env.PYTHON ?? path.join(target, "counterparts/bin/python"),
    counterparts: path.join(top, "end2end/counterparts"),
    pki: path.join(home, "pki"),
    database: path.join(home, "brevlada.db"),
    web: `http://localhost:${port.web}`,
    service: `https://localhost:${port.service}/service/v3`,
    ops: `http://127.0.0.1:${port.ops}`,
    idp: `http://localhost:${port.idp}`,
    otherIdp: `http://localhost:${port.otherIdp}`,
    catcher: `http://localhost:${port.catcher}`,
    push: `http://127.0.0.1:${port.push}`,
    far: `https://localhost:${port.far}`,
    contracts: [process.env.CONTRACTS, path.join(top, "../shared/contracts")].find((at) => at && existsSync(at)),
    environment: {
      INFRASTRUKTUR__PKI__DIR: path.join(home, "pki"),
      INFRASTRUKTUR__REGISTER__LISTEN: `127.0.0.1:${port.far}`,
      INFRASTRUKTUR__REGISTER__DATABASE: `sqlite:${path.join(home, "far.db")}`,
      INFRASTRUKTUR__REGISTER__OPERATOR_ADDRESS: `https://localhost:${port.service}/service/v3`,
      INFRASTRUKTUR__REGISTER__OPERATOR_PAGE: `http://localhost:${port.web}`,
      INFRASTRUKTUR__IDP__LISTEN: `127.0.0.1:${port.idp}`,
      INFRASTRUKTUR__IDP__SP_METADATA: `http://localhost:${port.web}/saml/metadata,http://localhost:${port.web}/staff/saml/metadata`,
      INFRASTRUKTUR__CATCHER__LISTEN: `127.0.0.1:${port.catcher}`,
      INFRASTRUKTUR__CATCHER__SMTP_LISTEN: `127.0.0.1:${port.smtp}`,
      INFRASTRUKTUR__CATCHER__SMS_LISTEN: `127.0.0.1:${port.sms}`,
      INFRASTRUKTUR__CATCHER__PUSH_LISTEN: `127.0.0.1:${port.push}`,
      INFRASTRUKTUR__SENDING__RECIPIENT_URL: `https://localhost:${port.far}/recipient/v3`,
      BREVLADA__WEB__LISTEN: `127.0.0.1:${port.web}`,
      BREVLADA__WEB__PUBLIC_URL: `http://localhost:${port.web}`,
      BREVLADA__WEB__SITE_ROOT: path.resolve(process.env.SITE ?? path.join(target, "site-debug")),
      BREVLADA__WEB__SOURCE_URL: "https://kod.example.test/brevlada",
      BREVLADA__SERVICE__LISTEN: `127.0.0.1:${port.service}`,
      BREVLADA__SERVICE__PUBLIC_URL: `https://localhost:${port.service}/service/v3`,
      BREVLADA__SERVICE__CERT_FILE: path.join(home, "pki/brevlada-tls.crt"),
      BREVLADA__SERVICE__KEY_FILE: path.join(home, "pki/brevlada-tls.key"),
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
      BREVLADA__SAML__SIGNING_CERT_FILE: path.join(home, "pki/saml-signing.crt"),
      BREVLADA__SAML__SIGNING_KEY_FILE: path.join(home, "pki/saml-signing.key"),
      BREVLADA__SAML__ENCRYPTION_CERT_FILE: path.join(home, "pki/saml-encryption.crt"),
      BREVLADA__SAML__ENCRYPTION_KEY_FILE: path.join(home, "pki/saml-encryption.key"),
      BREVLADA__SMTP__URL: `smtp://localhost:${port.smtp}`,
      BREVLADA__SMS__URL: `http://127.0.0.1:${port.sms}/a1/sms`,
      BREVLADA__LOG__FORMAT: "json",
      ...settings,
    },
  };
}

/** Starts both programs and waits until they answer. `beside` starts what else there should be. */
export async function open(house, beside = async () => {}) {
  const { home, logs, environment: env } = house;
  const options = { env, cwd: home, logs };
  const infrastruktur = path.join(house.programs, "infrastruktur");
  await run(infrastruktur, ["pki"], { env, cwd: home });
  const around = start("infrastruktur", infrastruktur, ["serve"], options);
  await Promise.all([answers(around, `${house.idp}/metadata`), beside()]);
  const brevlada = path.join(house.programs, "brevlada");
  await run(brevlada, ["keys", "new", "--demonstration"], { env, cwd: home });
  const mailbox = start("brevlada", brevlada, ["serve"], options);
  await answers(mailbox, `${house.ops}/readyz`);
  await run(brevlada, ["mailbox", "open", "--number", "191212121212", "--name", "Tolvan Tolvansson"], { env, cwd: home });
  for (const [who, name, roles] of [
    ["hanna.hjelm", "Hanna Hjelm", "support,editor"], ["ivar.isberg", "Ivar Isberg", "operations,auditor"],
    ["jonna.juhl", "Jonna Juhl", "support"],
  ]) {
    await run(brevlada, ["staff", "add", "--login", `${who}@5599999017`, "--name", name, "--roles", roles], { env, cwd: home });
  }
  return { around, mailbox };
}
