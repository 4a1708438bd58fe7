/** Whether an address has a part `..` in its path, in any encoding, and so is not what it seems. */
export function leadsAstray(address: string): boolean {
  return fullyDecoded(address).split(/[/\\]/).includes("..");
}

function fullyDecoded(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? text : fullyDecoded(decoded);
  } catch {
    // A percent sign that encodes nothing is part of the name.
    return text;
  }
}
