/** One of the two looks of a page; every value is `#rrggbb`, checked, and safe inside a stylesheet. */
export interface Scheme {
  /** Page background, and the tinted band it starts with at the top. */
  ground: string;
  wash: string;
  /** Cards and fields that lie on the ground. */
  surface: string;
  line: string;
  ink: string;
  quiet: string;
  /** The tenant's colour as text and outlines, and as the face and edge of the main button. */
  accent: string;
  solid: string;
  solidHover: string;
  edge: string;
  onSolid: string;
  alarm: string;
}

/** The colour of pages that belong to no tenant. */
export const PRODUCT_ACCENT = '#0f6b5c';

const TEXT_CONTRAST = 4.5; // WCAG 2.2, 1.4.3 (AA)
const SHAPE_CONTRAST = 3; // WCAG 2.2, 1.4.11
const WHITE = '#ffffff';
const BLACK = '#000000';

/**
 * Both schemes of a page from a tenant's colour. Every pair that carries text meets AA, whatever the colour: it is
 * made lighter or darker just as far as it must. Something that is no colour counts as the product's own.
 */
export function palette(accent: string): { light: Scheme; dark: Scheme } {
  const brand = parseHex(accent) ?? PRODUCT_ACCENT;
  return {
    light: scheme(brand, { ground: '#fbfbfa', surface: WHITE, ink: '#15181b', tint: 0.03, alarm: '#b3261e' }),
    dark: scheme(brand, { ground: '#101214', surface: '#181b1e', ink: '#f1f3f4', tint: 0.05, alarm: '#ff9d92' }),
  };
}

interface Base {
  ground: string;
  surface: string;
  ink: string;
  tint: number;
  alarm: string;
}

function scheme(brand: string, base: Base): Scheme {
  const ground = mix(base.ground, brand, base.tint);
  const wash = mix(base.ground, brand, base.tint * 4);
  const surface = mix(base.surface, brand, base.tint / 2);
  const papers = [ground, wash, surface];
  const edge = readable(brand, papers, SHAPE_CONTRAST);
  const solid = isDark(ground) ? edge : brand; // a pale brand keeps its colour by day: the edge gives it its shape
  const onSolid = contrast(WHITE, solid) >= TEXT_CONTRAST ? WHITE : BLACK;
  return {
    ground,
    wash,
    surface,
    line: mix(ground, base.ink, 0.14),
    ink: base.ink,
    quiet: readable(mix(ground, base.ink, 0.64), papers, TEXT_CONTRAST),
    accent: readable(brand, papers, TEXT_CONTRAST),
    solid,
    solidHover: mix(solid, onSolid === WHITE ? BLACK : WHITE, 0.14),
    edge,
    onSolid,
    alarm: readable(base.alarm, papers, TEXT_CONTRAST),
  };
}

/** Makes a colour lighter or darker, its hue kept, until it stands out from all the papers it may lie on. */
function readable(colour: string, papers: readonly string[], ratio: number): string {
  const step = papers.every(isDark) ? 0.02 : -0.02;
  const { hue, saturation, lightness } = toHsl(colour);
  for (let level = lightness; level > 0 && level < 1; level += step) {
    const candidate = level === lightness ? colour : fromHsl(hue, saturation, level);
    if (papers.every((paper) => contrast(candidate, paper) >= ratio)) return candidate;
  }
  return step > 0 ? WHITE : BLACK;
}

function isDark(colour: string): boolean {
  return luminance(colour) < 0.18; // where black and white text read equally well
}

/** Contrast of two colours, 1 to 21, as WCAG 2.2 defines it. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `share` of the second colour in the first, 0 to 1. */
function mix(one: string, other: string, share: number): string {
  const second = channels(other);
  const mixed = channels(one).map((value, i) => Math.round(value + ((second[i] ?? value) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** Hue in sextants (0 to 6), saturation and lightness 0 to 1. */
function toHsl(colour: string): { hue: number; saturation: number; lightness: number } {
  const [r = 0, g = 0, b = 0] = channels(colour).map((value) => value / 255);
  const high = Math.max(r, g, b);
  const spread = high - Math.min(r, g, b);
  const lightness = high - spread / 2;
  if (spread === 0) return { hue: 0, saturation: 0, lightness };
  const hue = high === r ? (g - b) / spread : high === g ? 2 + (b - r) / spread : 4 + (r - g) / spread;
  return { hue: (hue + 6) % 6, saturation: spread / (1 - Math.abs(2 * lightness - 1)), lightness };
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const at = (offset + hue * 2) % 12;
    const share = lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(share * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

function parseHex(text: string): string | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim());
  if (short)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`.toLowerCase();
  return /^#[0-9a-f]{6}$/i.test(text.trim()) ? text.trim().toLowerCase() : undefined;
}
