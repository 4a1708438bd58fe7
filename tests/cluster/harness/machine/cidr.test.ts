import { describe, expect, it } from "vitest";
import { formatCidr, overlap, parseCidr, subtract } from "./cidr.ts";

const without = (range: string, ...excepted: string[]) =>
  subtract(parseCidr(range), excepted.map(parseCidr)).map(formatCidr);

describe("cidr", () => {
  it("reads ranges and addresses, and writes their first address", () => {
    expect(formatCidr(parseCidr("10.1.2.3/8"))).toBe("10.0.0.0/8");
    expect(formatCidr(parseCidr("192.168.1.7"))).toBe("192.168.1.7/32");
    expect(formatCidr(parseCidr("255.255.255.255/0"))).toBe("0.0.0.0/0");
  });

  it.each(["10.0.0.0/33", "256.0.0.0/8", "10.0.0", "fd00::/8", ""])("refuses %j", (text) => {
    expect(() => parseCidr(text)).toThrow(`${text} is no range of IPv4 addresses`);
  });

  it("knows what ranges have in common", () => {
    expect(overlap(parseCidr("10.0.0.0/8"), parseCidr("10.244.0.0/16"))).toBe(true);
    expect(overlap(parseCidr("10.244.0.0/16"), parseCidr("10.0.0.0/8"))).toBe(true);
    expect(overlap(parseCidr("10.244.0.0/16"), parseCidr("10.245.0.0/24"))).toBe(false);
  });

  it("takes ranges out of a range", () => {
    expect(without("10.0.0.0/8")).toEqual(["10.0.0.0/8"]);
    expect(without("10.0.0.0/8", "11.0.0.0/8")).toEqual(["10.0.0.0/8"]);
    expect(without("10.0.0.0/8", "10.0.0.0/8")).toEqual([]);
    expect(without("10.0.0.0/8", "0.0.0.0/0")).toEqual([]);
    expect(without("10.0.0.0/30", "10.0.0.1/32")).toEqual(["10.0.0.0/32", "10.0.0.2/31"]);
    expect(without("0.0.0.0/0", "128.0.0.0/2", "0.0.0.0/2")).toEqual(["64.0.0.0/2", "192.0.0.0/2"]);
  });
});
