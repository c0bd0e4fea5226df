// What is typed is kept a moment after typing stops, and when the page is left. It is the form's own POST under a header
// that tells the server to keep it and not to carry it out, so nothing counts as saved before its button is pressed.
import { seen } from "./session.js";

const PAUSE = 1500; // Milliseconds after the last key.
const LONGEST_WAIT = 10000; // For somebody who types without a pause.
const LONGEST_HOLD = 5000; // A button does not wait longer to hear whether there is contact.
const FIRST_RETRY = 1000; // A deploy is over in seconds;
const LAST_RETRY = 10000; // a lost connection is not, and nobody should knock too often.
const LARGEST_LAST_WORD = 60000; // Bytes: what a browser sends after the page has gone is limited to 64 kB.

const keepForm = (form) => {
  const box = form.querySelector("[data-kept]");
  let timer = 0;
  let retry = FIRST_RETRY;
  let firstChange = 0;
  let isDirty = false; // Something has been typed since it was last sent.
  let isSafe = true; // The server has all that is typed.
  let isLost = false; // The last try found no contact.
  let isDone = false; // The form has been sent.
  let isHeld = false; // It waits to hear whether it can be.
  let sending = null;

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
    if (answer.status >= 500) throw new Error("not now");
    isSafe = Boolean(said.kept) && !isDirty;
    if (answer.status === 401) return say(said.kept ? "out" : "unkept");
    if (said.kept) seen();
    say(said.kept ? "kept" : "unkept", said.at);
  };

  const attempt = async () => {
    const typed = body();
    isDirty = false;
    firstChange = 0;
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
      isLost = false;
      retry = FIRST_RETRY;
    } catch {
      isDirty = isLost = true;
      say("lost");
    }
  };

  const send = async (isLast = false) => {
    clearTimeout(timer);
    if (!isDirty || isDone || (sending && !isLast)) return sending;
    await (sending = attempt());
    sending = null;
    if (!isDirty || isDone) return;
    timer = setTimeout(send, isLost ? retry * (0.75 + Math.random() / 2) : PAUSE); // Not every school in one second.
    if (isLost) retry = Math.min(2 * retry, LAST_RETRY);
  };

  const changed = () => {
    const now = Date.now();
    isDirty = true;
    isSafe = isDone = false;
    firstChange ||= now;
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(PAUSE, firstChange + LONGEST_WAIT - now)));
  };

  // A browser that finds no server shows a page of its own instead of this one, with all that is typed. So where words
  // would be lost the button first asks whether anybody is there, and the page stays when nobody is.
  const hold = async (button) => {
    const patience = new Promise((resolve) => setTimeout(resolve, LONGEST_HOLD));
    isHeld = true;
    await Promise.race([patience, Promise.resolve(sending).then(() => isSafe || attempt())]);
    isHeld = false;
    if (isLost) {
      say("held");
      timer = setTimeout(send, retry);
      return;
    }
    isSafe = true;
    form.requestSubmit(button);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isDone = isSafe; // What is carried out now need not be kept.
    if (isSafe) return;
    event.preventDefault();
    if (!isHeld) hold(event.submitter);
  });
  window.addEventListener("pagehide", () => send(true));
  window.addEventListener("beforeunload", (event) => {
    send(true); // Before the next page is asked for: somebody may go straight back.
    if (isLost && !isDone) event.preventDefault(); // The browser asks whether to leave what is written here.
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  window.addEventListener("online", () => send());
  if (form.dataset.keep === "sent") changed(); // It was sent and came back with errors: nobody has kept it.
  return () => !isLost && !sending;
};

const forms = [...document.querySelectorAll("form[data-keep]")].map(keepForm);

// A page out of the browser's memory may have been sent, or its person has signed out: it is asked for anew, unless it
// holds words that are nowhere else.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && forms.every((canGo) => canGo())) location.replace(location.pathname + location.search);
});
