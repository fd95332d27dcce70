/* Quick exit: the button or three presses of Shift blank the page at once, end the session at the server in the
   background and put a neutral page in the place of this one, so that Back does not return here.
   Without JavaScript the same button is an ordinary form. */

const form = document.querySelector("[data-quick-exit]");
const within = 2000;
let presses = [];

function leave() {
  const left = new FormData(form);
  document.documentElement.classList.add("gone");
  document.dispatchEvent(new Event("quick-exit"));
  fetch(form.action, { method: "POST", body: new URLSearchParams(left), keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(form.dataset.leave);
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
    } else if (!event.repeat) {
      presses = presses.filter((at) => event.timeStamp - at < within).concat(event.timeStamp);
      if (presses.length >= 3) leave();
    }
  });

  /* A browser that kept the page in memory shows it again blank, and leaves again. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("gone")) location.replace(form.dataset.leave);
  });
}
