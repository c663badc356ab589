// A person at a browser: the real Chromium, with or without JavaScript, and axe looking over the shoulder.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { caughtWhere, house } from "./house.mjs";

/**
 * Chromium's engine without the windows around it does with half the work. What belongs to the windows (permissions, push) it lacks: a
 * story about that imports this file as `browser.mjs?whole`.
 */
const [whole, engine] = ["/usr/bin/chromium", "/usr/bin/chromium-headless-shell"];
const needsWhole = new URL(import.meta.url).searchParams.has("whole");
const launched = chromium.launch({
  executablePath: process.env.CHROMIUM ?? (needsWhole || !existsSync(engine) ? whole : engine),
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

/** The words on the pages, as the translators have written them. */
export const words = Object.fromEntries(["sv", "en"].map((language) => [
  language,
  JSON.parse(readFileSync(path.join(house.top, `app/locales/${language}.json`), "utf8")),
]));

/** A word with its places filled: `fill(words.sv.print.to, { name: "Tolvan" })`. */
export function fill(text, values) {
  return text.replace(/\{\{?\s*(\w+)\s*\}?\}/g, (_, name) => values[name]);
}

/** Both ways that every page must work. */
export const ways = [
  { script: false, called: "without JavaScript" },
  { script: true, called: "with JavaScript" },
];

/** Closes the browser; call it in `after`. */
export async function close() {
  await (await launched).close();
}

/** A new visitor: no cookies, a window of its own. Anything that the page does wrong is kept in `visitor.wrongs`. */
export async function visitor({ script = true, width = 1280, height = 900, colours = "light", blocked = false } = {}) {
  const context = await (await launched).newContext({
    javaScriptEnabled: script, viewport: { width, height }, locale: "sv-SE", colorScheme: colours,
    baseURL: house.web, timezoneId: "Europe/Stockholm",
  });
  context.setDefaultTimeout(15_000);
  // As without JavaScript, but so that axe, which is a script too, can look.
  if (blocked) await context.route(/\.(js|wasm)(\?|$)/, (route) => route.abort());
  const page = await context.newPage();
  const wrongs = [];
  const wrong = (what) => wrongs.push(`${new URL(page.url()).pathname}: ${what}`);
  // A browser that is told to go on before its picture of the last page is done says so; it is no fault of the page.
  page.on("pageerror", (error) => /ViewTransition|Transition was/.test(error) || wrong(error.stack ?? error));
  page.on("console", (message) => message.type() === "error" && wrong(message.text()));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "localhost" && hostname !== "127.0.0.1") {
      wrong(`asked a stranger: ${request.url()}`);
    }
  });
  return { context, page, script, wrongs, done: () => context.close() };
}

/** Chooses an e-legitimation on the page that is open. */
export async function chooseIdp(page, address) {
  const choice = page.locator(`[name="idp"][value="${address}"]`);
  const isButton = (await choice.evaluate((element) => element.tagName)) === "BUTTON";
  await (isButton ? choice : page.locator("form", { has: choice }).getByRole("button")).click();
}

/** Logs in through the demonstration e-legitimation. Ends wherever the mailbox leads. */
export async function login(page, person, { from = "/" } = {}) {
  await page.goto(from);
  await chooseIdp(page, `${house.idp}/metadata`);
  await page.waitForURL((url) => url.origin === house.idp);
  await page.getByRole("button", { name: person.name }).click();
  await comeBack(page);
}

/** Somebody of the staff logs in on their side, through the same e-legitimation. */
export async function loginStaff(page, person, { from = "/admin" } = {}) {
  await page.goto(from);
  await chooseIdp(page, `${house.idp}/metadata`);
  await page.waitForURL((url) => url.origin === house.idp);
  await page.getByRole("button", { name: person.name }).click();
  await comeBack(page);
}

/** The identity provider's answer is a form with a button; with JavaScript it may already have gone by itself. */
export async function comeBack(page) {
  for (let step = 0; step < 4 && new URL(page.url()).origin !== house.web; step += 1) {
    // The form that leads back, so that a late click cannot fall on a button of the mailbox.
    await page.locator(`form[action^="${house.web}"] button`).first().click({ timeout: 3000 }).catch(() => {});
    await page.waitForURL((url) => url.origin === house.web, { timeout: 3000 }).catch(() => {});
  }
  await page.waitForURL((url) => url.origin === house.web);
  await page.waitForLoadState("load");
}

/** Logs out by the button of that name, wherever the page keeps it. */
export async function logout(page) {
  await reveal(page, page.locator("button", { hasText: words.sv.door.sign_out }));
  await page.getByRole("button", { name: words.sv.door.sign_out, exact: true }).first().click();
  await page.waitForLoadState("load");
}

/** Has the pages in another language from now on, and opens one. */
export async function inLanguage(page, language, address) {
  await page.context().request.post("/sprak", { form: { val: language, ater: "/om" } });
  await page.goto(address);
}

/** Opens the menu that keeps something, when it is closed. */
export async function reveal(page, kept) {
  if (!(await kept.first().isVisible())) await page.locator("details", { has: kept }).locator("summary").first().click();
}

/** The links to letters on the page, newest first, as addresses. */
export async function letters(page) {
  const links = await page.locator('main a[href^="/brev/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  return [...new Set(links.filter((href) => /^\/brev\/[^/?#]+$/.test(href)))];
}

/** Opens the letter with that subject from the inbox. */
export async function openLetter(page, subject) {
  await page.goto("/inkorg");
  await page.getByRole("link", { name: subject }).first().click();
  await page.waitForURL(/\/brev\/[^/]+$/);
  await page.getByRole("heading", { name: subject }).first().waitFor();
}

/** Gives an e-mail address (`#epost`) or a mobile number (`#mobil`) for notices; its code goes out to it. */
export async function giveAddress(page, address, place = "#epost") {
  const { contacts } = words.sv;
  const [field, add] = place === "#epost" ? [contacts.field_email, contacts.add_email] : [contacts.field_mobile, contacts.add_mobile];
  await page.goto("/installningar/kontakt");
  const part = page.locator(place);
  if (!(await part.getByLabel(field).isVisible())) await part.getByText(add, { exact: true }).click();
  await part.getByLabel(field).fill(address);
  await part.getByRole("button", { name: contacts.send_code, exact: true }).click();
}

/** Opens the mailbox of whoever has just logged in, if they have none. */
export async function openMailbox(page) {
  if (new URL(page.url()).pathname !== "/villkor") return;
  await page.getByLabel(words.sv.terms.agree).check();
  await page.getByRole("button", { name: words.sv.terms.open, exact: true }).click();
  await page.waitForURL(/\/inkorg/);
}

/** Gives an address and the code that came to it: from then on it counts. */
export async function confirmAddress(page, address, place = "#epost") {
  const before = new Date();
  await giveAddress(page, address, place);
  const to = place === "#epost" ? address : `+46${address.replace(/[-\s]/g, "").slice(1)}`;
  const message = await caughtWhere((one) => one.to === to && new Date(one.at) >= before && /\b\d{6}\b/.test(one.text));
  const { contacts } = words.sv;
  await page.getByLabel(contacts.field_code).last().fill(message.text.match(/\b\d{6}\b/)[0]);
  await page.getByRole("button", { name: contacts.confirm, exact: true }).last().click();
  await page.getByText(contacts.now_confirmed).waitFor();
}

/** Takes an address away. */
export async function removeAddress(page, shown) {
  const { contacts } = words.sv;
  await page.goto("/installningar/kontakt");
  const row = page.locator(".addresses > li", { hasText: shown });
  await row.locator("summary").click();
  await row.getByRole("button", { name: fill(contacts.remove_which, { address: shown }) }).last().click();
  await page.getByText(contacts.removed).waitFor();
}

/** What axe finds wrong with the page, WCAG 2.2 AA: must be nothing. Without `colours`, which take the longest, their contrast is let be. */
export async function accessible(page, called, { colours = true } = {}) {
  // The letter's frame runs no script, so axe cannot look into it and would wait for an answer.
  const found = await new AxeBuilder({ page })
    .setLegacyMode(true)
    // Only what is wrong is told, so only that is gathered.
    .options({ resultTypes: ["violations"], rules: { "color-contrast": { enabled: colours } } })
    .exclude("iframe")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = found.violations.map(
    (wrong) => `${wrong.id} (${wrong.impact}): ${wrong.help}\n  ${wrong.nodes.map((node) => node.html).join("\n  ")}`,
  );
  assert.equal(told.length, 0, `${called ?? page.url()}\n${told.join("\n")}`);
}

/** Nothing sticks out to the right. */
export async function noSidewaysScroll(page, called) {
  const wide = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
    culprits: [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .slice(0, 5).map((e) => `${e.tagName}.${e.className}`),
  }));
  assert.ok(wide.page <= wide.window, `${called ?? page.url()} is ${wide.page} px wide in ${wide.window}: ${wide.culprits}`);
}

/** Keeps a picture of the page under target/shots. */
export async function shot(page, name) {
  await page.screenshot({ path: path.join(house.shots, `${name}.png`), fullPage: false });
}
