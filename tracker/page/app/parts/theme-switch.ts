import { html } from "../html.ts";
import { chooseTheme, chosenTheme, themes, useThemeChanges } from "../theme.ts";

const signs = { system: "◐", light: "☀", dark: "☾" };

/** Goes through the themes: the device's, light, dark. */
export function ThemeSwitch() {
  useThemeChanges();
  const current = chosenTheme();
  const next = themes[(themes.indexOf(current) + 1) % themes.length] ?? "system";
  return html`<button
    type="button"
    class="icon"
    title="Theme: ${current}"
    aria-label="Theme: ${current}. Change to ${next}."
    onClick=${() => chooseTheme(next)}
  >
    <span aria-hidden="true">${signs[current]}</span>
  </button>`;
}
