import { Component, type ComponentChildren } from "preact";
import { html } from "../html.ts";
import { Problem } from "./states.ts";

/** Shows an error of the page itself in the place of what it broke. */
export class CatchErrors extends Component<
  { readonly children?: ComponentChildren },
  { readonly error?: Error }
> {
  static override getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return html`<${Problem} error=${error} retry=${() => this.setState({ error: undefined })} />`;
  }
}
