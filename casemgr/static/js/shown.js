/* Hides a question whose condition does not hold: data-shown-if names another field, data-shown-values the values
   (separated by spaces) that show it. A hidden question is still sent, the server decides what it keeps. */

const dependent = document.querySelectorAll("[data-shown-if]");

function chosen(form, name) {
  return new FormData(form).getAll(name).map(String);
}

function look() {
  for (const question of dependent) {
    const form = question.closest("form");
    if (!form) continue;
    const wanted = question.dataset.shownValues.split(" ");
    question.hidden = !chosen(form, question.dataset.shownIf).some((value) => wanted.includes(value)) && !question.querySelector("[aria-invalid]");
  }
}

if (dependent.length) {
  document.addEventListener("change", look);
  look();
}
