import { Component, h, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its properties is another one. */
export function memo<Props extends object>(
  component: FunctionComponent<Props>,
): typeof Component<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return differ(this.props, next);
    }

    override render() {
      return h(component, this.props);
    }
  };
}

function differ(before: object, after: object): boolean {
  const keys = Object.keys(after);
  if (Object.keys(before).length !== keys.length) return true;
  const values = before as Record<string, unknown>;
  return keys.some((key) => !Object.is(values[key], (after as Record<string, unknown>)[key]));
}
