// Shows notices that the mailbox sends, and answers with a page that says so when there is no network. Nothing that belongs to a person is kept: the cache holds the three
// addresses below, which are the same for everybody, and every other request is left to the browser.
const CACHE = "utan-nat-1";
const PAGE = "/utan-nat";
const KEPT = [PAGE, "/brevlada.css", "/favicon.svg"];

self.addEventListener("install", (event) => {
  // Asked for without cookies: what is kept cannot have been made for somebody.
  const fetched = KEPT.map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fetched)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.destination === "document") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE, { cacheName: CACHE })));
  } else if (pathname !== PAGE && KEPT.includes(pathname)) {
    event.respondWith(newest(event, request));
  }
});

// From the network, and kept for when there is none: so the page without network looks as the others do.
async function newest(event, request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(new URL(request.url).pathname, copy)));
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(new URL(request.url).pathname, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

// A notice that the mailbox has encrypted for this browser. A browser that is woken must show something, so what cannot be read says that
// there is something.
self.addEventListener("push", (event) => {
  const said = read(event.data);
  const shown = self.registration.showNotification(said.title, {
    body: said.text, lang: said.lang, tag: said.tag, icon: "/ikon-192.png",
  });
  // The last word to a browser that was taken away in the mailbox: nothing comes after it.
  event.waitUntil(said.last ? shown.then(letGo) : shown);
});

function read(data) {
  try {
    const { title, text, lang, tag, last } = data.json();
    return { title: String(title), text: String(text), lang: String(lang), tag: String(tag), last: last === true };
  } catch {
    return { title: "brevlada", text: "", lang: "sv", tag: "", last: false };
  }
}

async function letGo() {
  const subscription = await self.registration.pushManager.getSubscription();
  await subscription?.unsubscribe();
}

// A browser that lets go of its subscription by itself, or is given another, asks for one like it and says so to the mailbox. Which believes it
// from the session of whoever has the old one; without one the old one answers that it is over, and the person turns it on anew.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(follow(event.oldSubscription, event.newSubscription)));

async function follow(before, given) {
  // Some browsers do not say which it was: then nobody can tell whose.
  if (!before) return;
  const subscription = given ?? await self.registration.pushManager.subscribe(before.options);
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ ersatter: before.endpoint, adress: endpoint, p256dh: keys.p256dh, auth: keys.auth });
  // The answer leads to a page for people.
  await fetch("/api/kontakt/webblasare", { method: "POST", body, redirect: "manual" });
}

// Leads to the inbox, which asks for a login when there is none; a page where somebody may be writing is left alone.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(toInbox());
});

async function toInbox() {
  const inbox = new URL("/inkorg", self.location.origin).href;
  const windows = await self.clients.matchAll({ type: "window" });
  const open = windows.find((client) => new URL(client.url).pathname === "/inkorg");
  if (!open) return self.clients.openWindow(inbox);
  // Anew, so that the letter is in it.
  const turned = await open.navigate(inbox);
  return (turned ?? open).focus();
}
