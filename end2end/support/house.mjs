// The house that the tests are run against, and what a person at its edges can do with it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "./run.mjs";

if (!process.env.HOUSE) throw new Error("start the tests with end2end/run.mjs, which builds the house");

/** Addresses, folders and settings, as run.mjs wrote them. */
export const house = JSON.parse(readFileSync(process.env.HOUSE, "utf8"));

/** The persons of the demonstration that the tests are about. */
export const people = {
  tolvan: { number: "191212121212", name: "Tolvan Tolvansson" },
  bertil: { number: "197503029816", name: "Bertil Berg" },
  nils: { number: "195407209831", name: "Nils Nyström" },
  marta: { number: "194403129846", name: "Märta Modig" },
  oskar: { number: "197608179813", name: "Oskar Ohlin" },
  maja: { number: "200703119842", name: "Maja Moberg" },
  agnes: { number: "198005159804", name: "Agnes Andersson" },
  cecilia: { number: "199011119824", name: "Cecilia Ceder" },
  david: { number: "201206019836", name: "David Dahl" },
  eva: { number: "196808179847", name: "Eva Ek" },
  filip: { number: "197209239859", name: "Filip Fors" },
  greta: { number: "198502149860", name: "Greta Gran" },
  sara: { number: "198206309802", name: "Sara Sand" },
  tor: { number: "197501149814", name: "Tor Tall" },
  ulf: { number: "196909229830", name: "Ulf Udd" },
  ylva: { number: "198805059840", name: "Ylva Ytter" },
  vera: { number: "195803179869", name: "Vera Vik" },
  hanna: { number: "198304099826", name: "Hanna Hjelm" },
  johan: { number: "198109159874", name: "Johan Jonsson" },
  karin: { number: "196904239867", name: "Karin Kvist" },
  love: { number: "199312089858", name: "Love Lund" },
  lina: { number: "198501699881", name: "Lina Landin" },
  ivar: { number: "197906289835", name: "Ivar Isberg" },
  jonna: { number: "199003079820", name: "Jonna Juhl" },
  rut: { number: "198704149809", name: "Rut Rask" },
  sten: { number: "196509229818", name: "Sten Stark" },
};

/** `infrastruktur …` in this house. */
export function infrastruktur(...args) {
  return run(path.join(house.programs, "infrastruktur"), args, { env: house.environment, cwd: house.home });
}

/** `brevlada …` in this house. */
export function brevlada(...args) {
  return run(path.join(house.programs, "brevlada"), args, { env: house.environment, cwd: house.home });
}

/** Sends a real letter, signed and sealed. */
export function send({ to = people.tolvan.number, subject, text = "Hej", attach = [], html, sender }) {
  const args = ["send", "--to", to, "--subject", subject, "--text", text];
  for (const file of attach) args.push("--attach", file);
  if (html) args.push("--html", html);
  if (sender) args.push("--sender", sender);
  return infrastruktur(...args);
}

/** A counterpart in Python. */
export function python(script, ...args) {
  return run(house.python, [path.join(house.counterparts, script), ...args], { cwd: house.home });
}

/** E-mail and SMS that were caught, newest last. */
export async function caught() {
  const answer = await fetch(`${house.catcher}/api/messages`);
  return answer.json();
}

/** Waits for a message that fits. */
export async function caughtWhere(fits, seconds = 20) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = (await caught()).findLast(fits);
    if (found) return found;
    if (Date.now() > until) throw new Error("no such message was caught");
    await sleep(200);
  }
}
