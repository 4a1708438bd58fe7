/** Attributes of an SVG element; numbers are rounded to a hundredth. */
export type Attributes = Readonly<Record<string, string | number>>;

/** One SVG element with its content, which is SVG already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(format(value))}"`)
    .join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

/** A text, its place given by the attributes. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escape(content));
}

/** A whole picture on white, its size in pixels, with a title that is read aloud. */
export function picture(
  title: string,
  size: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string {
  const { width, height } = size;
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "font-family": "system-ui, sans-serif",
    "font-size": 12,
    fill: "#222",
  };
  const background = element("rect", { width, height, fill: "#fff" });
  const heading = text(title, { x: 16, y: 24, "font-size": 15, "font-weight": 600 });
  const content = [`<title>${escape(title)}</title>`, background, heading, ...parts];
  return `${element("svg", attributes, `\n${content.join("\n")}\n`)}\n`;
}

function format(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

function escape(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
