// Comfort only: every page does its job without this file.
"use strict";

// A second click must not send twice (the server would notice; the person should not wonder).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post" && !event.submitter?.formTarget) form.dataset.sent = "1";
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
  const turn = document.querySelector(`[data-queue="${CSS.escape(event.key)}"]`);
  if (turn) turn.click();
  if (event.key === "?") {
    const help = document.getElementById("raccourcis");
    if (help) { help.open = !help.open; help.querySelector("summary").focus(); }
  }
});

// What is typed is kept on the way: a moment after the last key, and when one looks elsewhere.
const draftForm = document.querySelector("form[data-draft]");
if (draftForm) {
  const said = draftForm.querySelector("[data-draft-said]");
  let timer = 0;
  let last = null;
  const typed = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(draftForm)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields;
  };
  const keep = async (leaving) => {
    clearTimeout(timer);
    timer = 0;
    if (draftForm.dataset.sent) return;
    last?.abort();
    const flight = last = new AbortController();
    try {
      const answer = await fetch(draftForm.dataset.draft, {
        method: "POST", body: typed(), keepalive: leaving, signal: flight.signal, redirect: "error" });
      const words = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
      said.textContent = words || "Le brouillon n’a pas pu être enregistré. Votre saisie est encore à l’écran.";
    } catch (failure) {
      if (failure.name === "AbortError") return;
      said.textContent = "Le brouillon n’a pas pu être enregistré : vérifiez la connexion. Votre saisie est encore à l’écran.";
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 1500, false);
  };
  draftForm.addEventListener("input", later);
  draftForm.addEventListener("change", later);
  // The act itself takes what is typed along: a draft that arrives after it would come back to life.
  draftForm.addEventListener("submit", () => { clearTimeout(timer); last?.abort(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) keep(true);
  });
}

// The preview of a mail's words follows what is typed. A fresh frame each time: what a frame shows
// first leaves no step in the browser's history.
const look = document.querySelector("button[data-live]");
if (look) {
  let timer = 0;
  const show = () => {
    const [frame] = document.getElementsByName(look.formTarget);
    if (!frame) return;
    const fresh = frame.cloneNode();
    fresh.removeAttribute("src");
    frame.replaceWith(fresh);
    look.form.requestSubmit(look);
  };
  look.form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 800);
  });
}
