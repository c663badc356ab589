// Notices in a browser: turned on, told, encrypted so that another program can open them, shown by the worker, taken away.
//
// A real subscription needs the servers of the browser's maker. So `subscribe` and `getSubscription` of the page's PushManager are
// stand-ins that ask the push service of infrastruktur, and what it got is handed to the worker by Chromium's own DevTools.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { caughtWhere, house, people, python, send } from "../support/house.mjs";
import { accessible, close, fill, giveAddress, login, logout, noSidewaysScroll, shot, visitor, words } from "../support/browser.mjs?whole";

after(close);
const { sv } = words;
const since = (moment) => (message) => new Date(message.at) > moment;
const part = (page) => page.locator("#webblasare");
const turnOn = (page) => part(page).getByRole("button", { name: sv.browsers.turn_on });
const CHROME = fill(sv.browsers.name, { browser: "Chrome", system: "Linux" });

/** A visitor whose browser may show notices and takes them through the push service of infrastruktur. */
async function withPush(look) {
  const person = await visitor(look);
  const { context } = person;
  await context.grantPermissions(["notifications"], { origin: house.web });
  await context.exposeFunction("serviceSubscribes", async (key) => {
    const answer = await fetch(`${house.push}/subscribe`, { method: "POST", body: key });
    return answer.json();
  });
  await context.exposeFunction("serviceEnds", (endpoint) => fetch(endpoint, { method: "DELETE" }).then(() => {}));
  await context.addInitScript(() => {
    const kept = "push-of-the-test";
    const subscription = (given) => ({
      endpoint: given.endpoint,
      toJSON: () => given,
      unsubscribe: async () => {
        localStorage.removeItem(kept);
        await window.serviceEnds(given.endpoint);
        return true;
      },
    });
    PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
      if (!userVisibleOnly) throw new Error("Chrome takes no other");
      const given = await window.serviceSubscribes(applicationServerKey);
      localStorage.setItem(kept, JSON.stringify(given));
      return subscription(given);
    };
    PushManager.prototype.getSubscription = async () => {
      const given = localStorage.getItem(kept);
      return given && subscription(JSON.parse(given));
    };
  });
  return person;
}

/** Everything that came to a subscription, opened by http_ece and checked by py-vapid. */
async function openedElsewhere(endpoint) {
  const file = path.join(house.home, "push.json");
  writeFileSync(file, JSON.stringify(await (await fetch(endpoint)).json()));
  return JSON.parse(await python("read_push.py", file));
}

/** The endpoint of the browser, as the page names it. */
const endpointOf = (page) => page.locator("[data-endpoint]").last().getAttribute("data-endpoint");

/** What the worker shows now. */
const shown = (page) => page.evaluate(async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, lang, tag }) => ({ title, body, lang, tag }));
});

/** Hands a message to the worker as the browser does when one has come and been decrypted. */
async function deliver(page, data) {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL === `${house.web}/` && !isDeleted);
      if (ours) resolve(ours.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.deliverPushMessage", { origin: house.web, registrationId: await registered, data });
  await session.detach();
}

/** Waits until something is so. */
async function until(is, what, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await is();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not so within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Logs in, and opens a mailbox when there is none yet. */
async function enter(page, person) {
  await login(page, person);
  if (!new URL(page.url()).pathname.startsWith("/villkor")) return;
  await page.getByLabel(sv.terms.agree).check();
  await page.getByRole("button", { name: sv.terms.open, exact: true }).click();
  await page.waitForURL(/\/inkorg/);
}

describe("notices in a browser", () => {
  const address = "greta@post.example";
  let endpoint;

  test("without JavaScript a plain sentence says what is missing", async () => {
    const { page, done, wrongs } = await visitor({ script: false });
    await enter(page, people.greta);
    await page.goto("/installningar/kontakt");
    await part(page).getByText(sv.browsers.unable).waitFor();
    assert.equal(await turnOn(page).count(), 0);
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a browser that has said no is told where to change that", async () => {
    const { page, done, wrongs } = await visitor();
    await page.addInitScript(() => Object.defineProperty(Notification, "permission", { get: () => "denied" }));
    await enter(page, people.greta);
    await page.goto("/installningar/kontakt");
    await part(page).getByText(sv.browsers.denied).waitFor();
    assert.equal(await turnOn(page).count(), 0);
    await accessible(page);
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("it is turned on with a button, and the other addresses hear of it", async () => {
    const { page, done, wrongs } = await withPush({ width: 390, height: 844 });
    await enter(page, people.greta);
    await giveAddress(page, address);
    const mail = await caughtWhere((message) => message.to === address);
    await page.getByLabel(sv.contacts.field_code).last().fill(mail.text.match(/\b\d{6}\b/)[0]);
    await page.getByRole("button", { name: sv.contacts.confirm, exact: true }).last().click();
    await page.getByText(sv.contacts.now_confirmed).waitFor();

    await turnOn(page).waitFor();
    await accessible(page);
    await part(page).scrollIntoViewIfNeeded();
    await shot(page, "browser-notices-off");
    const before = new Date();
    await turnOn(page).press("Enter");
    await page.getByText(sv.browsers.done).waitFor();
    const row = part(page).locator(".addresses > li");
    await row.getByText(sv.browsers.here, { exact: true }).waitFor();
    assert.match(await row.innerText(), new RegExp(`${CHROME}[^]*${sv.browsers.gets}[^]*Tillagd`));
    await part(page).getByText(sv.browsers.on).waitFor();
    assert.equal(await turnOn(page).count(), 0);
    await accessible(page);
    await part(page).scrollIntoViewIfNeeded();
    await shot(page, "browser-notices-on");
    const told = await caughtWhere((message) => message.to === address && since(before)(message));
    assert.match(told.text, new RegExp(`även till ${CHROME}`));
    endpoint = await endpointOf(page);
    assert.ok(!page.url().includes("push/"), "the endpoint is in no address");

    // After a full reload the browser still knows itself, and the keyed link on the page of rules leads on.
    await page.reload();
    await part(page).getByText(sv.browsers.here, { exact: true }).waitFor();
    await page.goto("/installningar/avisering");
    const choice = page.getByLabel(sv.notice_rules.push, { exact: true });
    assert.equal(await choice.inputValue(), "direkt");
    await page.getByText(CHROME).first().waitFor();
    await accessible(page);
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a letter is told, in words that only the browser can open and that another program can too", async () => {
    await send({ to: people.greta.number, subject: "Hemlig rubrik", text: "Hemligt innehåll" });
    const notice = await caughtWhere((message) => message.kind === "push" && message.to === endpoint);
    assert.equal(notice.subject, "Du har fått ett nytt brev");
    for (const secret of ["Hemlig", "Kommun A", "Gran", "198502149860"]) {
      assert.ok(!`${notice.subject} ${notice.text}`.includes(secret), `the notice says ${secret}`);
    }
    const { page, done, wrongs } = await withPush();
    await enter(page, people.greta);
    await page.goto("/installningar/kontakt");
    const before = new Date();
    await page.getByRole("button", { name: fill(sv.browsers.test_which, { browser: CHROME }) }).click();
    await page.getByText(sv.notice_rules.test_sent_one).waitFor();
    await caughtWhere((message) => message.to === endpoint && since(before)(message));

    const [letter, tried] = await openedElsewhere(endpoint);
    assert.equal(letter.said.title, "Du har fått ett nytt brev");
    assert.deepEqual({ lang: letter.said.lang, last: letter.said.last }, { lang: "sv", last: false });
    assert.equal(tried.said.title, letter.said.title, "a notice to try looks like a real one");
    assert.match(tried.said.text, /Det här är ett prov som du har bett om/);
    assert.equal(letter.length, tried.length, "the length tells nothing");
    for (const message of [letter, tried]) {
      assert.equal(message.signed, true);
      assert.equal(message.claims.aud, house.push);
      assert.ok(message.claims.exp - Date.now() / 1000 <= 24 * 60 * 60);
      assert.equal(message.headers.ttl, String(3 * 24 * 60 * 60));
      assert.equal(message.headers.topic, undefined, "each letter is told of");
    }
    assert.deepEqual([letter.headers.urgency, tried.headers.urgency], ["normal", "high"]);

    await page.goto("/installningar/avisering/logg");
    const rows = page.locator("tbody tr");
    assert.match(await rows.first().textContent(), new RegExp(`${sv.notices.test}[^]*${CHROME}[^]*${sv.notices.sent}[^]*${sv.notices.push_taken}`));
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("the worker shows it, once, and it leads to the inbox", async () => {
    const { page, context, done, wrongs } = await withPush();
    await enter(page, people.greta);
    await page.goto("/installningar");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    const [letter] = await openedElsewhere(endpoint);
    const data = JSON.stringify(letter.said);
    await deliver(page, data);
    await deliver(page, data);
    await until(async () => (await shown(page)).length > 0, "a notice is shown");
    assert.deepEqual(await shown(page), [
      { title: letter.said.title, body: letter.said.text, lang: "sv", tag: letter.said.tag },
    ]);

    // What the system draws cannot be pressed here: the worker is told that it was. Chromium lets a worker open windows only after a
    // real press, so what it asks for is written down instead.
    const worker = context.serviceWorkers().find((one) => one.url() === `${house.web}/sw.js`);
    const press = () => worker.evaluate(async () => {
      const opened = [];
      self.clients.openWindow = async (address) => opened.push(address);
      const [notification] = await self.registration.getNotifications();
      const event = new NotificationEvent("notificationclick", { notification });
      let waits;
      event.waitUntil = (promise) => { waits = promise; };
      self.dispatchEvent(event);
      await Promise.resolve(waits).catch(() => {});
      return opened;
    });
    assert.deepEqual(await press(), [`${house.web}/inkorg`]);
    assert.deepEqual(await shown(page), [], "it is gone when it has been pressed");

    // With the inbox open, that window is read anew: the letter of the notice is in it.
    await page.goto("/inkorg");
    await send({ to: people.greta.number, subject: "Nyss kommet" });
    await deliver(page, data);
    await until(async () => (await shown(page)).length > 0, "a notice is shown");
    assert.deepEqual(await press(), []);
    await page.getByRole("link", { name: "Nyss kommet" }).first().waitFor();
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a message that cannot be read still says that there is something", async () => {
    const { page, done, wrongs } = await withPush();
    await enter(page, people.greta);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await deliver(page, "not what was agreed");
    await until(async () => (await shown(page)).length > 0, "a notice is shown");
    assert.equal((await shown(page))[0].title, "brevlada");
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a browser belongs to the one who turned it on last, and is taken away with a last word", async () => {
    const { page, done, wrongs } = await withPush();
    await enter(page, people.greta);
    await page.goto("/installningar/kontakt");
    // Another browser of hers than the one before.
    await turnOn(page).click();
    await page.getByText(sv.browsers.done).waitFor();
    const hers = await endpointOf(page);
    await logout(page);

    await enter(page, people.hanna);
    await page.goto("/installningar/kontakt");
    assert.equal(await page.locator("[data-endpoint]").count(), 0, "nothing is seen of another's browser");
    await turnOn(page).click();
    await page.getByText(sv.browsers.done).waitFor();
    const hannas = await endpointOf(page);
    assert.notEqual(hannas, hers);

    const before = new Date();
    await send({ to: people.greta.number, subject: "Till Greta" });
    const told = await caughtWhere((message) => message.to === address && since(before)(message) && /når dig inte/.test(message.subject));
    assert.match(told.text, new RegExp(CHROME));

    const row = part(page).locator(".addresses > li");
    await row.locator("summary").click();
    await accessible(page);
    await shot(page, "browser-notices-remove");
    await row.getByRole("button", { name: fill(sv.contacts.remove_which, { address: CHROME }) }).last().click();
    await page.getByText(sv.contacts.removed).waitFor();
    await turnOn(page).waitFor();
    await caughtWhere((message) => message.to === hannas);
    const [last] = await openedElsewhere(hannas);
    assert.deepEqual([last.said.title, last.said.last], ["Den här webbläsaren får inga fler aviseringar", true]);
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a browser that is given another subscription follows it, and the old one is over", async () => {
    const { page, context, done, wrongs } = await withPush();
    await enter(page, people.greta);
    await page.goto("/installningar/kontakt");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await turnOn(page).click();
    await page.getByText(sv.browsers.done).waitFor();
    const old = await endpointOf(page);
    const given = await (await fetch(`${house.push}/subscribe`, { method: "POST" })).json();

    // The browser would make both subscriptions itself; the worker is told of them as it is then.
    const worker = context.serviceWorkers().find((one) => one.url() === `${house.web}/sw.js`);
    await worker.evaluate(async ([before, after]) => {
      const event = new Event("pushsubscriptionchange");
      let waits;
      Object.assign(event, {
        oldSubscription: { endpoint: before },
        newSubscription: { toJSON: () => after },
        waitUntil: (promise) => { waits = promise; },
      });
      self.dispatchEvent(event);
      await waits;
    }, [old, given]);

    await page.reload();
    const endpoints = await page.locator("[data-endpoint]").evaluateAll((all) => all.map((one) => one.dataset.endpoint));
    assert.ok(endpoints.includes(given.endpoint), "the new one is there");
    assert.ok(!endpoints.includes(old), "the old one is not");
    const before = new Date();
    await send({ to: people.greta.number, subject: "Efter bytet" });
    await caughtWhere((message) => message.to === given.endpoint && since(before)(message));
    assert.deepEqual(wrongs, []);
    await done();
  });

  test("a subscription that is over is said to be so, on a phone, in the dark and in a narrow window", async () => {
    for (const [called, look] of Object.entries({
      narrow: { width: 320, height: 640, colours: "dark" }, wide: {},
    })) {
      const { page, done } = await withPush(look);
      await enter(page, people.greta);
      await page.goto("/installningar/kontakt");
      await turnOn(page).waitFor();
      const broken = part(page).locator("li", { hasText: "(410)" });
      assert.match(await broken.innerText(), new RegExp(sv.contacts.broken));
      await noSidewaysScroll(page, `kontakt ${called}`);
      await accessible(page, `kontakt ${called}`);
      await page.screenshot({ path: path.join(house.shots, `browser-notices-${called}.png`), fullPage: true });
      await page.goto("/installningar/avisering");
      await noSidewaysScroll(page, `avisering ${called}`);
      await accessible(page, `avisering ${called}`);
      await page.screenshot({ path: path.join(house.shots, `browser-rules-${called}.png`), fullPage: true });
      await done();
    }
  });
});
