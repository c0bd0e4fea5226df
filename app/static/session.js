// A warning before the session ends. Looking at a page and typing are use; other windows of the browser tell of theirs.
const WARN = 120000; // Milliseconds before the end: time to read, and to come back from the corridor.
const warning = document.querySelector("[data-session]");
const windows = new BroadcastChannel("session");

let restsUntil = Infinity;
let endsAt = Infinity;
let timer = 0;

const show = (part) => {
  if (!warning) return;
  ["soon", "over", "last"].forEach((name) => {
    warning.querySelector(`[data-session-${name}]`).hidden = name !== part;
  });
  warning.querySelector("[data-session-stay]").hidden = part !== "soon";
  warning.hidden = !part;
};

const watch = () => {
  clearTimeout(timer);
  const now = Date.now();
  const until = Math.min(restsUntil, endsAt);
  if (now >= until) return show("over");
  const soon = until - now <= WARN;
  show(soon ? (endsAt < restsUntil ? "last" : "soon") : null);
  timer = setTimeout(watch, soon ? until - now : until - now - WARN);
};

const used = () => {
  if (!warning) return;
  restsUntil = Date.now() + Number(warning.dataset.restsFor) * 1000;
  watch();
};

// Something was just asked of the server.
export const seen = () => {
  used();
  windows.postMessage("seen");
};

if (warning) {
  endsAt = Date.now() + Number(warning.dataset.endsIn) * 1000;
  windows.addEventListener("message", used);
  document.addEventListener("visibilitychange", watch); // Timers sleep with the computer.
  warning.querySelector("[data-session-stay]").addEventListener("click", async () => {
    try {
      const answer = await fetch(warning.dataset.stay, { redirect: "error" });
      if (answer.ok) seen();
    } catch {
      watch(); // Signed out, or no contact: the next save says which.
    }
  });
  seen();
}
