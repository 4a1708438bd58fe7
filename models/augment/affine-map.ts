/** How far an affine map may be from leaving everything where it is. */
export interface AffineLimits {
  /** Radians, to either side. */
  readonly rotation: number;
  /** Share of the size. */
  readonly scale: number;
  /** Share by which height and width differ. */
  readonly stretch: number;
  /** Pixels to the side for each pixel of height. */
  readonly shear: number;
  /** Pixels, along each side. */
  readonly shift: number;
}

/** From a place as it is seen from the centre of the target to a place in the source. */
export interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly x: number;
  readonly y: number;
}

/**
 * An affine map by chance. Six numbers are drawn, whatever the limits are.
 * @param within draws a number from `-limit` to `limit`
 * @param centre of the image, in pixels
 */
export function affineMap(
  within: (limit: number) => number,
  most: AffineLimits,
  centre: { readonly x: number; readonly y: number },
): AffineMap {
  const angle = within(most.rotation);
  const scale = 1 + within(most.scale);
  const stretch = 1 + within(most.stretch);
  const shear = within(most.shear);
  return {
    xx: Math.cos(angle) * scale,
    xy: (shear - Math.sin(angle)) * scale,
    yx: Math.sin(angle) * scale * stretch,
    yy: Math.cos(angle) * scale * stretch,
    x: centre.x + within(most.shift),
    y: centre.y + within(most.shift),
  };
}
