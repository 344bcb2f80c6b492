import { palette, type Scheme } from './colour.ts';

/** Colours of both schemes as custom properties, from a tenant's accent. Holds nothing but checked `#rrggbb` values. */
export function colourStyles(accent: string): string {
  const { light, dark } = palette(accent);
  return `:root{${properties(light)}}@media (prefers-color-scheme:dark){:root{${properties(dark)}}}`;
}

function properties(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value}`)
    .join(';');
}

/**
 * What all pages share. System fonts only: nothing is fetched, and each script is set in the phone's own face.
 * Sizes are in rem so that a person's larger text setting is followed.
 */
export const BASE_STYLES = `
*,*::before,*::after{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%;background:var(--ground)}
body{margin:0;min-height:100vh;min-height:100svh;display:flex;flex-direction:column;
  padding:1.5rem 1.5rem 2rem;color:var(--ink);
  background:linear-gradient(var(--wash),var(--ground) 26rem) no-repeat var(--ground);
  font:400 1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Devanagari","Helvetica Neue",Arial,sans-serif;
  -webkit-font-smoothing:antialiased;overflow-wrap:break-word}
h1{margin:0;font-size:clamp(1.75rem,1.25rem + 2.4vw,2.25rem);line-height:1.18;font-weight:650;letter-spacing:-.022em;text-wrap:pretty}
h2{margin:0;font-size:1.0625rem;line-height:1.3;font-weight:650;letter-spacing:-.005em}
p{margin:0;text-wrap:pretty}
:lang(hi) h1,:lang(hi) h2{letter-spacing:0;line-height:1.42}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:.08em}
:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
.quiet{color:var(--quiet)}
.sender{display:flex;align-items:center;gap:.75rem;font-weight:600;line-height:1.3;min-width:0}
.sender>span:last-child{min-width:0}
.sign{flex:none;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;
  border:1.5px solid var(--edge);background:var(--solid);color:var(--on-solid);font-size:1.0625rem;font-weight:650;line-height:1}
.logo{width:auto;height:auto;max-width:min(14rem,70vw);max-height:3.5rem}
@media (prefers-color-scheme:dark){.logo{padding:.5rem .75rem;border-radius:.625rem;background:#fff}}
.primary,.link{font:inherit;cursor:pointer;touch-action:manipulation;-webkit-tap-highlight-color:transparent}
.primary{display:block;width:100%;min-height:3.75rem;padding:.875rem 1.5rem;border:2px solid var(--edge);border-radius:1rem;
  background:var(--solid);color:var(--on-solid);font-size:1.1875rem;line-height:1.3;font-weight:600;text-align:center}
.primary:hover{background:var(--solid-hover)}
.primary:active{transform:translateY(1px)}
.primary[aria-busy=true]{opacity:.7;cursor:progress}
.link{min-height:3rem;padding:.5rem 0;border:0;background:none;color:var(--accent);text-align:start;
  text-decoration:underline;text-decoration-thickness:.08em;text-underline-offset:.25em;border-radius:.25rem}
.link:hover{text-decoration-thickness:.14em}
.note{font-size:.9375rem;line-height:1.45}
.sender{width:100%;max-width:36rem;margin-inline:auto}
.one{width:100%;max-width:36rem;margin:auto;padding:2.5rem 0 12vh;display:flex;flex-direction:column;gap:1.75rem}
.tick{width:3.25rem;height:3.25rem;color:var(--accent)}
@media (min-width:40rem){
  body{padding:2.5rem}
  .one>form .primary{width:auto;min-width:20rem}
}
@media (prefers-reduced-motion:no-preference){
  .tick path{stroke-dasharray:1;animation:draw .45s .12s ease-out both}
  @keyframes draw{from{stroke-dashoffset:1}to{stroke-dashoffset:0}}
}
`;
