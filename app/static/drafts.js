// What is typed is kept a moment after typing stops, and when the page is left. It is the form's own POST under a header
// that tells the server to keep it and not to carry it out, so nothing counts as saved before its button is pressed.
import { seen } from "./session.js";

const PAUSE = 1500; // Milliseconds after the last key.
const LONGEST_WAIT = 10000; // For somebody who types without a pause.
const FIRST_RETRY = 1000; // A deploy is over in seconds;
const LAST_RETRY = 10000; // a lost connection is not, and nobody should knock too often.
const LARGEST_LAST_WORD = 60000; // Bytes: what a browser sends after the page has gone is limited to 64 kB.

const keepForm = (form) => {
  const box = form.querySelector("[data-kept]");
  let timer = 0;
  let retry = FIRST_RETRY;
  let firstChange = 0;
  let isDirty = false;
  let isSending = false;
  let isDone = false;

  const say = (what, at) => {
    box.hidden = false;
    box.querySelectorAll("[data-kept-when]").forEach((line) => {
      line.hidden = line.dataset.keptWhen !== what;
    });
    if (at) box.querySelector("[data-kept-at]").textContent = at;
  };

  const body = () => {
    const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(typed).toString();
  };

  const told = async (answer) => {
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.status === 401) return say(said.kept ? "out" : "unkept");
    if (answer.status >= 500) throw new Error("not now");
    if (said.kept) seen();
    say(said.kept ? "kept" : "unkept", said.at);
  };

  const send = async (isLast = false) => {
    clearTimeout(timer);
    if (!isDirty || isDone || (isSending && !isLast)) return;
    isDirty = false;
    isSending = true;
    firstChange = 0;
    const typed = body();
    try {
      await told(
        await fetch(form.action, {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Autosave": "1" },
          body: typed,
          keepalive: typed.length < LARGEST_LAST_WORD,
          redirect: "error",
        }),
      );
      retry = FIRST_RETRY;
    } catch {
      isDirty = true;
      say("lost");
    }
    isSending = false;
    if (!isDirty || isDone) return;
    timer = setTimeout(send, retry * (0.75 + Math.random() / 2)); // Not every school in the same second.
    retry = Math.min(2 * retry, LAST_RETRY);
  };

  const changed = () => {
    const now = Date.now();
    isDirty = true;
    firstChange ||= now;
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(PAUSE, firstChange + LONGEST_WAIT - now)));
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    isDone = true; // What is carried out now need not be kept; a page that comes back is a new one.
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    isDone = false;
  });
  window.addEventListener("pagehide", () => send(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  window.addEventListener("online", () => send());
};

document.querySelectorAll("form[data-keep]").forEach(keepForm);
