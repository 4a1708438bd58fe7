import { useEffect, useState } from "preact/hooks";

/** What the reader chose; `system` follows the device. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "updraft.theme";
const changed = new EventTarget();
const devicePrefersDark = matchMedia("(prefers-color-scheme: dark)");
devicePrefersDark.addEventListener("change", () => changed.dispatchEvent(new Event("change")));

/** The theme that was chosen on this device. */
export function chosenTheme(): Theme {
  return themes.find((theme) => theme === document.documentElement.dataset.theme) ?? "system";
}

/** Chooses a theme, here and for later visits. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(storageKey);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(storageKey, theme);
  }
  changed.dispatchEvent(new Event("change"));
}

/** Draws a component again when the colours change, and says how often they did. */
export function useThemeChanges(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const onChange = () => setCount((before) => before + 1);
    changed.addEventListener("change", onChange);
    return () => changed.removeEventListener("change", onChange);
  }, []);
  return count;
}

/** The value of one of the style sheet's colours now. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
