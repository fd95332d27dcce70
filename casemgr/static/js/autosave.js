/* Sends a form to its data-draft-url two seconds after typing stops, when a field is left, and when the page is left.
   It says in words what is saved; while there is no connection it tries again by itself. */

const pause = 2000;
const again = 10000;

function clock() {
  return new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}

function content(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "once" && form.elements[name]?.type !== "password") fields.append(name, value);
  }
  return fields;
}

function watch(form) {
  const line = form.querySelector("[data-save-state]");
  let saved = content(form).toString();
  let timer = 0;
  let sending = false;
  let stopped = false;

  function say(state, text) {
    if (!line) return;
    line.hidden = false;
    line.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function judge(response, body) {
    if (response.ok && !response.redirected) {
      saved = body;
      say("saved", line?.dataset.textSaved.replace("{time}", clock()));
    } else if (response.status === 409) {
      stopped = true;
      say("problem", line?.dataset.textConflict);
    } else if (response.redirected || [400, 401, 403].includes(response.status)) {
      say("problem", line?.dataset.textRefused);
    } else {
      say("problem", line?.dataset.textOffline);
      later(again);
    }
  }

  async function send() {
    clearTimeout(timer);
    const body = content(form).toString();
    if (stopped || sending || body === saved) return;
    sending = true;
    say("saving", line?.dataset.textSaving);
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: new URLSearchParams(body), credentials: "same-origin" });
      judge(answer, body);
    } catch {
      say("problem", line?.dataset.textOffline);
      later(again);
    }
    sending = false;
    if (!stopped && line?.dataset.state === "saved" && content(form).toString() !== saved) later(pause);
  }

  function sendAtOnce() {
    const body = content(form).toString();
    if (stopped || body === saved || body.length > 60000) return;
    fetch(form.dataset.draftUrl, { method: "POST", body: new URLSearchParams(body), keepalive: true }).catch(() => {});
    saved = body;
  }

  form.addEventListener("input", () => later(pause));
  form.addEventListener("focusout", () => later(50));
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  window.addEventListener("pagehide", sendAtOnce);
  document.addEventListener("quick-exit", sendAtOnce);
  document.addEventListener("lock", sendAtOnce);
  window.addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
}

document.querySelectorAll("form[data-draft-url]").forEach(watch);
