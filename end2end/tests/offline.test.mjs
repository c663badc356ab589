// Without a network there is a page that says so, and the browser has kept nothing that is somebody's.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { close, login, logout, openLetter, shot, visitor, words } from "../support/browser.mjs";

after(close);
const { sv, en } = words;
const PUBLIC = ["/brevlada.css", "/favicon.svg", "/utan-nat"];

/** Everything in the browser's caches: each address, and what is kept under it. */
const kept = (page) => page.evaluate(async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
    }
  }
  return found;
});

describe("no network", () => {
  test("a page says so in both languages, and nothing private was kept", async () => {
    await send({ subject: "Hemligt om nätet", text: "Det som ingen annan ska se." });
    const person = await visitor({ width: 390, height: 844 });
    const { page, context } = person;
    await login(page, people.tolvan);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await openLetter(page, "Hemligt om nätet");
    await page.goto("/installningar/kontakt");
    const before = await kept(page);
    assert.deepEqual(before.map(([address]) => address).sort(), PUBLIC);
    for (const [address, text] of before) assert.doesNotMatch(text, /Tolvan|Hemligt|ingen annan/, address);

    await context.setOffline(true);
    await page.goto("/inkorg");
    await page.getByRole("heading", { level: 1, name: sv.offline.title }).waitFor();
    await page.getByRole("heading", { level: 2, name: en.offline.title }).waitFor();
    assert.doesNotMatch(await page.locator("body").innerText(), /Tolvan|Hemligt/);
    const colour = await page.locator(".door").evaluate((door) => getComputedStyle(door).backgroundColor);
    assert.notEqual(colour, "rgba(0, 0, 0, 0)", "it has its style");
    await shot(page, "offline");
    await page.setViewportSize({ width: 1280, height: 900 });
    await shot(page, "offline-wide");

    await context.setOffline(false);
    await page.getByRole("link", { name: sv.offline.again }).click();
    await page.getByRole("heading", { level: 1, name: sv.inbox.title }).waitFor();

    await logout(page);
    assert.deepEqual((await kept(page)).map(([address]) => address).sort(), PUBLIC, "nor after logging out");
    await context.setOffline(true);
    await page.goto("/inkorg");
    await page.getByRole("heading", { level: 1, name: sv.offline.title }).waitFor();
    await person.done();
  });

  test("Chromium finds nothing against installing it", async () => {
    const person = await visitor();
    await person.page.goto("/");
    const session = await person.context.newCDPSession(person.page);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // A window of its own profile, as the tests have, is never installed from: that is the browser's, not the page's.
    assert.deepEqual(installabilityErrors.map((error) => error.errorId).filter((id) => id !== "in-incognito"), []);
    const { manifest, errors } = await session.send("Page.getAppManifest").then(({ data, errors: wrong }) => ({
      manifest: JSON.parse(data), errors: wrong,
    }));
    assert.deepEqual(errors, []);
    assert.equal(manifest.start_url, "/inkorg");
    for (const icon of manifest.icons) {
      const answer = await fetch(new URL(icon.src, house.web));
      assert.equal(answer.headers.get("content-type"), icon.type, icon.src);
      if (icon.type !== "image/png") continue;
      const png = Buffer.from(await answer.arrayBuffer());
      assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, icon.sizes, icon.src);
    }
    await person.done();
  });

  test("the worker may ask this house only, and is looked up again at each visit", async () => {
    const worker = await fetch(new URL("/sw.js", house.web));
    assert.match(worker.headers.get("content-type"), /javascript/);
    assert.equal(worker.headers.get("content-security-policy"), "default-src 'none'; connect-src 'self'");
    assert.equal(worker.headers.get("cache-control"), "no-cache");
    const page = await fetch(new URL("/utan-nat", house.web));
    assert.equal(page.headers.get("set-cookie"), null);
    assert.match(page.headers.get("content-security-policy"), /^default-src 'none'; style-src 'self'/);
  });
});
