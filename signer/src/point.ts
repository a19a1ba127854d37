/** Points of a binary curve, and what the arithmetic above them has to know of their group. */

import type { Element, Field } from "./gf2m.ts";
import type { Order } from "./scalar.ts";

export interface Point {
  readonly x: Element;
  readonly y: Element;
}

/** The points of y^2 + xy = x^3 + ax^2 + b. */
export interface Group {
  readonly field: Field;
  readonly order: Order;
  readonly parameters: { readonly a: 0 | 1 };
  readonly b: Element;
  /** The sum of two different points, neither the negative of the other. */
  add(p: Point, q: Point): Point;
  negate(point: Point): Point;
}
