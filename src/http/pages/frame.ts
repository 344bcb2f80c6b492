import { randomBytes } from 'node:crypto';
import { html, type Piece, trusted } from './html.ts';
import { BASE_STYLES, colourStyles } from './styles.ts';

interface Frame {
  title: string;
  /** BCP 47 tag of the language the body is written in. */
  lang: string;
  dir?: 'ltr' | 'rtl';
  /** The tenant's colour, `#rrggbb`; anything else counts as the product's own colour. */
  accent: string;
  body: Piece;
  /** The nonce that went into `pageHeaders` of the same response: without it the browser refuses our own styles. */
  nonce: string;
  /** Styles and script of this page alone: our own text, never a person's. */
  styles?: string;
  script?: string;
}

/** A complete page as text. Asks for nothing over the network and needs no JavaScript. */
export function page(frame: Frame): string {
  const styles = `${colourStyles(frame.accent)}${BASE_STYLES}${frame.styles ?? ''}`;
  return html`<!doctype html>
<html lang="${frame.lang}" dir="${frame.dir ?? 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${frame.title}</title>
<link rel="icon" href="data:,">
<style nonce="${frame.nonce}">${trusted(styles)}</style>
</head>
<body>
${frame.body}
${frame.script !== undefined && html`<script nonce="${frame.nonce}">${trusted(frame.script)}</script>`}
</body>
</html>
`.toString();
}

/** A fresh nonce, one per response (CSP level 3 asks for at least 128 bits). */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * Headers of every page here. The address holds a secret token, so it is never sent on as a referrer, cached, indexed
 * or framed, except by `frames`: websites that may show the page. Because of `no-referrer` browsers post our forms with
 * `Origin: null`: do not ask the origin who it is.
 */
export function pageHeaders(nonce: string, frames: readonly string[] = []): Record<string, string> {
  if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(nonce)) throw new TypeError('a nonce is at least 16 base64 characters');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frames.length > 0 ? frames.join(' ') : "'none'"}`,
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    // the older header knows no list; where there is one, the policy above decides
    ...(frames.length === 0 && { 'X-Frame-Options': 'DENY' }),
    'X-Robots-Tag': 'noindex, nofollow',
  };
}
