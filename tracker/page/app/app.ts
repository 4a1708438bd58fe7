import { html, type Content } from "./html.ts";
import { useLocation } from "./navigation.ts";
import { ComparePage } from "./pages/compare.ts";
import { ExperimentPage } from "./pages/experiment.ts";
import { HomePage } from "./pages/home.ts";
import { ModelPage } from "./pages/model.ts";
import { ModelsPage } from "./pages/models.ts";
import { NowherePage } from "./pages/nowhere.ts";
import { PromotionsPage } from "./pages/promotions.ts";
import { RunPage } from "./pages/run.ts";
import { VersionPage } from "./pages/version.ts";
import { CatchErrors } from "./parts/catch-errors.ts";
import { Shortcuts } from "./parts/shortcuts.ts";
import { ThemeSwitch } from "./parts/theme-switch.ts";
import { routeOf, type Route } from "./route.ts";

const sections = [
  { label: "Experiments", href: "/", pages: ["home", "experiment", "run", "compare"] },
  { label: "Models", href: "/models", pages: ["models", "model", "version"] },
  { label: "Promotions", href: "/promotions", pages: ["promotions"] },
];

/** The page: the bar at the top and what the address shows. */
export function App() {
  const { path } = useLocation();
  const route = routeOf(path);
  return html`<a class="skip" href="#content">Skip to the content</a>
    <header class="bar">
      <a class="home" href="/">Updraft<span>tracker</span></a>
      <nav aria-label="Sections">
        ${sections.map(
          ({ label, href, pages }) =>
            html`<a href=${href} aria-current=${pages.includes(route.page) ? "page" : null}
              >${label}</a
            >`,
        )}
      </nav>
      <${ThemeSwitch} />
    </header>
    <main id="content" class="page-${route.page}" key=${path}>
      <${CatchErrors}>${pageOf(route)}<//>
    </main>
    <${Shortcuts} />`;
}

function pageOf(route: Route): Content {
  switch (route.page) {
    case "home":
      return html`<${HomePage} />`;
    case "experiment":
      return html`<${ExperimentPage} id=${route.id} />`;
    case "run":
      return html`<${RunPage} id=${route.id} />`;
    case "compare":
      return html`<${ComparePage} />`;
    case "models":
      return html`<${ModelsPage} />`;
    case "model":
      return html`<${ModelPage} name=${route.name} />`;
    case "version":
      return html`<${VersionPage} name=${route.name} version=${route.version} />`;
    case "promotions":
      return html`<${PromotionsPage} />`;
    case "nowhere":
      return html`<${NowherePage} />`;
  }
}
