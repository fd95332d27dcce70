/* After a time without activity the screen is covered, then a warning stands for one minute, then the session is locked.
   Work in any tab of this browser counts; while somebody types, the server is told at most once a minute. */

const warning = document.querySelector("[data-lock-warning]");
const { lockUrl, stayUrl, lockAfter, coverAfter } = document.body.dataset;
const lockMilliseconds = Number(lockAfter) * 1000;
const coverMilliseconds = Number(coverAfter) * 1000;
const warnMilliseconds = 60000;
const channel = new BroadcastChannel("activity");
let activeAt = Date.now();
let toldAt = Date.now();
let before = null;
let locked = false;

function hideWarning() {
  if (!warning || warning.hidden) return;
  warning.hidden = true;
  before?.focus();
}

function showWarning() {
  if (!warning || !warning.hidden) return;
  before = document.activeElement;
  warning.hidden = false;
  warning.querySelector("button").focus();
}

function seen() {
  activeAt = Date.now();
  document.body.classList.remove("covered");
  hideWarning();
}

function active() {
  if (locked) return;
  seen();
  channel.postMessage("active");
  if (Date.now() - toldAt > warnMilliseconds) {
    toldAt = Date.now();
    fetch(stayUrl, { method: "POST", body: token(), keepalive: true }).catch(() => {});
  }
}

function token() {
  return new URLSearchParams({ csrf_token: document.querySelector("[name=csrf_token]")?.value ?? "" });
}

async function lock() {
  locked = true;
  document.body.classList.add("covered");
  document.dispatchEvent(new Event("lock"));
  await fetch(lockUrl, { method: "POST", body: token(), keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(location.pathname + location.search);
}

function look() {
  if (locked) return;
  const idle = Date.now() - activeAt;
  if (coverMilliseconds && idle >= coverMilliseconds) document.body.classList.add("covered");
  if (idle >= lockMilliseconds) lock();
  else if (idle >= lockMilliseconds - warnMilliseconds) showWarning();
}

function watch() {
  channel.addEventListener("message", seen);
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    document.addEventListener(kind, active, { passive: true, capture: true });
  }
  warning?.querySelector("button").addEventListener("click", active);
  document.addEventListener("visibilitychange", look);
  setInterval(look, 1000);
}

/* Without somebody signed in there is nothing to lock. */
if (lockUrl) watch();
