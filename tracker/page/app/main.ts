import { render } from "preact";
import { App } from "./app.ts";
import { html } from "./html.ts";
import { followLinks } from "./navigation.ts";

followLinks();
const root = document.getElementById("app");
if (root) render(html`<${App} />`, root);
