/* A page that waits for a worker asks now and then how far it is, and opens itself anew when that has ended. It asks for
   five minutes and no longer: each question counts as somebody being there, and an empty chair must lock the screen. */

const EVERY = 3000;
const MOST = 100;
const box = document.querySelector("[data-waiting]");

async function look(times) {
  if (times >= MOST) return;
  try {
    const answer = await fetch(box.dataset.waiting, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const told = await answer.json();
    if (!told.is_live) {
      location.reload();
      return;
    }
    show(told);
  } catch {
    /* No connection: the next question may come through. */
  }
  setTimeout(() => look(times + 1), EVERY);
}

function show(told) {
  const words = box.querySelector("p");
  const label = words.textContent.split(":")[0];
  const text = `${label}: ${told.text}`;
  if (words.textContent !== text) words.textContent = text;
  const bar = box.querySelector("progress");
  if (bar && told.all) {
    bar.max = told.all;
    bar.value = told.done;
  }
}

if (box) setTimeout(() => look(0), EVERY);
