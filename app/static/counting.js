// Counts along while somebody goes through a class or fills in a nil return. Everything works without it: the server
// counts when the page is sent, and it alone decides whether the sum holds.
const PAUSE = 1500; // Milliseconds of rest before a screen reader is told: a count for every key would drown the names.

const announcer = (form) => {
  const region = document.createElement("div");
  region.className = "govuk-visually-hidden";
  region.setAttribute("role", "status");
  region.dataset.said = "";
  form.append(region);
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      region.textContent = text;
    }, PAUSE);
  };
};

const roll = document.querySelector("[data-roll]");

if (roll) {
  const KEYS = { p: "present", k: "known", s: "missing" };
  const rows = [...roll.querySelectorAll("[data-roll-row]")];
  const count = document.querySelector("[data-roll-count]");
  const chosen = (row) => row.querySelector("input:checked");
  const announce = announcer(roll.closest("form"));

  const say = () => {
    const marks = rows.map((row) => chosen(row)?.value);
    for (const mark of Object.values(KEYS)) {
      count.querySelector(`[data-roll-${mark}]`).textContent = marks.filter((each) => each === mark).length;
    }
    const left = marks.filter((each) => !each).length;
    count.querySelector("[data-roll-sign]").textContent = left ? "≠" : "=";
    count.querySelector("[data-roll-left]").textContent = left
      ? `${left} är inte ${left === 1 ? "markerad" : "markerade"}.`
      : "Alla är markerade.";
  };

  // Letters work only while a pupil's row has the focus, so that they disturb neither dictation nor screen readers.
  roll.addEventListener("keydown", (event) => {
    const mark = KEYS[event.key.toLowerCase()];
    const row = event.target.closest("[data-roll-row]");
    if (!mark || !row || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    row.querySelector(`input[value="${mark}"]`).checked = true;
    row.dispatchEvent(new Event("change", { bubbles: true }));
    const next = rows[rows.indexOf(row) + 1];
    if (next) (chosen(next) ?? next.querySelector("input")).focus();
    else roll.closest("form").querySelector(".govuk-button:not(.govuk-button--secondary)").focus();
  });

  document.querySelector("button[name=rest]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of rows) {
      if (!chosen(row)) row.querySelector('input[value="present"]').checked = true;
    }
    roll.dispatchEvent(new Event("change", { bubbles: true }));
    rows[0]?.querySelector("input:checked").focus();
  });

  roll.addEventListener("change", () => {
    say();
    announce(count.textContent.replace(/\s+/g, " ").trim());
  });
  // Who comes from the class before goes on at once. Read anew, the page begins at its heading.
  if (location.hash === "#forsta") {
    history.replaceState(history.state, "", location.pathname + location.search);
    rows[0]?.querySelector("input:checked, input").focus();
  }
  say(); // A browser that went back has kept the choices, and not what was said of them.
}

// Enrolled = present + known absence, said while the figures are typed.
document.querySelectorAll("[data-sum]").forEach((said) => {
  const form = said.closest("form");
  const announce = announcer(form);
  const number = (name) => {
    const text = form.elements[name].value.replace(/\s/g, "");
    return /^[0-9]{1,5}$/.test(text) ? Number(text) : undefined;
  };
  const say = () => {
    const [enrolled, present, known] = ["enrolled", "present", "known_absence"].map(number);
    const left = enrolled - present - known;
    if (Number.isNaN(left)) said.textContent = "";
    else if (!left) said.textContent = `${enrolled} inskrivna = ${present} på plats + ${known} känd frånvaro. Det går ihop.`;
    else if (left > 0) said.textContent = `${left} av ${enrolled} inskrivna är inte ${left === 1 ? "räknad" : "räknade"} ännu.`;
    else said.textContent = `Det är ${-left} fler än de ${enrolled} inskrivna.`;
    said.classList.toggle("head-count__fault", Boolean(left) && !Number.isNaN(left));
  };
  form.addEventListener("input", () => {
    say();
    announce(said.textContent);
  });
  say();
});
