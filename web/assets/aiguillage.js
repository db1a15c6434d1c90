// Comfort only: every page does its job without this file.
"use strict";

// A second click must not send twice (the server would notice; the person should not wonder).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post") form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Fields that depend on an answer: shown when the answer is there.
function follow(box) {
  const { showField, showValue } = box.dataset;
  const fields = [...document.getElementsByName(showField)];
  const radios = fields.filter((f) => f.type === "radio" || f.type === "checkbox");
  const values = radios.length ? radios.filter((f) => f.checked).map((f) => f.value) : fields.map((f) => f.value);
  box.hidden = !values.includes(showValue);
}
const dependants = [...document.querySelectorAll("[data-show-field]:not([data-show-field=\"\"])")];
if (dependants.length) {
  dependants.forEach(follow);
  document.addEventListener("change", () => dependants.forEach(follow));
}

// Work lists by keyboard: j and k move, Enter opens (it is a link), ? tells.
const links = [...document.querySelectorAll("[data-line-link]")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if ((event.key === "j" || event.key === "k") && links.length) {
    const at = links.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
    links[next].focus();
    event.preventDefault();
  }
  if (event.key === "?") {
    const help = document.getElementById("raccourcis");
    if (help) { help.open = !help.open; help.querySelector("summary").focus(); }
  }
});
