// Everything works without this. With it: characters are counted, errors get the focus, a second click does nothing.
// The kit's radios are left out: their script gives a radio button an attribute that it may not have (aria-expanded).
// What an option needs to know is shown and hidden by the style sheet.
import {
  Button,
  CharacterCount,
  createAll,
  ErrorSummary,
  PasswordInput,
  SkipLink,
} from "./govuk-frontend.min.js";
import "./drafts.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);
createAll(CharacterCount, {
  i18n: {
    charactersUnderLimit: { one: "%{count} tecken kvar", other: "%{count} tecken kvar" },
    charactersAtLimit: "Inga tecken kvar",
    charactersOverLimit: { one: "%{count} tecken för mycket", other: "%{count} tecken för mycket" },
  },
});
createAll(PasswordInput, {
  i18n: {
    showPassword: "Visa",
    hidePassword: "Dölj",
    showPasswordAriaLabel: "Visa lösenordet",
    hidePasswordAriaLabel: "Dölj lösenordet",
    passwordShownAnnouncement: "Lösenordet visas",
    passwordHiddenAnnouncement: "Lösenordet är dolt",
  },
});

// "Vet inte" and its like stand alone: choosing one clears the others, and the other way round.
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "checkbox" || !target.checked) return;
  const group = target.closest(".govuk-checkboxes");
  group?.querySelectorAll("input[type=checkbox]").forEach((box) => {
    const together = !("exclusive" in target.dataset) && !("exclusive" in box.dataset);
    if (box !== target && box.name === target.name && !together) box.checked = false;
  });
});

// A region that has nothing to scroll is no stop for the keyboard.
const fit = (region) => {
  const scrolls = region.scrollWidth > region.clientWidth;
  scrolls ? region.setAttribute("tabindex", "0") : region.removeAttribute("tabindex");
};
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));
document.querySelectorAll("[data-scroll]").forEach((region) => {
  fit(region); // At once: an observer speaks first when a frame is drawn.
  sizes.observe(region);
});

// How many rows are chosen stands beside what can be done with them.
document.querySelectorAll("[data-chosen-count]").forEach((count) => {
  const form = count.closest("form");
  const say = () => {
    const chosen = form.querySelectorAll("[data-row-check]:checked").length;
    count.textContent = chosen === 1 ? "1 vald" : `${chosen} valda`;
  };
  form?.addEventListener("change", say);
  if (form) say();
});
